"""``coordinator mission onboard``: the pass sheet of a contingent before its first day. No server, nothing is sent.

Each kind that it will send is read as intake would read it, from its own files or from made-up samples; each kind that
it will get is written as its channels will write it. Exit code 0 is PASS, 1 FAIL.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.cli.passing import Given, Row, Sheet
    from coordinator.core.mission import Mission

_LOSSES: Final = 5  # that are shown of one row


def onboard(
    samples: Annotated[
        tuple[Path, ...],
        Parameter(name="SAMPLE", help="Files that it will send; made-up messages if left out.", negative_iterable=()),
    ] = (),
    /,
    *,
    as_: common.As,
    mission: Annotated[
        Path | None, Parameter(metavar="FILE", help="The mission file; else that of the store on this host.")
    ] = None,
    format_: Annotated[
        str,
        Parameter(name="--format", metavar="F", show_default=False, help="What it sends in; else as its profile says."),
    ] = "",
    received: Annotated[
        common.When, Parameter(help="When the samples were received: completes times; now if left out.")
    ] = "",
    realm: Annotated[common.Realm, Parameter(help="Real traffic or an exercise; they never meet.")] = "live",
    json: common.Json = False,
) -> int:
    """Print the pass sheet."""
    from coordinator.cli import passing
    from coordinator.cli.translate import known_format

    known_format(format_)
    rules = _mission(mission)
    known = rules.by_id.get(as_)
    if known is None:
        raise UsageError(f'"{as_}" is not a participant of this mission; it has: {", ".join(sorted(rules.by_id))}')
    sheet = passing.Sheet(known, rules, realm, times.optional(received, common.now()) or common.now())
    rows = [*passing.sends(sheet, format_ or known.format, _given(samples, format_)), *passing.receives(sheet)]
    _show(sheet, rows, json=json)
    return exits.FAILED if any(row.ok is False for row in rows) else exits.FINE


def _mission(path: Path | None) -> "Mission":
    from coordinator import config
    from coordinator.app import MISSION_FILE

    kept = common.default_store() / MISSION_FILE
    if path is None and not kept.exists():
        raise UsageError(f"{kept} is not there: name the mission file with --mission FILE")
    return config.load(path or kept)


def _given(paths: Sequence[Path], format_: str) -> Iterable["Given"]:
    from coordinator.cli.passing import Given
    from coordinator.client import LIMIT

    for path in paths:
        yield Given(path.name, common.read(path, LIMIT + 1), format_)


def _show(sheet: "Sheet", rows: Sequence["Row"], *, json: bool) -> None:
    failed = [row for row in rows if row.ok is False]
    if json:
        for row in rows:
            out.whole(row)
        out.row({"passed": not failed, "participant": sheet.participant.id, "mend": [row.mend for row in failed]})
        return
    from coordinator.cli.text import clean, count

    who = sheet.participant
    out.line(f"pass sheet of {who.id} for mission {clean(sheet.mission.name)}, {sheet.realm}")
    _part("sends", [row for row in rows if row.what == "sends"])
    for channel in [*(c.name for c in who.channels), ""]:
        _part(
            f"gets by {channel}" if channel else "gets", [r for r in rows if r.what != "sends" and r.channel == channel]
        )
    if not who.channels:
        out.line("no channel: it needs a connection of its own to the bus")
    for row in failed:
        out.line(f"mend  {clean(row.mend)}")
    tried = count(sum(row.ok is not None for row in rows), "line")
    out.line(f"FAIL: {len(failed)} of {tried}" if failed else f"PASS: {tried}, nothing to mend")


def _part(title: str, rows: Sequence["Row"]) -> None:
    from coordinator.cli.text import clean, count, short

    if not rows:
        return
    out.line(title)
    width = max(len(row.kind) for row in rows)
    name = max(len(clean(row.sample)) for row in rows)
    for row in rows:
        mark = {True: "ok   ", False: "FAIL ", None: "-    "}[row.ok]
        losses = f"; {count(len(row.losses), 'value')} without a field" if row.losses else ""
        head = f"{row.kind:<{width}}  {row.format:<7}  {clean(row.sample):<{name}}"
        out.line(f"  {mark} {head}  {short(row.result, 200)}{losses}".rstrip())
        for loss in row.losses[:_LOSSES]:
            out.line(
                f"        {clean(loss.path)} = {short(loss.value, 60)}" + (f"  ({clean(loss.why)})" if loss.why else "")
            )
        if len(row.losses) > _LOSSES:
            out.line(f"        and {len(row.losses) - _LOSSES} more; --json lists all")
