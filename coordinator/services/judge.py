"""What becomes of one input: messages in the log, or a refusal that says where, why and how to mend it.

Stateless and pure; it stands here and not in ``core`` because it asks the adapters. Whoever wrote the input is known
from its subject, which the broker enforced; another's name inside is refused unless the mission lets this participant
type for it. Ids come from content, so an input that is judged twice gives the same messages.
"""

import hashlib
import json
from typing import Final, Literal, NamedTuple

import msgspec

import adapters
from adapters.base import Context, Head, Rejected, Translation, sha256
from adapters.sheet.cells import in_files
from coordinator.core.friends import Friend, false_friends
from coordinator.core.mission import Mission
from coordinator.topology import MAX_PAYLOAD
from schemas import registry, subjects
from schemas.acknowledgements import Answer, Refusal, RefusalCode
from schemas.base import Message
from schemas.directives import Agreement, Caveat, Directive
from schemas.envelope import Envelope, Warning
from schemas.liaison import SPOKEN, LiaisonRequest, LiaisonResponse
from schemas.notices import HazardNotice, MovementNotice, ProtectedSite, RouteState
from schemas.operations import Oversize
from schemas.reports import IncidentReport, PositionReport

Realm = Literal["live", "exercise"]
POSITION: Final = PositionReport.KIND
MAX_RECORD: Final = MAX_PAYLOAD - 16 * 1024  # bytes of a message in the log; the server counts its headers as well
MAX_ANSWER: Final = MAX_PAYLOAD // 2
MAX_WARNINGS: Final = 100  # in one answer
UNATTRIBUTED: Final = frozenset({"", "undetermined"})
MAX_FUNCTION: Final = 200  # characters of the function of whoever said something by voice
MAX_LISTED: Final = 1_000  # windows, units, frequencies and the like in one list of a message
SECOND: Final = 1_000_000
MAX_REVISION: Final = 1_000_000  # of who counts them; the highest one counts
MAX_AHEAD: Final = 86_400 * SECOND  # of a clock whose milliseconds are revisions: nothing could replace a later one
MAX_ORDERS: Final = 500  # that one order may speak of: each may become a finding, and all of them one card
COMPARED: Final = (Directive, Caveat, Agreement, MovementNotice, HazardNotice, ProtectedSite, RouteState)
FITS: Final[dict[str, frozenset[str]]] = {
    "live": frozenset({"real", "test"}),
    "exercise": frozenset({"exercise", "test"}),
}


class Input(NamedTuple):
    """One input as it stands in RAW."""

    id: str
    subject: str
    data: bytes
    raw_seq: int
    channel: str = "nats"
    bearer_id: str = ""
    on_behalf_of: str = ""
    spoken_by: str = ""  # then: the function of whoever said it
    batch: str = ""


class Accepted(NamedTuple):
    """The messages of one input: subject, id and bytes of each; and the answer to the sender."""

    messages: tuple[tuple[str, str, bytes], ...]
    answer: Answer
    answer_bytes: int
    positions_only: bool


class _NotTheAuthor(Rejected):
    """Raised when an input bears the name of an author whom its sender may not speak for."""

    def __init__(self, code: RefusalCode, author: str, path: str, why: str, hint: str) -> None:
        super().__init__(path, why, hint)
        self.code, self.author = code, author


def judge(item: Input, mission: Mission, realm: Realm, now: int) -> Accepted | Refusal:
    """Translate one input and check it, or say what is wrong with it."""
    source = subjects.parse(item.subject)
    format_ = "native" if source.rest[0] == "msg" else source.rest[-1]
    try:
        if format_ == subjects.OVERSIZE:
            return _oversize(item)
        if format_ == subjects.UNDECLARED:
            format_ = adapters.detect(item.data, _suffix(item.bearer_id))
        context = _context(item, source.participant, mission, realm, now)
        translation = _translate(item, format_, context)
        if source.rest[0] == "msg":
            _same_kind(translation, source.rest[-1])
        return _accepted(item, translation, context, source.participant, mission, realm)
    except Rejected as rejected:
        return _refusal(item, format_, rejected)


