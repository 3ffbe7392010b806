"""What is known to mend a refused input: one row a cause, from what the refusal says to other bytes. Pure.

A mend changes as little as it can and says what. Whatever only the sender can know (which zone, which day, which word)
is a choice among several and never made silently. Nothing here makes hostile input harmless: a DOCTYPE stays refused.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from typing import Final, NamedTuple

import adapters
from adapters import words
from adapters.base import Rejected
from coordinator.core.mission import Mission
from coordinator.services import mended_places, mended_times, pointing
from coordinator.services.judge import Input
from schemas.acknowledgements import Refusal


class Case(NamedTuple):
    """A refused input: as it stands in RAW, what was said of it, and what its sender may have meant."""

    item: Input
    refusal: Refusal
    mission: Mission
    format: str
    received_at: int  # when it was refused, microseconds UTC
    text: pointing.Text
    place: pointing.Place | None

    @property
    def said(self) -> str:
        """What the refusal quotes, or the line that it points at."""
        return pointing.quoted(self.refusal.why) or self.there.strip()[:200]

    @property
    def there(self) -> str:
        """What stands at the place that the refusal points at."""
        return self.text.text[self.place.start : self.place.end] if self.place else ""

    @property
    def exact(self) -> bool:
        """Whether just what is quoted stands there: only then can it be replaced."""
        return bool(self.said) and self.there.strip() == self.said.strip()


class Mend(NamedTuple):
    """Other bytes for a refused input, or another format or author; the same step elsewhere has the same ``name``."""

    name: str
    what: str
    data: bytes
    format: str = ""
    author: str = ""
    choice: bool = False  # only the sender knows whether it is meant


def case(item: Input, refusal: Refusal, mission: Mission, received_at: int) -> Case:
    """Return a refused input with the place that its refusal points at."""
    text = pointing.read(item.data)
    place = None if pointing.is_binary(item.data) else pointing.find(text.text, refusal.path, refusal.why)
    return Case(item, refusal, mission, refusal.format, received_at, text, place)


def of(given: Case) -> Iterator[Mend]:
    """Yield every mend that is known for a refusal, each once, the likeliest first."""
    seen: set[tuple[bytes, str, str]] = {(given.item.data, "", "")}
    for pattern, mend in MENDS:
        if pattern.search(given.refusal.why):
            for found in mend(given):
                if (key := (found.data, found.format, found.author)) not in seen:
                    seen.add(key)
                    yield found


def remark(refusal: Refusal) -> str:
    """Return what is to be done where nothing can be proposed, or ""."""
    said = f"{refusal.why}; {refusal.hint}"
    return next((text for pattern, text in REMARKS if pattern.search(said)), "")


def _changed(given: Case, name: str, new: str, place: pointing.Place | None = None, *, choice: bool = True) -> Mend:
    """Return the mend that puts a text in the place of what is quoted."""
    at = place or given.place
    if at is None:
        raise ValueError("a mend needs a place")
    text = given.text.text
    old = text[at.start : at.end]
    data = _encoded(text[: at.start] + new + text[at.end :], given.text.encoding)
    return Mend(name, f'line {at.line}: "{old[:80]}" becomes "{new[:80]}"', data, choice=choice)


def _encoded(text: str, encoding: str) -> bytes:
    return text.encode(encoding) if encoding else text.encode("utf-8", "surrogateescape")


def _instead(given: Case, options: Iterable[tuple[str, str]]) -> Iterator[Mend]:
    """Yield a mend for each reading of what is quoted, if it is found."""
    if not given.exact:
        return
    for name, new in options:
        yield _changed(given, name, new)


def _times(given: Case) -> Iterator[Mend]:
    letters = mended_times.letters(given.text.text, given.mission.zone)
    options = mended_times.options(given.said, given.refusal.why, given.format, given.received_at, letters)
    yield from _instead(given, options)
    if "does not say its zone" in given.refusal.why and (header := _header(given)):
        for name, new in mended_times.heading(given.text.text[header.start : header.end], letters):
            yield _changed(given, name, new, header)


def _header(given: Case) -> pointing.Place | None:
    """Return the header of the column that a refusal names."""
    name = re.escape(given.refusal.path.rpartition(": ")[2])
    match = re.search(rf"(?im)(?:^|[;,\t|])\s*(\"?)({name})\1\s*(?:$|[;,\t|\r])", given.text.text[:20_000])
    return pointing.span(given.text.text, *match.span(2)) if match else None


def _numbers(given: Case) -> Iterator[Mend]:
    if given.exact and (new := mended_places.with_points(given.said)):
        yield _changed(given, "decimal points", new, choice=False)


def _swapped(given: Case) -> Iterator[Mend]:
    new = mended_places.swapped(given.text.text, given.format, given.said, given.mission)
    if new is not None:
        data = _encoded(new, given.text.encoding)
        yield Mend("swapped", "latitude and longitude change places: they then lie in the mission", data, choice=True)


def _utf8(given: Case) -> Iterator[Mend]:
    """Write it in UTF-8: by its mark, by its zeros, or as the letters that its bytes most likely mean."""
    data = given.item.data
    if data[1:2] == b"\0" or data[:1] == b"\0":
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        text, guessed = data.decode(encoding, "replace"), False
    else:
        try:
            text, encoding, warnings = words.decoded(data)
        except Rejected:
            return
        guessed = bool(warnings)
    new = _DECLARED.sub(r"\g<1>UTF-8", text.lstrip("\ufeff"), count=1).encode()
    yield Mend("utf-8", f"written in UTF-8; it was read as {encoding}", new, choice=guessed)


_DECLARED: Final = re.compile(r"\A(\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"'])[^\"'>]{0,40}")


def _author(given: Case) -> Iterator[Mend]:
    names = {n.casefold(): p.id for p in given.mission.participants for n in (p.id, p.name, *p.aliases, *p.units) if n}
    for near in _near(given.said, names):
        if given.said == given.item.on_behalf_of:
            yield Mend(f"author {near}", f'on behalf of "{near}"', given.item.data, author=near, choice=True)
        elif given.exact:
            yield _changed(given, f"author {near}", near)


def _words(given: Case) -> Iterator[Mend]:
    """Take the nearest of the words that the refusal lists."""
    listed = given.refusal.hint.rpartition(": ")[2] or given.refusal.hint
    known = {w.casefold(): w for w in map(_bare, _BETWEEN.split(listed.removeprefix("write "))) if w}
    yield from _instead(given, ((f"nearest word {n}", w) for n, w in enumerate(_near(given.said, known), 1)))


_BETWEEN: Final = re.compile(r", | or |; ")


def _bare(text: str) -> str:
    return text.strip().strip('"')


def _near(said: str, known: dict[str, str]) -> list[str]:
    """Return the at most two known words that a word is nearly like."""
    return list(dict.fromkeys(known[k] for k in get_close_matches(said.casefold()[:100], known, 3, 0.6)))[:2]


def _formats(given: Case) -> Iterator[Mend]:
    """Read it as another format that recognises it."""
    suffix = "." + given.item.bearer_id.rpartition(".")[2].lower() if "." in given.item.bearer_id else ""
    head = given.item.data[:4096]
    scores = {n: adapters.adapter(n).sniff(head, suffix) for n in adapters.names() if n != given.format}
    for name in sorted((n for n in scores if scores[n] > 0), key=lambda n: -scores[n])[:_OTHERS]:
        yield Mend(f"format {name}", f"read as {name}, not as {given.format or 'found out'}", given.item.data, name)


_OTHERS: Final = 3

MENDS: Final[tuple[tuple[re.Pattern[str], Callable[[Case], Iterator[Mend]]], ...]] = (
    (
        re.compile(r"zone|local time|no instant|no time that|does not exist|several months|before it starts"),
        _times,
    ),
    (re.compile(r"is no number|is no pair|is no position|is no place|is no point"), _numbers),
    (re.compile(r"is outside -"), _swapped),
    (re.compile(r"UTF-8|encoding|is no text|invalid token|mark says|no JSON|no known format"), _utf8),
    (re.compile(r"is not a participant"), _author),
    (re.compile(r"none of its values|not known|no known|not a known|unknown|invalid enum|registered|is no "), _words),
    (re.compile(r""), _formats),
)
"""Which words of a refusal ask for which mend."""

REMARKS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(r"DOCTYPE"),
        "A DOCTYPE can do harm and is never taken out here: ask the sender for the bare document.",
    ),
    (
        re.compile(r"cut off|truncated|send it again whole|again, whole"),
        "The end is missing. Ask the sender to send it whole.",
    ),
    (re.compile(r"^\d+ bytes are more than"), "Only its hash and first bytes are kept. Ask the sender to split it."),
    (re.compile(r"^our own "), "The mistake is ours. Try again after the next release: `retry` without a mend."),
    (re.compile(r"is not carried by the"), "Real and exercise traffic never meet: it must go to the other bus."),
    (re.compile(r"but it came from"), "Who may type for whom is decided in the mission file: types_for."),
    (re.compile(r"encrypted|macros|other workbooks|linked to something"), "The sender must save it without them."),
)
"""What is said where nothing may or can be mended."""
