"""``coordinator deconflict``: contradictions between the messages of files. No server; the same code as the service.

Text always says its scope: none found among so many orders is not "no conflict". With ``--json`` standard output holds
findings and nothing else, and the scope goes to standard error.

``--at`` is the time at which the rules are asked; left out, it is that of the newest message that says when it was
made, else no particular time, at which nothing is over or late yet. So the same files give the same findings any day.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times

if TYPE_CHECKING:
    from adapters.base import Context
    from coordinator.core.mission import Mission
    from schemas.envelope import Envelope
    from schemas.findings import Finding


def deconflict(
    files: common.Files,
    /,
    *,
    mission: Annotated[
        Path | None, Parameter(metavar="FILE", help="The mission's places, distances and matrix; a sample if left out.")
    ] = None,
    from_: common.FromFormat = "",
    at: Annotated[
        common.When, Parameter(help="The time at which rules are asked; else that of the newest message.")
    ] = "",
    as_: common.AsUnknown = "unknown",
    explain: Annotated[
        str, Parameter(metavar="ID", show_default=False, help="Show one finding, and its check again step by step.")
    ] = "",
    json: common.Json = False,
) -> int:
    """Print every finding, worst first, and the scope."""
    from coordinator.cli import reading
    from coordinator.cli.translate import known_format

    known_format(from_)
    rules = load_mission(mission)
    asked = times.parse(at, common.now()) if at else 0
    with keeping():
        messages, refused = read_messages(files, from_, reading.context(rules, as_, asked))
        as_of = asked or newest(messages)
        found = findings(messages, rules, as_of)
    if explain:
        return _explain(found, explain, _Given(messages, rules, as_of), json=json)
    for finding in found:
        out.whole(finding) if json else out.line(_block(finding))
    said = scope(len(found), messages, refused, as_of, "" if mission else "by the rules of the sample mission")
    out.note(said) if json else out.line(said)
    return exits.FAILED if found or refused else exits.FINE


@contextmanager
def keeping() -> Iterator[None]:
    """Look for no garbage while very many messages are read, all of which are kept: it takes a third of the time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def load_mission(path: Path | None) -> "Mission":
    """Return the mission of a file, or the sample.

    Raises:
        ConfigError: the file is wrong.
    """
    from coordinator import config

    return config.load(path) if path else config.parse(config.starter(), "starter.toml")


def read_messages(files: Sequence[Path], format_: str, given: "Context") -> "tuple[list[Envelope], int]":
    """Return the messages of files, and how many files were refused; each refusal is told on standard error."""
    from coordinator.cli import reading

    messages: list[Envelope] = []
    refused = 0
    for read in reading.files(files, format_, given):
        if read.refused is not None:
            out.note(reading.refusal(read))
            refused += 1
        messages += read.translation.messages
    return messages, refused


def newest(messages: "Sequence[Envelope]") -> int:
    """Return when the newest message was received or made, 0 if none says."""
    made = (m.received_at or (m.created.utc if m.created else None) or 0 for m in messages)
    return max(made, default=0)


def findings(messages: "Sequence[Envelope]", mission: "Mission", now: int) -> "list[Finding]":
    """Return what contradicts, each with its sentence, worst first."""
    import msgspec

    from coordinator.core.deconfliction import check, sentence
    from coordinator.core.tracks import words
    from coordinator.services.ordering import located
    from coordinator.texts import say
    from schemas.findings import SEVERITIES

    seen = words(messages, mission, now)
    found = check([*messages, *seen], mission, now, ways_out=mission.rules.options_per_message, locate=located)
    told = [msgspec.structs.replace(f, sentence=sentence(f, say)) for f in found]
    return sorted(told, key=lambda f: (SEVERITIES.index(f.severity), f.finding_kind, f.id))


def scope(found: int, messages: "Sequence[Envelope]", refused: int, as_of: int, rules: str = "") -> str:
    """Return what a result covers: how many orders and other messages, until when, by which rules."""
    from coordinator.cli.text import count, dtg

    orders = sum(m.kind == "directive" for m in messages)
    others = len(messages) - orders
    among = count(orders, "order") + (f" and {count(others, 'other message')}" if others else "")
    what = count(found, "finding") if found else "none found"
    parts = [f"{what} among {among}, " + (f"as of {dtg(as_of)}" if as_of else "at no particular time")]
    if refused:
        parts.append(f"{count(refused, 'file')} could not be read and {'is' if refused == 1 else 'are'} not in this")
    return "; ".join([*parts, *([rules] if rules else [])])


def _block(finding: "Finding") -> str:
    from coordinator.cli import render

    return render.finding_block(finding)


class _Given(NamedTuple):
    """What a check was made from."""

    messages: "Sequence[Envelope]"
    mission: "Mission"
    as_of: int


def _explain(found: "Sequence[Finding]", wanted: str, given: _Given, *, json: bool) -> int:
    """Show one finding, and its check again step by step, from the messages in the opposite order."""
    from coordinator.core.deconfliction import Engine
    from coordinator.services.ordering import located

    known = {finding.id: finding for finding in found}
    finding = known[common.pick(wanted, list(known), "finding", "coordinator deconflict FILE...")]
    engine = Engine(given.mission, located)
    engine.collect((m, given.as_of) for m in reversed(given.messages))
    steps = engine.retrace(finding)
    if json:
        out.whole(finding)
        for number, step in enumerate(steps, 1):
            out.row({"step": number, "what": step.what, "lines": step.lines})
        return exits.FAILED
    out.line(_block(finding))
    for number, step in enumerate(steps, 1):
        out.line(f"\n{number}. {step.what}")
        for text in step.lines:
            out.line(f"   {text}")
    return exits.FAILED