def broken(item: Input, error: Exception) -> Refusal:
    """Return the refusal of an input at which our own code failed: the bytes are kept, the operator is told."""
    why = f"our own {item.subject.rsplit('.', 1)[-1]} adapter failed with {type(error).__name__}"
    return _refusal(item, "", Rejected("input", why, "it is our mistake: the bytes are kept, tell your operator"))


def _translate(item: Input, format_: str, context: Context) -> Translation:
    return adapters.decode(format_, item.data, context)


def _suffix(name: str) -> str:
    return "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _context(item: Input, sender: str, mission: Mission, realm: Realm, now: int) -> Context:
    author = item.on_behalf_of or sender
    if author != sender:
        _may_type(sender, author, "header On-Behalf-Of", "may-not-type", mission)
    return Context(
        participant=author,
        received_at=now,
        channel=item.channel,
        bearer_id=item.bearer_id,
        input_id=item.id,
        raw_seq=item.raw_seq,
        kinds=mission.kinds,
        zone=mission.zone,
        mgrs_square=mission.mgrs_square,
        lang=mission.by_id[author].language if author in mission.by_id else "",
        reality="exercise" if realm == "exercise" else "real",
        box=mission.box,
        columns=heads(mission, author),
    )


def heads(mission: Mission, author: str) -> tuple[Head, ...]:
    """Return what the heads of a participant's tables mean, as the mission says."""
    known = mission.by_id.get(author)
    return tuple(Head(head=c.head, field=c.field, lang=c.language) for c in known.columns) if known else ()


def _may_type(sender: str, author: str, path: str, code: RefusalCode, mission: Mission) -> None:
    """Refuse an author that the sender may not type in for; ``code`` says whether the sender said that it types."""
    known = mission.by_id.get(sender)
    if author not in mission.by_id:
        why = f'"{author}" is not a participant of this mission'
        raise _NotTheAuthor("unknown-author", "", path, why, "check the spelling of its id")
    if known is None or not {author, "*"}.intersection(known.types_for):
        raise _NotTheAuthor(
            code,
            author,
            path,
            f'says "{author}", but it came from "{sender}"',
            f'send it as "{author}" itself, or ask the operator to let "{sender}" type for "{author}"',
        )


def _same_kind(translation: Translation, kind: str) -> None:
    for envelope in translation.messages:
        if envelope.kind != kind:
            raise Rejected("kind", f'is "{envelope.kind}", but it was sent as "{kind}"', "make both the same")


def _accepted(
    item: Input, translation: Translation, context: Context, sender: str, mission: Mission, realm: Realm
) -> Accepted:
    messages = []
    ids = []
    positions = 0
    for envelope in translation.messages:
        checked = _checked(envelope, context, sender, mission, realm, item.spoken_by)
        is_position = checked.kind == POSITION
        positions += is_position
        author = checked.originator
        subject = subjects.position(author) if is_position else subjects.record(checked.kind, author)
        data = registry.encode(checked)
        if len(data) > MAX_RECORD:
            where = checked.source.locator if checked.source else ""
            why = f"it has {len(data)} bytes in the common schema, more than the {MAX_RECORD} that the log takes"
            raise Rejected(where or "input", why, "split it, or send a reference to the file")
        messages.append((subject, message_id(checked), data))
        ids.append(checked.key)
    answer = Answer(
        input=item.id,
        ids=tuple(ids),
        positions=positions,
        losses=len(translation.losses),
        warnings=_bounded(
            (*_clock(translation, context, mission), *translation.warnings, *_friends(translation, context))
        ),
    )
    answer_bytes = len(registry.encode(answer))
    if answer_bytes > MAX_ANSWER:
        raise Rejected("input", f"it holds {len(ids)} messages, too many for one receipt", "split it")
    return Accepted(tuple(messages), answer, answer_bytes, positions == len(messages))


