"""The checks of a pass sheet: what a participant sends, as intake judges it; what it gets, as its channels write it.

Pure. One row a kind and format; a row that fails says what to mend. What a format has no place for is listed by path
and fails nothing: it is what the contingent must know before it relies on it.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, NamedTuple

import msgspec

import adapters
from adapters import compare
from adapters.base import Adapter, Loss, Rejected, suffix_of
from coordinator import texts
from coordinator.client import LIMIT
from coordinator.core.mission import Channel, Mission, Participant
from coordinator.demo import samples
from coordinator.demo.samples import Scene
from coordinator.errors import Undelivered
from coordinator.gates import rendering
from coordinator.gates.profiles import profile_of
from coordinator.services.judge import Accepted, Input, Realm, broken, judge
from schemas import registry, subjects
from schemas.acknowledgements import Action, Refusal
from schemas.envelope import Envelope
from schemas.geo import Position

SAMPLE: Final = "sample"
DELIVERED: Final = (registry.PARTICIPANT_KINDS - {Action.KIND}) | samples.ONLY_RECEIVED
NEEDS_ADDRESS: Final = {
    "smtp": "the mail address",
    "short": "the number of the phone or terminal",
    "webhook": "the URL of its server, https",
}
Direction = Literal["sends", "receives", "channel"]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a pass sheet. ``ok`` None: nothing could be tried."""

    what: Direction
    ok: bool | None
    result: str
    kind: str = ""
    format: str = ""
    channel: str = ""
    sample: str = ""
    mend: str = ""
    losses: tuple[Loss, ...] = ()


class Given(NamedTuple):
    """A file of the contingent's own; ``format`` "" is found out as intake finds it out."""

    name: str
    data: bytes
    format: str


class Sheet(NamedTuple):
    """Whose pass sheet it is, under which mission, and when."""

    participant: Participant
    mission: Mission
    realm: Realm
    now: int

    @property
    def scene(self) -> Scene:
        """What the samples are about: its first unit at the mission's first place."""
        place = next(iter(self.mission.places), None)
        at = Position(lat=place.lat, lon=place.lon) if place else Position(lat=2.0, lon=-27.0)
        unit = next(iter(self.participant.units), "") or self.participant.name or self.participant.id.upper()
        return Scene(self.participant.id, unit, place.name if place else "POINT 1", at, self.now)


def message(sheet: Sheet, kind: str) -> Envelope:
    """Return a sample that fits the realm."""
    reality = "exercise" if sheet.realm == "exercise" else "real"
    return msgspec.structs.replace(samples.message(kind, sheet.scene), reality=reality)


# -- what it sends ----------------------------------------------------------------------------------------------------


def sends(sheet: Sheet, format_: str, given: Iterable[Given]) -> Iterator[Row]:
    """Yield a row for each message of the files; without files, for each kind that the format reads."""
    files = tuple(given)
    for file in files:
        yield from _sent(sheet, file, file.name)
    if not files:
        try:
            adapter = adapters.adapter(format_)
        except Rejected as error:
            yield Row(what="sends", ok=False, result=f"REFUSED  {error}", format=format_, mend=error.hint)
            return
        for kind in sorted(adapter.reads & registry.PARTICIPANT_KINDS):
            yield from _sample_sent(sheet, adapter, kind)


def _sample_sent(sheet: Sheet, adapter: Adapter, kind: str) -> Iterator[Row]:
    try:
        written = adapter.encode([message(sheet, kind)], {})
    except Rejected as error:
        text = f"no sample of it can be written in {adapter.name}: {error.why}; try it with a file of your own"
        yield Row(what="sends", ok=None, result=text, kind=kind, format=adapter.name)
        return
    yield from _sent(
        sheet, Given(f"{SAMPLE}{suffix_of(adapter, written.data)}", written.data, adapter.name), SAMPLE, kind
    )


def _sent(sheet: Sheet, file: Given, sample: str, kind: str = "") -> Iterator[Row]:
    verdict = _judged(sheet, file)
    if isinstance(verdict, Refusal):
        result = f"REFUSED  {verdict.path}: {verdict.why}"
        mend = f"{sample}{f' ({kind})' if kind else ''}: {verdict.path}: {verdict.hint or verdict.why}"
        yield Row(what="sends", ok=False, result=result, kind=kind, format=verdict.format, sample=sample, mend=mend)
        return
    warned = f"; look at: {verdict.answer.warnings[0].text}" if verdict.answer.warnings else ""
    for _, _, data in verdict.messages:
        read = registry.envelope(data)
        ok = not kind or read.kind == kind
        result = f"translated as {read.key}" if ok else f"WRONG  it is read as {read.kind} {read.key}"
        yield Row(
            what="sends", ok=ok, result=result + warned, kind=read.kind, sample=sample, losses=read.unmapped,
            format=read.source.format if read.source else "", mend="" if ok else f"{kind}: it is read as {read.kind}",
        )  # fmt: skip
    if not verdict.messages:
        yield Row(what="sends", ok=None, result="read; it holds nothing to keep", format=file.format, sample=sample)


