"""MTF: slant text of ADatP-3, APP-11 and USMTF, by a grammar, a catalogue that a mission can replace, and our profiles.

`grammar` finds sets and fields, `header` who says it and when, `air`, `orders` and `reports` what it means, `writer`
the way back. One input may hold several messages; an airspace control order gives a directive a measure.
Source: reference formats.md §5.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from adapters import mail, plans
from adapters.base import Context, Encoded, Loss, Rejected, Translation, bounded, content_id, source
from adapters.mail import Line, Mail
from adapters.mtf import air, orders, reports, windows
from adapters.mtf.air import Piece
from adapters.mtf.bulletin import Bulletin
from adapters.mtf.catalogue import Catalogue, builtin
from adapters.mtf.grammar import Set, Slant, parse
from adapters.mtf.header import Header, header, remarks, type_of
from adapters.mtf.writer import write
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope, Source, Warning
from schemas.notices import Cancellation
from schemas.registry import pack

MAX_LINES: Final = 20_000
MAX_MESSAGES: Final = 2_000
_KINDS: Final = {
    "situation": "sitrep", "logistics": "logistics", "medevac": "medevac", "order": "directive",
    "movement": "movement", "acknowledgement": "acknowledgement", "text": "message",
}  # fmt: skip
_ONE: Final = {
    "situation": reports.situation, "logistics": reports.logistics, "medevac": reports.medevac,
    "movement": orders.movement, "acknowledgement": reports.acknowledgement, "text": reports.text,
}  # fmt: skip
_NO_LINE: Final = 1 << 60
_ABOVE: Final = ("EXER", "OPER")  # sets that stand above MSGID


class Mtf:
    """The adapter. A mission's own catalogue gives another one, under a name of its own."""

    title = "Slant text (MTF)"
    spec = "ADatP-3 and USMTF slant text: grammar, ACO and ATO excerpts by public examples, bus profiles of reports"
    suffixes = (".mtf", ".usmtf", ".txt")
    reads = frozenset({"directive", *_KINDS.values()})
    writes = reads

    def __init__(self, catalogue: Catalogue | None = None, name: str = "mtf") -> None:
        self.name = name
        self._catalogue = catalogue

    @property
    def catalogue(self) -> Catalogue:
        """The sets and types that it knows."""
        return self._catalogue or builtin()

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is: a set MSGID at the beginning of a line."""
        text = head.decode("utf-8", "replace") if b"\0" not in head else head.decode("utf-16", "replace")
        if any(line.lstrip().startswith(("MSGID/", "MSGID /")) for line in text.splitlines()):
            return 1.0
        return 0.2 if suffix in (".mtf", ".usmtf") else 0.0

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate every message of one input."""
        opened = mail.opened(bounded(data))
        if opened.text.count("\n") > MAX_LINES:
            raise Rejected(f"line {MAX_LINES}", f"it has more than {MAX_LINES} lines", "send messages, not a log")
        kept, below = mail.top(opened.text)
        numbers = {line.number for line in kept}
        lines = [Line(n, t) for n, t in enumerate(opened.text.splitlines(), 1) if n in numbers]
        if opened.message_id and not context.bearer_id:
            context = msgspec.structs.replace(context, bearer_id=opened.message_id[:200])
        messages: list[Envelope] = []
        losses: list[Loss] = [*below, *opened.losses]
        warnings: list[Warning] = [*opened.warnings]
        origin = source(data, "mtf", context, encoding=opened.encoding)
        for part in _messages(parse(lines, self.catalogue)):
            job = _Reading(origin, opened, context, self.catalogue)
            messages += job.read(part)
            losses += job.losses
            warnings += job.warnings
            if len(messages) > MAX_MESSAGES:
                raise Rejected("input", f"it has more than {MAX_MESSAGES} messages", "split it into several inputs")
        return Translation(
            messages=tuple(messages), losses=tuple(losses), warnings=tuple(warnings), dialect=self.catalogue.edition
        )

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one message after the other; what was read and not edited leaves byte for byte."""
        return write(messages, originals, self.decode, self.catalogue)


MTF: Final = Mtf()


def _messages(slant: Slant) -> Iterator[Slant]:
    """Yield what belongs to each MSGID: its sets, and the lines above and among them.

    Raises:
        Rejected: there is no MSGID at all.
    """
    starts = [n for n, each in enumerate(slant.sets) if each.name == "MSGID"]
    if not starts:
        path = slant.sets[0].path if slant.sets else "line 1"
        raise Rejected(path, "it has no MSGID set", "begin with MSGID/SITREP/YOUR UNIT/001/MAR//")
    for i, start in enumerate(starts):
        while start and slant.sets[start - 1].name in _ABOVE:
            start -= 1
        starts[i] = start if i else 0
    bounds = [*starts, len(slant.sets)]
    last = -1
    for i in range(len(starts)):
        sets = slant.sets[bounds[i] : bounds[i + 1]]
        until = _number(sets[-1]) if i + 1 < len(starts) else _NO_LINE
        yield Slant(sets, tuple(line for line in slant.stray if last < line.number <= until))
        last = until


def _number(each: Set) -> int:
    return int(each.path.partition(":")[0].removeprefix("line "))


class _Reading:
    """One message (an order may give several envelopes) and what it leaves behind."""

    def __init__(self, origin: Source, opened: Mail, context: Context, catalogue: Catalogue) -> None:
        self.opened = opened
        self.context = context
        self.catalogue = catalogue
        self.losses: list[Loss] = []
        self.warnings: list[Warning] = []
        self._used: set[str] = set()
        self._origin = origin

    def read(self, slant: Slant) -> list[Envelope]:
        """Return the envelopes of one message."""
        profile = type_of(slant.sets, self.catalogue)[1]
        first, *segments = _segments(slant.sets, self.catalogue) if profile in ("aco", "ato") else [slant.sets]
        bulletin = Bulletin(first, self.context, self.catalogue)
        above = header(bulletin, slant.stray)
        if profile == "aco":
            return self._measures(bulletin, above, segments)
        if profile == "ato":
            return self._missions(bulletin, above, segments)
        if above.status == "cancel":
            return [self._packed(bulletin, above, _withdrawn(bulletin, above.id), "", _KINDS[profile])]
        if profile == "order":
            return self._pieces(bulletin, above, orders.order(bulletin, above))
        return [self._packed(bulletin, above, _ONE[profile](bulletin, above), "", _KINDS[profile])]

    def _pieces(self, whole: Bulletin, above: Header, pieces: list[Piece]) -> list[Envelope]:
        """Return the directives of an order; what the order lost travels with the first of them."""
        _count(pieces)
        found = [self._packed(whole, above, pieces[0].body, pieces[0].suffix, "directive")]
        for piece in pieces[1:]:
            rest = Bulletin((), self.context, self.catalogue)
            found.append(self._packed(rest, above, piece.body, piece.suffix, "directive"))
        return found

    def _measures(self, bulletin: Bulletin, above: Header, segments: list[tuple[Set, ...]]) -> list[Envelope]:
        _count(segments)
        parts = [Bulletin(sets, self.context, self.catalogue) for sets in segments]
        if not parts:
            raise Rejected("ACMID", "the order has no measure", "begin each with ACMID/ACM:ROZ/NAME:.../CIRCLE//")
        lacking = any(part.first("APERIOD") is None for part in parts)
        period = windows.period(bulletin) if lacking and above.status != "cancel" else None
        found = []
        listed = 0
        for part in parts:
            part.share_datum(bulletin)
            piece = air.measure(part, above, period)
            if (listed := listed + len(piece.body.windows)) > windows.MOST_OF_ALL:
                hint = "split the order, or give what repeats a shorter duration"
                raise Rejected(part.sets[0].path, f"it has more than {windows.MOST_OF_ALL} windows", hint)
            body: Message = _withdrawn(part, piece.id or above.id) if above.status == "cancel" else piece.body
            found.append(self._packed(part, above, body, piece.suffix, "directive", piece.id, piece.revision))
        self._rest(bulletin)
        return found

    def _missions(self, bulletin: Bulletin, above: Header, segments: list[tuple[Set, ...]]) -> list[Envelope]:
        _count(segments)
        unit = None
        parts: list[tuple[Bulletin, Piece]] = []
        for sets in segments:
            part = Bulletin(sets, self.context, self.catalogue)
            part.share_datum(bulletin)
            if sets[0].name != "AMSNDAT":
                unit = air.unit_of(part)
                self._rest(part)
                continue
            parts.append((part, air.mission(part, above, unit, len(parts) + 1)))
        if not parts:
            raise Rejected("AMSNDAT", "the order has no mission", "begin each with AMSNDAT/number//")
        lacking = above.status != "cancel" and any(not piece.body.windows for _, piece in parts)
        period = windows.period(bulletin) if lacking else None
        found = []
        for part, piece in parts:
            body: Message = _withdrawn(part, above.id) if above.status == "cancel" else piece.body
            if period is not None and isinstance(body, Directive) and not body.windows:
                body = msgspec.structs.replace(body, windows=(period,))
                part.warn("window-from-period", part.sets[0].path, "it has no times; the whole PERIOD was taken")
            found.append(self._packed(part, above, body, piece.suffix, "directive"))
        self._rest(bulletin)
        return found

    def _rest(self, bulletin: Bulletin) -> None:
        """List what belongs to no envelope."""
        self.losses += bulletin.left()
        self.warnings += (w for w in bulletin.warnings if w not in self.warnings)

    def _packed(
        self, bulletin: Bulletin, above: Header, body: Message, suffix: str, kind: str, id_: str = "", revision: int = 0
    ) -> Envelope:
        locator = " ".join(filter(None, (bulletin.sets[0].path if bulletin.sets else "", suffix)))
        texts = (*bulletin.texts, *remarks(bulletin))
        losses = bulletin.left()
        self.losses += losses
        self.warnings += bulletin.warnings
        return pack(
            body,
            kind=kind,
            id=id_ or self._identity(above, suffix, locator),
            revision=revision or above.revision,
            status=above.status,
            originator=self.context.participant,
            reality=above.reality,
            precedence=above.precedence,
            received_at=self.context.received_at or None,
            created=above.created or self.opened.date,
            unit=above.unit,
            addressees=above.addressees,
            references=above.references,
            label=above.label,
            field_labels=plans.withheld(body),
            lang=self.context.lang,
            summary=above.summary or self.opened.subject[:500],
            texts=texts,
            ack_required=above.ack_required,
            source=msgspec.structs.replace(self._origin, locator=locator, dialect=above.name),
            unmapped=losses,
            warnings=(*self.opened.warnings, *bulletin.warnings),
        )  # fmt: skip

    def _identity(self, above: Header, suffix: str, locator: str) -> str:
        """Return an id by the originator's own numbers; the same one twice in an order is told apart by its place."""
        identity = "/".join(filter(None, (above.id, suffix))) if above.id else ""
        if not identity or len(identity) > 200 or not identity.isprintable() or identity in self._used:
            return content_id(self._origin.sha256.encode(), locator, self.context.bearer_id)
        self._used.add(identity)
        return identity


def _count(segments: Sequence[object]) -> None:
    if len(segments) > MAX_MESSAGES:
        raise Rejected("input", f"it has more than {MAX_MESSAGES} segments", "split it into several orders")


def _segments(sets: Sequence[Set], catalogue: Catalogue) -> list[tuple[Set, ...]]:
    """Return the sets before the first segment below MSGID, then each segment."""
    found: list[list[Set]] = [[]]
    below = False
    for each in sets:
        row = catalogue.sets.get(each.name)
        below = below or each.name == "MSGID"
        if below and row is not None and row.starts:
            found.append([])
        found[-1].append(each)
    return [tuple(part) for part in found]


def _withdrawn(bulletin: Bulletin, identity: str) -> Cancellation:
    """Take why something is withdrawn.

    Raises:
        Rejected: it does not say what is.
    """
    if not identity:
        raise Rejected("MSGID/3", "it withdraws something and does not say what", "write the serial of that message")
    reasons = [bulletin.take(each, "text") for each in bulletin.all("RMKS")]
    return Cancellation(reason="\n".join(filter(None, reasons)))
