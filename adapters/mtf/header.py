"""What a message says of itself: MSGID in two layouts, exercise, references, marking, the lines of its bearer.

The id is type, originator, serial and month (formats.md §2.7); a change counts from the first issue, so CHG/02 is
revision 3. ``BUSID`` is ours: it carries an id that another format gave.
Source: reference formats.md §5.1 (transport), §5.2.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import msgspec

from adapters import words
from adapters.base import Loss, Rejected
from adapters.mail import Line
from adapters.mtf.bulletin import Bulletin
from adapters.mtf.catalogue import Catalogue, Profile
from adapters.mtf.grammar import Field, Set
from schemas.envelope import Addressee, Contact, Envelope, LangText, Reality, Reference, Status, UnitRef
from schemas.label import Label
from schemas.subjects import PRECEDENCES, Precedence
from schemas.time import TimeValue

_LAYOUT_B: Final = (
    "type", "standard", "version", "originator", "serial", "time", "qualifier", "qualifier_serial", "nation",
    "classification", "categories",
)  # fmt: skip
_LAYOUT_A: Final = ("type", "originator", "serial", "month", "qualifier", "qualifier_serial")
_STANDARD: Final = re.compile(r"\(SERIES\)|APP-11|USMTF|MIL-STD|ADATP", re.IGNORECASE)
_VERSION: Final = re.compile(r"[A-Z]\.\d{1,2}\.\d{1,2}\.\d{1,2}")
_CANCEL: Final = frozenset({"cnl", "can", "del", "cancel"})
_CHANGE: Final = frozenset({"chg", "amd", "upd", "change"})
MONTHS: Final = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]

_PRECEDENCES: Final[dict[str, Precedence]] = {
    "Z": "flash", "Y": "flash", "O": "immediate", "P": "priority", "R": "routine",
}  # fmt: skip
_SENT: Final = re.compile(r"\s*([ZYOPR])\s+(\d{6}Z\s?[A-Z]{3}\s?\d{2,4})\s*\Z")
_ADDRESS: Final = re.compile(r"\s*(FM|TO|INFO)\s+(\S.*?)\s*\Z")
_BEARER: Final = re.compile(
    r"\s*(?:BT|NNNN|ZZZZ|#\d{4}|VZCZC.*|ZN[RY].*|[ZYOPR]{2} R[A-Z]{5,6}.*|DE R[A-Z]{5,6}.*)\s*\Z"
)
_MARKED: Final = re.compile(
    r"\s*((?:NATO|UN|MISSION)?\s?(?:UNCLAS(?:SIFIED)?|RESTRICTED|(?:STRICTLY )?CONFIDENTIAL|(?:TOP )?SECRET)\b"
    r"[^/]{0,60}?)"
    r"(?:\s+REL(?:EASABLE)?\s+TO\s+([A-Z ,]{2,200}))?(?:\s*//.*)?\s*\Z"
)
_NO_LABEL: Final[Label] = next(f.default for f in msgspec.structs.fields(Envelope) if f.name == "label")  # left out


class Header(NamedTuple):
    """What stands above the matter of a message."""

    profile: Profile
    variant: str
    name: str  # the type as it was written
    id: str  # "" if the originator gave none
    revision: int
    status: Status
    reality: Reality
    unit: UnitRef | None
    created: TimeValue | None
    precedence: Precedence | None
    label: Label
    summary: str
    addressees: tuple[Addressee, ...]
    references: tuple[Reference, ...]
    ack_required: bool
    plan: str


class Sent(NamedTuple):
    """What the lines outside of sets say."""

    precedence: Precedence | None = None
    created: TimeValue | None = None
    originator: str = ""
    addressees: tuple[Addressee, ...] = ()
    marking: str = ""
    releasable_to: tuple[str, ...] | None = None


def header(bulletin: Bulletin, stray: Iterable[Line]) -> Header:
    """Take what a message says of itself.

    Raises:
        Rejected: it names no type that the catalogue knows.
    """
    name, profile, variant = type_of(bulletin.sets, bulletin.catalogue)
    given = _layout(next(bulletin.all("MSGID")))
    sent = _sent(bulletin, stray)
    bulletin.set_datum()
    own_time = bulletin.peek(bulletin.first("SENT"), "time")
    created = bulletin.instant(given.get("time")) or bulletin.instant(own_time) or sent.created
    originator = bulletin.taken(given.get("originator")) or sent.originator
    identity, revision, status = _identity(bulletin, name, given, originator, created)
    nation = _value(given.get("nation"))
    if re.fullmatch("[A-Z]{3}", nation):
        bulletin.drop(given["nation"])
    else:
        nation = ""
    unit = UnitRef(name=originator, nation=nation, scheme="mtf_unit", raw=sent.originator) if originator else None
    if "," not in _value(given.get("type")):
        bulletin.drop(given.get("type"))
    exercise = bulletin.first("EXER") is not None and bulletin.context.reality == "real"
    return Header(
        profile=profile,
        variant=variant,
        name=name,
        id=identity,
        revision=revision,
        status=status,
        reality="exercise" if exercise else bulletin.context.reality,
        unit=unit,
        created=created,
        precedence=_precedence(bulletin) or sent.precedence,
        label=_label(bulletin, given, sent),
        summary=bulletin.take(bulletin.first("SUBJ"), "subject")[:500],
        addressees=sent.addressees,
        references=(*_references(bulletin), *links(bulletin, "ref")),
        ack_required=profile != "acknowledgement" and _asks(bulletin),
        plan=bulletin.take(bulletin.first("EXER"), "nickname") or bulletin.take(bulletin.first("OPER"), "codeword")
        if profile in ("order", "aco", "ato")
        else "",
    )


def type_of(sets: Sequence[Set], catalogue: Catalogue) -> tuple[str, Profile, str]:
    """Return the type of a message by its MSGID, with its profile and variant.

    Raises:
        Rejected: the catalogue does not know it.
    """
    msgid = next(each for each in sets if each.name == "MSGID")
    name = words.fold(_value(_layout(msgid).get("type")).partition(",")[0]).upper()
    if name not in catalogue.kinds:
        known = ", ".join(sorted(catalogue.kinds))
        raise Rejected(f"{msgid.path}/1", f'"{name[:40]}" is no message type that is known', f"known are: {known}")
    return name, *catalogue.kinds[name]


def _precedence(bulletin: Bulletin) -> Precedence | None:
    field = bulletin.peek(bulletin.first("PREC"), "precedence")
    found = next((p for p in PRECEDENCES if field and p == words.fold(field.value)), None)
    if found:
        bulletin.drop(field)
    return found


def _value(field: Field | None) -> str:
    return field.value.strip() if field else ""


def _layout(msgid: Set) -> dict[str, Field]:
    """Return the fields of MSGID by name, in whichever of the layouts they stand."""
    second, third = ([_value(f) for f in msgid.fields[1:3]] + ["", ""])[:2]
    newer = _STANDARD.search(second) or _VERSION.fullmatch(third)
    return {n: f for n, f in zip(_LAYOUT_B if newer else _LAYOUT_A, msgid.fields, strict=False) if f is not None}


def _identity(
    bulletin: Bulletin, name: str, given: dict[str, Field], originator: str, created: TimeValue | None
) -> tuple[str, int, Status]:
    """Return id, revision and status; the bus's own set wins."""
    serial = bulletin.taken(given.get("serial"))
    month = (bulletin.taken(given.get("month")) or month_of(created)) if serial else ""
    word = words.fold(_value(given.get("qualifier")))
    change = words.count(_value(given.get("qualifier_serial")))
    status: Status = "cancel" if word in _CANCEL else "update" if word in _CHANGE else "new"
    if status != "new":
        bulletin.drop(given["qualifier"])
    revision = 1
    if status != "new" and change is not None and change < 1_000_000:
        bulletin.drop(given.get("qualifier_serial"))
        revision = change + 1
    own, number = bus_id(bulletin, bulletin.first("BUSID"))
    identity = "/".join(filter(None, (name, originator, serial, month))) if serial else ""
    if own:
        return own, number, status
    return identity if len(identity) <= 150 else "", revision, status


