"""``coordinator quarantine``: what intake refused, why, and how it gets in after all.

The bytes stand in RAW for ever. ``show`` proposes mends and says what intake would say to each; ``retry`` sends the
same bytes again after the rules were mended, or mended bytes as a new input that an operator types for their author.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.services.judge import Input, Realm
    from coordinator.services.mending import Asking, Proposal, Sending
    from schemas.acknowledgements import Refusal

_LOG = "log"
Input_ = Annotated[str, Parameter(name="INPUT", help="The id of a refused input, or the beginning of it.")]


class How(NamedTuple):
    """How a refused input is to be mended: the number of a proposal, another format, other bytes."""

    mend: int = 0
    format: str = ""
    file: Path | None = None
    dry_run: bool = False

    @property
    def says_anything(self) -> bool:
        """Whether anything is to be different, or only looked at."""
        return self != How()


class Refused(NamedTuple):
    """A refused input as the log service shows it."""

    item: "Input"
    refusal: "Refusal"
    at: int
    row: dict[str, Any]


def list_(*, as_: common.AsOperator = "", json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print refusals, oldest first."""
    return common.connected(bus.target(as_), lambda client: _list(client, json=json))


def show(
    identity: Input_, /, *, as_: common.AsOperator = "", json: common.Json = False, bus: common.Bus = common.HERE
) -> int:
    """Print one refusal, the place that it points at, and what could be done about it."""
    from coordinator.cli import inputs

    realm = inputs.realm_of(bus)
    return common.connected(bus.target(as_), lambda client: _show(client, identity, realm, json=json))


