"""What the templates of labelled text become: acknowledgements, observations, MEDEVAC requests, plain messages.

Movements stand in `adapters.plans`, because sheets bring them as well.
Source: reference formats.md §10.3 and §13; STANAG 2087 for the nine lines as described there.
"""

import re
from typing import Final, cast

from adapters import places, vocabulary, words
from adapters.base import Rejected
from adapters.fields import Cell, Fields
from schemas.acknowledgements import Acknowledgement, ReadBack
from schemas.envelope import Reference
from schemas.geo import Position
from schemas.reports import MedevacRequest, Observation, Patients, Precedences, TextMessage

_PRECEDENCE: Final = dict(
    zip("abcde", ("urgent", "urgent_surgical", "priority", "routine", "convenience"), strict=True)
)
_EQUIPMENT: Final = {"a": "", "b": "hoist", "c": "extraction", "d": "ventilator"}
_CARRIED: Final = {"l": "litter", "a": "ambulatory", "e": "escort"}
_SECURITY: Final = {"n": "none", "p": "possible", "e": "enemy", "x": "armed escort"}
_MARKING: Final = {"a": "panels", "b": "pyrotechnic", "c": "smoke", "d": "none", "e": "other"}
_CBRN: Final = frozenset({"nuclear", "biological", "chemical", "radiological", "nbc", "cbrn", "nrbc", "nrbq"})
_FREQUENCY: Final = re.compile(r"\d{1,4}[.,]\d{1,4}(?:\s*[mk]hz)?", re.IGNORECASE)
_BLANKS: Final = r"[\s,;/+&.-]*"


def acknowledgement(fields: Fields) -> Acknowledgement:
    """Take which order is meant and which of the four steps is said.

    Raises:
        Rejected: one of them is missing or unknown.
    """
    of = fields.required("of", 'name the order: "Of: SN-FRAGO-03-017"')
    said = fields.required("step", 'say which: "Answer: WILCO", received, understood or cannot comply')
    head, _, rest = said.text.partition(",")
    step = vocabulary.meaning("step", said.text, fields.language) or vocabulary.meaning("step", head, fields.language)
    if not step:
        raise Rejected(
            said.path, f'"{said.text[:40]}" is no answer', "write WILCO, received, understood, cannot comply"
        )
    order, revision = words.revision_of(of.text)
    if not order or len(order) > 200:
        raise Rejected(of.path, "it names no order", "write the order's own id")
    text = fields.text("read_back")
    when = fields.window()
    place = fields.text("place")
    read_back = ReadBack(text=text, window=when, place=place) if text or when or place else None
    return Acknowledgement(
        of=Reference(id=order, revision=0 if order == of.text.strip() else revision),
        step=step,  # type: ignore[arg-type]  # a meaning of the table
        read_back=read_back,
        code=fields.text("code"),
        note=" ".join(
            filter(None, (rest.strip() if not vocabulary.meaning("step", said.text) else "", fields.text("remarks")))
        ),
        at=fields.instant("time"),
    )


def salute(fields: Fields) -> Observation:
    """Take what somebody saw: size, activity, location, unit, time, equipment.

    Raises:
        Rejected: it says neither what nor where, or something that cannot be read.
    """
    if not {"activity", "size", "equipment"} & {k for k in ("activity", "size", "equipment") if k in fields}:
        raise Rejected("line 1", "it does not say what was seen", 'write "Size:", "Activity:", "Location:", "Time:"')
    at, name = site(fields, "place")
    return Observation(
        observed=fields.instant("time"),
        size=fields.text("size"),
        activity=fields.text("activity"),
        position=fields.position() or at,
        place_name=name,
        unit=fields.text("unit"),
        equipment=fields.text("equipment"),
        assessment=fields.text("assessment"),
        about=fields.text("of"),
    )


def nine_line(fields: Fields) -> MedevacRequest:
    """Take the nine lines. Lines 3 and 5 are counts; what cannot be counted refuses the request.

    Raises:
        Rejected: the pickup site or the number of patients is missing or cannot be read.
    """
    if "line 1" not in fields and "place" not in fields and "position" not in fields:
        raise Rejected("line 1", "it names no pickup site", "write line 1: a grid, a position or a known place")
    at, name = site(fields, "line 1" if "line 1" in fields else "place")
    third = fields.required("line 3", "write how many patients of each precedence, e.g. 3: 2A 1C")
    frequency, callsign = _radio(fields.text("line 2"))
    condition = fields.text("line 9")
    hostile = bool(_CBRN & set(re.split(r"\W+", words.fold(condition))))
    return MedevacRequest(
        pickup=at or fields.position(),
        pickup_name=name,
        callsign=callsign or fields.text("callsign"),
        frequency=frequency,
        precedences=Precedences(**_counts(third, _PRECEDENCE, "precedence", fields)),
        equipment=equipment(fields),
        patients=Patients(**_counts(fifth, _CARRIED, "patients", fields))
        if (fifth := _taken(fields, "line 5"))
        else Patients(),
        security=_lettered(fields.text("line 6"), _SECURITY),
        marking=_lettered(fields.text("line 7"), _MARKING),
        nationality=fields.text("line 8"),
        cbrn=condition if hostile else "",
        terrain="" if hostile else condition,
        injured_at=fields.instant("injured"),
        requested_at=fields.instant("time"),
    )