def _clock(translation: Translation, context: Context, mission: Mission) -> tuple[Warning, ...]:
    """Return what is to be said of a sender's clock that is ahead of ours; what was sent counts from its receipt."""
    written = [m.created.utc for m in translation.messages if m.created and m.created.utc is not None]
    ahead_s = (max(written, default=0) - context.received_at) / SECOND
    if ahead_s <= mission.rules.clock_tolerance_s:
        return ()
    text = f"written {ahead_s / 60:.0f} min after it was received: check your clock; it counts from its receipt"
    return (Warning(code="clock-ahead", path="created", text=text),)


def _friends(translation: Translation, context: Context) -> tuple[Warning, ...]:
    """Return the words of orders that readers of other languages take for others; nothing is refused for them."""
    found: dict[tuple[str, Friend], None] = {}
    for envelope in translation.messages:
        body = _body(envelope) if envelope.kind == Directive.KIND else None
        if isinstance(body, Directive):
            for path, text in (("task", body.task), ("constraints", body.constraints)):
                found |= {(path, friend): None for friend in false_friends(text, envelope.lang or context.lang)}
    return tuple(
        Warning(
            code="false-friend",
            path=path,
            text=f'"{friend.word}" can be taken for "{friend.taken_for}": plainer is "{friend.instead}"',
        )
        for path, friend in found
    )


def _bounded(warnings: tuple[Warning, ...]) -> tuple[Warning, ...]:
    if len(warnings) <= MAX_WARNINGS and all(len(w.path) <= 200 and len(w.text) <= 200 for w in warnings):
        return warnings
    shown = [Warning(code=w.code, path=w.path[:200], text=w.text[:200]) for w in warnings[:MAX_WARNINGS]]
    if more := len(warnings) - len(shown):
        shown.append(Warning(code="more-warnings", path="input", text=f"{more} more warnings are not listed"))
    return tuple(shown)


def message_id(envelope: Envelope) -> str:
    """Return the id under which the log keeps a message: whose it is, its identity, and its content; in ASCII.

    The content is part of it so that two different texts under one ``id:revision`` are both kept, and found
    (`undecidable`), instead of the second vanishing as a duplicate.
    """
    digest = hashlib.sha256(f"{envelope.kind} {envelope.status} ".encode() + bytes(envelope.body)).hexdigest()[:12]
    return f"{envelope.originator}/{_in_ascii(envelope.key)}/{digest}"  # it travels in a header


def _in_ascii(key: str) -> str:
    if key.isascii() and key.isprintable() and '"' not in key and "\\" not in key:
        return key
    return json.dumps(key)[1:-1]