def retry(
    identities: Annotated[tuple[str, ...], Parameter(name="INPUT", help="Ids of refused inputs, or their beginnings.")],
    /,
    *,
    mend: Annotated[
        int, Parameter(metavar="N", show_default=False, help="Mend it as `quarantine show` proposes under this number.")
    ] = 0,
    format_: Annotated[
        str, Parameter(name="--format", metavar="F", show_default=False, help="Read it as this format.")
    ] = "",
    file: Annotated[
        Path | None, Parameter(metavar="FILE", help="Send these bytes instead: the input as you edited it.")
    ] = None,
    dry_run: Annotated[bool, Parameter(help="Only say what intake would say; send nothing.")] = False,
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Send refused inputs through intake once more, or mended ones on behalf of their authors."""
    from coordinator.cli import inputs
    from coordinator.cli.translate import known_format

    known_format(format_)
    how = How(mend, format_, file, dry_run)
    _one_way(how, identities)
    realm = inputs.realm_of(bus)
    return common.connected(bus.target(as_), lambda client: _retry(client, identities, how, realm, json=json))


def _one_way(how: How, identities: tuple[str, ...]) -> None:
    if how.mend < 0:
        raise UsageError("--mend takes the number of a proposal, from 1; `coordinator quarantine show` lists them")
    if how.mend and (how.format or how.file):
        raise UsageError("--mend is one of the proposals as it is; leave out --format and --file")
    if (how.mend or how.file) and len(identities) != 1:
        raise UsageError("--mend and --file are for one input at a time")
    if how.file is not None and how.file != common.STDIN and not how.file.is_file():
        raise UsageError(f"{how.file}: no such file")


async def _known(client: "Client") -> dict[str, dict[str, Any]]:
    rows = [row async for row in common.ask(client, _LOG, "quarantine")]
    return {row["data"]["body"]["input"]: row for row in rows}


async def _list(client: "Client", *, json: bool) -> int:
    from coordinator.cli import render

    rows = list((await _known(client)).values())
    if json:
        for row in rows:
            out.row(row)
    elif rows:
        out.line(render.refused_table(rows))
    else:
        out.note("nothing was refused")
    return exits.FINE


async def _pick(client: "Client", identity: str) -> str:
    return common.pick(identity, list(await _known(client)), "refused input", "coordinator quarantine list")


async def _read(client: "Client", identity: str) -> Refused:
    """Return a refused input whole, with its refusal."""
    import msgspec

    from coordinator.cli import inputs
    from coordinator.services import intake
    from schemas.acknowledgements import Refusal

    [row] = [row async for row in common.ask(client, _LOG, "refused", {"input": identity})]
    refusal = msgspec.convert(row["refusal"], Refusal)
    return Refused(intake.opened(await inputs.one(client, refusal.raw_seq)), refusal, row["at"], row)


async def _asking(client: "Client", realm: "Realm") -> "Asking | None":
    """Return who asks under which mission; None for somebody who may not read the whole log."""
    from coordinator.cli import inputs
    from coordinator.errors import Forbidden
    from coordinator.services.mending import Asking

    try:
        found = await inputs.in_force(client)
    except Forbidden:
        return None
    return Asking(client.participant, found[-1].mission, realm, client.clock.now())


# -- show -------------------------------------------------------------------------------------------------------------


async def _show(client: "Client", identity: str, realm: "Realm", *, json: bool) -> int:
    from coordinator.cli import explaining
    from coordinator.services import mending, mends

    wanted = await _pick(client, identity)
    found = await _read(client, wanted)
    asking = await _asking(client, realm)
    proposals = mending.proposals(found.item, found.refusal, found.at, asking) if asking else []
    remark = mends.remark(found.refusal)
    if json:
        place = explaining.where(found.item.data, found.refusal.path, found.refusal.why)
        out.row(found.row | {"where": place, "remark": remark, "proposals": explaining.as_rows(proposals)})
        return exits.FINE
    _head(wanted, found)
    for line in explaining.around(found.item.data, found.refusal.path, found.refusal.why):
        out.line(f"  {line}")
    _proposed(wanted, proposals, remark, asked=asking is not None)
    return exits.FINE


def _head(identity: str, found: Refused) -> None:
    from coordinator.cli.text import clean, dtg, fields, size

    refusal = found.refusal
    out.line(f"{identity}  {clean(refusal.bearer_id)}".rstrip())
    out.line(fields((
        ("from", found.row["participant"]), ("author", found.item.on_behalf_of), ("when", dtg(found.at, seconds=True)),
        ("where", clean(refusal.path)), ("why", clean(refusal.why)), ("mend", clean(refusal.hint)),
        ("format", clean(refusal.format)), ("size", size(refusal.size)), ("sha256", refusal.sha256),
        ("stored", f"RAW {refusal.raw_seq}"),
    )))  # fmt: skip


def _proposed(identity: str, proposals: "list[Proposal]", remark: str, *, asked: bool) -> None:
    from coordinator.cli import explaining

    if remark:
        out.line(f"  {remark}")
    if not asked:
        out.note("mends are proposed to whoever may read the whole log")
    elif proposals:
        out.line("  what could be done; nothing is sent until you say which:")
        for number, proposal in enumerate(proposals, 1):
            for line in explaining.proposed(number, proposal, identity[:14]):
                out.line(f"  {line}")
    elif not remark:
        out.line(f"  no mend is known; edit it yourself: coordinator quarantine retry {identity[:14]} --file FILE")


# -- retry ------------------------------------------------------------------------------------------------------------


async def _retry(client: "Client", identities: tuple[str, ...], how: How, realm: "Realm", *, json: bool) -> int:
    worst = exits.FINE
    for identity in identities:
        wanted = await _pick(client, identity)
        if how.says_anything:
            worst = max(worst, await _mended(client, wanted, how, realm, json=json))
            continue
        async for row in common.ask(client, _LOG, "retry", {"input": wanted}):
            before = "was tried already with these rules" if row["duplicate"] else "goes through intake again"
            out.row(row) if json else out.line(f"{wanted}  {before} as {row['input']}")
    return worst


async def _mended(client: "Client", identity: str, how: How, realm: "Realm", *, json: bool) -> int:
    """Send a mended input as a new one, or only say what would become of it."""
    from coordinator.cli import explaining
    from coordinator.errors import Forbidden
    from coordinator.services import mending

    found = await _read(client, identity)
    asking = await _asking(client, realm)
    if asking is None:
        raise Forbidden("mend", "a refused input without being an operator; send the mended file yourself")
    sending = _sending(found, how, asking)
    if not how.dry_run:
        return await _send(client, sending, json=json)
    verdict = mending.judged(sending, asking)
    if json:
        result = {"dry_run": explaining.result(verdict), "input": identity, "name": sending.name}
        out.row(result)
    else:
        out.line(f"{identity}  {explaining.would(verdict)}; nothing was sent")
    return exits.FINE if explaining.outcome(verdict).accepted else exits.FAILED


def _sending(found: Refused, how: How, asking: "Asking") -> "Sending":
    from coordinator.services import mending

    if how.mend:
        proposals = mending.proposals(found.item, found.refusal, found.at, asking)
        if how.mend > len(proposals):
            known = f"1 to {len(proposals)}" if proposals else "none"
            raise UsageError(f"there is no proposal {how.mend}; there are: {known}")
        return proposals[how.mend - 1].sending
    if how.file is None and mending.is_oversize(found.item):
        raise UsageError("only its hash and first bytes are kept: --file names the mended input")
    data = None if how.file is None else _edited(how.file)
    return mending.sending(found.item, found.refusal, data, how.format)


def _edited(file: Path) -> bytes:
    from coordinator.client import LIMIT

    data = common.read(file, LIMIT + 1)
    if len(data) > LIMIT:
        raise UsageError(f"{file}: more than the {LIMIT} bytes that one input may have; split it")
    return data


async def _send(client: "Client", sending: "Sending", *, json: bool) -> int:
    from coordinator.cli.send import report
    from coordinator.client import Item
    from coordinator.services.mending import CHANNEL
    from schemas import subjects

    declared = "" if sending.format == subjects.UNDECLARED else sending.format
    item = Item(data=sending.data, format=declared, name=sending.name)
    behalf = "" if sending.author == client.participant else sending.author
    [outcome] = [o async for o in client.send([item], on_behalf_of=behalf, channel=CHANNEL)]
    return report(outcome, json=json)