def plain(fields: Fields) -> TextMessage:
    """Take words between people.

    Raises:
        Rejected: there are none.
    """
    return TextMessage(text=fields.required("text", "write the message below its title").text)


def spot(fields: Fields) -> Observation:
    """Take a SPOTREP: as a SALUTE, by numbers or labels. The authentication is a secret and is dropped.

    Raises:
        Rejected: it says neither what nor where, or something that cannot be read.
    """
    fields.withhold("authentication", "a code that proves who sends is never carried")
    seen_at, sent_at = fields.peek("observed"), fields.peek("time")
    if seen_at is not None and sent_at is not None:
        fields.drop(sent_at)
        fields.put(Cell("reported", sent_at.path, sent_at.text))
    if seen_at is not None:
        fields.drop(seen_at)
        fields.put(Cell("time", seen_at.path, seen_at.text))
    reporting = fields.peek("unit") if "seen_unit" in fields else None
    if reporting is not None:
        fields.drop(reporting)
        fields.put(Cell("sender", reporting.path, reporting.text))
    if (seen := fields.peek("seen_unit")) is not None:
        fields.drop(seen)
        fields.put(Cell("unit", seen.path, seen.text))
    return salute(fields)


def _taken(fields: Fields, key: str) -> Cell | None:
    cell = fields.peek(key)
    if cell is not None:
        fields.drop(cell)
    return cell


def site(fields: Fields, key: str) -> tuple[Position | None, str]:
    """Take a position, a name, or a name with its position in brackets.

    Raises:
        Rejected: it is meant to be a position, and is none.
    """
    cell = _taken(fields, key)
    if cell is None:
        return None, ""
    name, bracket, inner = cell.text.strip().partition("(")
    if bracket and name.strip():
        return places.place(inner.rstrip(" )"), cell.path, fields.context), name.strip()
    found = places.named(cell.text, cell.path, fields.context)
    if isinstance(found, str):
        return None, found
    fields.warnings += places.warnings(found, cell.path)
    return found, ""


def equipment(fields: Fields) -> tuple[str, ...]:
    """Take line 4; "A" and "none" say that nothing is needed."""
    parts = (p.strip() for p in re.split(r"[,;/\u060c\u3001]", fields.text("line 4")))
    needed = (p for p in parts if vocabulary.meaning("yes_no", p, fields.language) != "no")
    return tuple(filter(None, (_lettered(p, _EQUIPMENT) for p in needed)))


def _radio(text: str) -> tuple[str, str]:
    """Split line 2 into frequency and call sign."""
    match = _FREQUENCY.search(words.plain(text))
    if match is None:
        return "", text
    rest = (words.plain(text)[: match.start()] + words.plain(text)[match.end() :]).strip(" ,;/-")
    return match[0], rest


def _counts(cell: Cell, letters: dict[str, str], table: str, fields: Fields) -> dict[str, int]:
    """Read "2A 1C", "A2 C1" or "two urgent"; words are read with a warning.

    Raises:
        Rejected: the line is none of these.
    """
    flat = words.bare(words.plain(cell.text)).strip()
    known = "".join(letters)
    for pattern, swap in (
        # Each text can be read in one way only: blanks that could be on either side of a sign are tried in all ways.
        (rf"(\d+)\s*(?:x\s*)?([{known}])(?![a-z])", False),
        (rf"(?<![a-z])([{known}])\s*(?:[-:=]\s*)?(\d+)", True),
    ):
        if re.fullmatch(rf"(?:{pattern}{_BLANKS})+".replace("(\\d+)", "\\d+"), flat):
            return _summed(((b, a) if swap else (a, b) for a, b in re.findall(pattern, flat)), letters)
    found = [_in_words(part, table, fields) for part in re.split(r"[,;/+]| and | et | y ", flat) if part.strip()]
    if not found or None in found:
        example = "2A 1C" if table == "precedence" else "2L 1A"
        raise Rejected(cell.path, f'"{cell.text[:60]}" cannot be counted', f"write numbers and letters: {example}")
    fields.warn("words-for-letters", cell.path, f'"{cell.text[:60]}" was read as numbers and words')
    return _summed(cast(list[tuple[str, str]], found), {name: name for name in letters.values()})


def _in_words(part: str, table: str, fields: Fields) -> tuple[str, str] | None:
    head, _, rest = part.strip().partition(" ")
    number = head if head.isascii() and head.isdigit() else vocabulary.meaning("numbers", head, fields.language)
    what = vocabulary.meaning(table, rest.removeprefix("x "), fields.language)
    return (number, what) if number and what else None


def _summed(pairs: object, names: dict[str, str]) -> dict[str, int]:
    total: dict[str, int] = {}
    for number, letter in cast("list[tuple[str, str]]", pairs):
        name = names[letter]
        total[name] = min(total.get(name, 0) + int(number[:6]), 1_000_000)
    return total


def _lettered(text: str, letters: dict[str, str]) -> str:
    """Return what a line says, by its letter where it is only that; letter and text stay together otherwise."""
    flat = words.fold(text)
    return letters.get(flat, text.strip()) if len(flat) <= 1 else text.strip()