def _checked(
    envelope: Envelope, context: Context, sender: str, mission: Mission, realm: Realm, spoken_by: str
) -> Envelope:
    if envelope.originator != context.participant:
        _may_type(sender, envelope.originator, "originator", "claimed-author", mission)
    if envelope.reality not in FITS[realm]:
        raise Rejected(
            "reality",
            f'"{envelope.reality}" traffic is not carried by the {realm} bus',
            "send it to the bus of its own realm; they never meet",
        )
    if envelope.revision > max(MAX_REVISION, (context.received_at + MAX_AHEAD) // 1000):
        why = f"{envelope.revision} is more than {MAX_REVISION}, and later than a day from now in milliseconds UTC"
        raise Rejected("revision", why, "count revisions from 1, or set the clock right")
    body = _body(envelope)
    _attributed(body)
    _whole(body)
    _listed(body)
    if (count := _orders(body)) > MAX_ORDERS:
        raise Rejected("body", f"it speaks of {count} other orders, more than {MAX_ORDERS}", "split it")
    typed_by = sender if envelope.originator != sender else ""
    spoken_by = (typed_by and spoken_by) or envelope.spoken_by
    said = (envelope.received_at, envelope.typed_by, envelope.spoken_by)
    if said == (context.received_at, typed_by, spoken_by):
        return envelope
    return msgspec.structs.replace(envelope, received_at=context.received_at, typed_by=typed_by, spoken_by=spoken_by)


def _listed(body: Message | None) -> None:
    """Refuse a message that is compared with others and lists more than anybody can compare."""
    for name in body.__struct_fields__ if isinstance(body, COMPARED) else ():
        value = getattr(body, name)
        if isinstance(value, tuple) and len(value) > MAX_LISTED:
            raise Rejected(f"body.{name}", f"has {len(value)} entries, more than {MAX_LISTED}", "split it")


def _attributed(body: Message | None) -> None:
    """Refuse a violation that is laid at somebody's door without two sources and a verifier (domain.md §5.4 (10))."""
    said = body.violation if isinstance(body, IncidentReport) else None
    if said is None or said.attribution.strip().casefold() in UNATTRIBUTED:
        return
    sources = {s.strip().casefold() for s in said.sources if s.strip()}
    if len(sources) < 2 or not said.verifier.strip():
        missing = "a verifier" if len(sources) > 1 else f"two sources, {len(sources)} given, and a verifier"
        raise Rejected(
            "violation.attribution",
            f'"{said.attribution[:80]}" needs {missing}',
            'name two different kinds of sources and who verified it, or write "undetermined"',
        )


def _whole(body: Message | None) -> None:
    """Refuse a request that asks for nothing, and a word in a session that does not say to which text (F17)."""
    needs: tuple[str, ...] = ("subject",) if isinstance(body, LiaisonRequest) else ()
    if isinstance(body, LiaisonResponse) and body.decision in SPOKEN:
        needs = ("proposal", "version", "texts") if body.decision == "propose" else ("proposal", "version")
    for name in needs:
        value = getattr(body, name)
        if not (value.strip() if isinstance(value, str) else value) or (isinstance(value, int) and value < 1):
            raise Rejected(f"body.{name}", "it is missing", f"add {name} and its value")


def _body(envelope: Envelope) -> Message | None:
    """Return the body of a message, or None if its kind is not registered here."""
    try:
        return registry.body(envelope)
    except registry.UnknownKind:
        return None


def _orders(body: Message | None) -> int:
    """Return how many other orders an order speaks of."""
    if not isinstance(body, Directive):
        return 0
    lists = (body.amends, body.supersedes, body.cancels, body.permitted, body.coordinated_with, body.dependencies)
    return sum(map(len, lists))


def _oversize(item: Input) -> Refusal:
    try:
        notice = msgspec.json.decode(item.data, type=Oversize)
    except msgspec.MsgspecError as error:
        raise Rejected("input", f"is no notice of an oversized input: {error}", "let our client send it") from None
    why = f"{notice.size} bytes are more than the {notice.limit} that one message may have"
    hint = f"{_in_parts(item, notice)}, or send a reference to the file; its hash and first bytes are kept"
    refusal = _refusal(item, notice.format, Rejected("input", why, hint))
    return msgspec.structs.replace(refusal, size=notice.size, sha256=notice.sha256)


def _in_parts(item: Input, notice: Oversize) -> str:
    """Return how to split what was too large: of a table by its head, how many rows go into each file."""
    rows = notice.head.count(b"\n")
    named = notice.format or {".csv": "sheet", ".tsv": "sheet"}.get(_suffix(item.bearer_id), "")
    if named != "sheet" or notice.head.startswith(b"PK") or not rows:
        return "split it"
    return in_files(notice.size, rows * notice.size // len(notice.head))


def _refusal(item: Input, format_: str, rejected: Rejected) -> Refusal:
    claim = rejected if isinstance(rejected, _NotTheAuthor) else None
    return Refusal(
        input=item.id,
        path=rejected.path[:500],
        why=rejected.why[:2000],
        hint=rejected.hint[:2000],
        raw_seq=item.raw_seq,
        format=format_[:64],
        bearer_id=item.bearer_id,
        size=len(item.data),
        sha256=sha256(item.data),
        code=claim.code if claim else "",
        claims=claim.author if claim else "",
    )