def bus_id(bulletin: Bulletin, each: Set | None) -> tuple[str, int]:
    """Take an id that another format gave, and its revision; "" if there is none."""
    if each is None:
        return "", 1
    fields = bulletin.rest(each, "id")
    identity = "/".join(f.text for f in fields).strip()
    number = words.count(_value(bulletin.peek(each, "revision")))
    if not identity or len(identity) > 200 or number is None or not 0 <= number <= 1_000_000:
        return "", 1
    bulletin.drop(bulletin.peek(each, "revision"), *fields)
    return identity, max(1, number)


def month_of(value: TimeValue | None) -> str:
    """Return the month of a time as MSGID writes it, "" if it names no instant."""
    if value is None or value.utc is None:
        return ""
    return MONTHS[(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value.utc)).month - 1]


def _sent(bulletin: Bulletin, stray: Iterable[Line]) -> Sent:
    """Read the lines outside of sets: how it was sent, the marking, and what is left as a loss."""
    sent = Sent()
    warned = open_list = False
    for line in stray:
        text = words.printable(line.text).strip()
        head = text[:300]  # what is matched; no heading is longer
        if match := _SENT.match(head):
            sent = sent._replace(precedence=_PRECEDENCES[match[1]], created=bulletin.time(match[2], line.path))
        elif match := _ADDRESS.match(head):
            open_list = match[1] != "FM"
            sent = _addressed(bulletin, sent, match[1], match[2], line)
            continue
        elif match := _MARKED.match(head):
            nations = tuple(match[2].replace(",", " ").split()) if match[2] else None
            sent = sent._replace(marking=match[1].strip(), releasable_to=nations)
        elif _BEARER.match(head):
            bulletin.losses.append(Loss(path=line.path, value=text, why="of the bearer"))
        elif open_list and slug(head):
            sent = _addressed(bulletin, sent, "TO", head, line)
            continue
        else:
            bulletin.losses.append(Loss(path=line.path, value=text, why="it stands outside of any set"))
            if not warned:
                bulletin.warn("stray-text", line.path, "text outside of any set was not read")
            warned = True
        open_list = False
    return sent