def _judged(sheet: Sheet, file: Given) -> Accepted | Refusal:
    item = Input(
        id=file.name[:200],
        subject=subjects.raw(sheet.participant.id, file.format or subjects.UNDECLARED),
        data=file.data[:LIMIT],
        raw_seq=0,
        bearer_id=file.name,
    )
    if len(file.data) > LIMIT:
        return Refusal(input=item.id, path="input", why=f"more than the {LIMIT} bytes of one input", hint="split it")
    try:
        return judge(item, sheet.mission, sheet.realm, sheet.now)
    except Exception as error:  # our own mistake is a line of the sheet as well, as intake would answer it
        return broken(item, error)


# -- what it gets -----------------------------------------------------------------------------------------------------


def receives(sheet: Sheet) -> Iterator[Row]:
    """Yield a row for each kind and channel; without channels, for each kind in the participant's own format."""
    for channel in sheet.participant.channels:
        yield _channel(sheet, channel)
        profile = profile_of(sheet.mission, sheet.participant.id, channel)
        yield from _written(sheet, profile.format, sorted(channel.carries or DELIVERED), channel)
    if not sheet.participant.channels:
        yield from _written(sheet, sheet.participant.format, sorted(DELIVERED), None)


def _written(sheet: Sheet, format_: str, kinds: Iterable[str], channel: Channel | None) -> Iterator[Row]:
    if format_ not in adapters.names():
        return  # said of the channel
    adapter = adapters.adapter(format_)
    for kind in kinds:
        if kind in samples.kinds():
            sample = message(sheet, kind)
            result = _out(adapter, sample, channel.max_bytes if channel else 0)
            if channel is not None:
                result |= _undelivered(sheet, sample, channel)
            where = channel.name if channel else ""
            yield Row(what="receives", kind=kind, format=format_, channel=where, sample=SAMPLE, **result)


def _undelivered(sheet: Sheet, sample: Envelope, channel: Channel) -> dict[str, Any]:
    """Return why a channel cannot carry a message in any way, not even a notice of it; nothing if it can."""
    profile = profile_of(sheet.mission, sheet.participant.id, channel)
    try:
        rendering.render(rendering.Task(sample, sample.precedence or "routine", sheet.now, profile))
    except Undelivered as error:
        mend = f"channel {channel.name}: {sample.kind}: {error}; raise max_bytes, or leave the kind out of carries"
        return {"ok": False, "result": f"WRONG  {error}", "mend": mend}
    return {}


def _out(adapter: Adapter, sample: Envelope, limit: int) -> dict[str, Any]:
    """Return what becomes of a message on its way out."""
    if sample.kind not in adapter.writes:
        return {"ok": True, "result": f"{adapter.name} has no form for it: it goes out in plain words"}
    try:
        written = adapter.encode([sample], {})
    except Rejected as error:
        return {"ok": True, "result": f"goes out in plain words: {error.why}"}
    said = (
        f"; {len(written.data)} bytes, more than {limit}: a notice goes out instead"
        if 0 < limit < len(written.data)
        else ""
    )
    if sample.kind not in adapter.reads:
        return {"ok": True, "result": f"written{said}", "losses": written.losses}
    unread = [x for x in compare.not_carried([sample], written.data, adapter.decode) if x.why.startswith("it ")]
    if unread:
        mend = f"{sample.kind}: {adapter.name} does not read what it writes: tell your operator"
        return {"ok": False, "result": f"WRONG  {unread[0].why}", "mend": mend}
    same = "written, and read back without some values" if written.losses else "written, and read back the same"
    return {"ok": True, "result": same + said, "losses": written.losses}


# -- its channels -----------------------------------------------------------------------------------------------------


def _channel(sheet: Sheet, channel: Channel) -> Row:
    profile = profile_of(sheet.mission, sheet.participant.id, channel)
    wrong = list(_wrong(sheet, channel, profile.format, profile.language))
    said = (channel.kind, profile.format, profile.language, channel.address, channel.precedence)
    result = f"WRONG  {'; '.join(wrong)}" if wrong else "  ".join(filter(None, said))
    mend = f"channel {channel.name}: {'; '.join(wrong)}" if wrong else ""
    return Row(what="channel", ok=not wrong, result=result, channel=channel.name, format=profile.format, mend=mend)


def _wrong(sheet: Sheet, channel: Channel, format_: str, language: str) -> Iterator[str]:
    try:
        subjects.token(channel.name)
    except subjects.SubjectError as error:
        yield f"its name: {error}"
    if channel.kind in NEEDS_ADDRESS and not channel.address:
        yield f"address is missing: write {NEEDS_ADDRESS[channel.kind]}"
    if channel.kind == "smtp" and channel.address and "@" not in channel.address:
        yield f'"{channel.address}" is no mail address'
    if channel.kind == "webhook" and channel.address and not channel.address.startswith("https://"):
        yield f'"{channel.address}" is no https URL'
    if format_ not in adapters.names():
        yield f'"{format_}" is no known format: {", ".join(adapters.names())}'
    if language not in texts.languages():
        yield f'there are no texts in "{language}": {", ".join(texts.languages())}'
    if unknown := sorted(set(channel.carries) - set(registry.KINDS) - set(sheet.mission.kinds)):
        yield f'carries: no kind "{unknown[0]}"'