def _addressed(bulletin: Bulletin, sent: Sent, role: str, name: str, line: Line) -> Sent:
    if role == "FM":
        return sent._replace(originator=name[:200])
    participant = slug(name)
    if not participant:
        bulletin.losses.append(Loss(path=line.path, value=name, why="it is no name of a participant"))
        return sent
    bulletin.warn("addressee", line.path, f'"{name[:80]}" was read as participant {participant}')
    one = Addressee(to=participant, role="info" if role == "INFO" else "action")
    return sent._replace(addressees=(*sent.addressees, one))


def slug(name: str) -> str:
    """Return the name of an addressee as a participant's, "" if it cannot be one."""
    flat = re.sub(r"[^a-z0-9]{1,100}", "-", words.bare(name)).strip("-")
    return flat if len(flat) <= 64 and any(c.isalpha() for c in flat) else ""


def _label(bulletin: Bulletin, given: dict[str, Field], sent: Sent) -> Label:
    """Take the marking: the last fields of the newer MSGID, or the line above the first set."""
    classification = bulletin.taken(given.get("classification")) or sent.marking
    nations = sent.releasable_to
    listed = _value(given.get("categories"))
    if re.fullmatch(r"[A-Z]{3}(?:[ ,]{1,3}[A-Z]{3}){0,60}", listed):
        bulletin.drop(given["categories"])
        nations = tuple(listed.replace(",", " ").split())
    if not classification and nations is None:
        return _NO_LABEL
    return Label(releasable_to=nations, classification=classification, raw=sent.marking)


def _references(bulletin: Bulletin) -> Iterator[Reference]:
    """Take what the message refers to; an AMPN behind a REF belongs to it."""
    for n, each in enumerate(bulletin.sets):
        if each.name != "REF":
            continue
        letter = bulletin.take(each, "letter")
        kind = bulletin.take(each, "type").removeprefix("TYPE:")
        originator = bulletin.take(each, "originator")
        serial = bulletin.take(each, "serial")
        stated = bulletin.peek(each, "time")
        at = bulletin.instant(stated)
        month = month_of(at)
        note = " ".join(filter(None, (letter, stated.text if stated else "", bulletin.take(each, "note"))))
        after = bulletin.sets[n + 1] if n + 1 < len(bulletin.sets) else None
        if after is not None and after.name == "AMPN":
            note = f"{note}: {bulletin.take(after, 'text')}"
        if identity := "/".join(filter(None, (kind, originator, serial, month)))[:200]:
            yield Reference(id=identity, originator=originator, note=note)


def _asks(bulletin: Bulletin) -> bool:
    """Say whether the message asks for an acknowledgement."""
    field = bulletin.peek(bulletin.first("AKNLDG"), "answer")
    answer = words.fold(field.value) if field else ""
    if answer in ("yes", "y", "no", "n"):
        bulletin.drop(field)
    return answer in ("yes", "y")


def contact(bulletin: Bulletin) -> Contact | None:
    """Take the point of contact: name, rank as its role, phone, e-mail."""
    each = bulletin.first("POC")
    name, rank = bulletin.take(each, "name"), bulletin.take(each, "rank")
    phone, email = bulletin.take(each, "phone"), bulletin.take(each, "email")
    return Contact(name=name, role=rank, phone=phone, email=email) if name or rank or phone or email else None


def remarks(bulletin: Bulletin) -> tuple[LangText, ...]:
    """Take every free text that nobody took: what amplifies a set, says so; a heading stands before its text."""
    found: list[LangText] = []
    for n, each in enumerate(bulletin.sets):
        if not each.free or not bulletin.open_fields(each):
            continue
        text = bulletin.take(each, "text")
        heading = bulletin.take(each, "heading")
        above = bulletin.sets[n - 1].name if n else ""
        if each.name == "GENTEXT":
            found.append(LangText(text=": ".join(filter(None, (heading, text)))))
        else:
            found.append(LangText(text=f"{above}: {text}" if each.name == "AMPN" and above else text, role="remarks"))
    return tuple(found)


def links(bulletin: Bulletin, relation: str) -> Iterator[Reference]:
    """Take the orders that stand in a relation to this one, by the bus's own set; revision 0 is the current one."""
    for each in bulletin.all("BUSREF"):
        field, revision = bulletin.peek(each, "relation"), bulletin.peek(each, "revision")
        if field is None or words.fold(field.value) != words.fold(relation):
            continue
        number = words.count(revision.value) if revision else None
        identity, _ = bus_id(bulletin, each)
        if identity:
            bulletin.drop(field)
            yield Reference(id=identity, revision=number or 0)
