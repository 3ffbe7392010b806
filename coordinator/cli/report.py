"""``coordinator report after-action``: how long things took, from the log of a bus or from a file of it.

A running bus answers with what the participant may see. A file holds the whole log (``coordinator log show --limit N
--json``): whoever has that computes the same numbers without a bus.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.core.afteraction.facts import Facts
    from coordinator.core.afteraction.report import Report

WALK_S: Final = 3600.0  # the longest silence while a long log is walked


def after_action(
    *,
    from_: Annotated[common.When, Parameter(name="--from")] = "",
    to: common.When = "",
    as_: common.AsOperator = "",
    log: Annotated[
        Path | None,
        Parameter(metavar="FILE", help="A whole log, as `log show --limit N --json` prints it, instead of a bus."),
    ] = None,
    language: Annotated[str, Parameter(metavar="L", help="Of the headings: ar, en, es, fr, ru, zh.")] = "en",
    csv: Annotated[Path | None, Parameter(metavar="FILE", help="Write the figures there as well, as a table.")] = None,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print the report."""
    from coordinator.texts import languages

    if language not in languages():
        raise UsageError(f'there are no texts in "{language}"; there are: {", ".join(languages())}')
    now = common.now()
    since, until = times.optional(from_, now), times.optional(to, now)
    if log is not None:
        return _print(_of_file(log, as_, since, until), language, csv, json=json)

    async def work(client: "Client") -> int:
        return _print(await _of_bus(client, since, until), language, csv, json=json)

    return common.connected(bus.target(as_), work)


async def _of_bus(client: "Client", since: int, until: int) -> "Report":
    from coordinator.core.afteraction.parts import joined

    wanted = {"since": since, "until": until}
    return joined([row async for row in client.ask("log", "after-action", wanted, timeout_s=WALK_S)])


def _of_file(path: Path, reader: str, since: int, until: int) -> "Report":
    """Compute the report from a file; without a reader, for an operator of the mission.

    Raises:
        UsageError: a line is no row of a log, the log has gaps, or its mission has no such participant.
    """
    from coordinator.core.afteraction.facts import Facts
    from coordinator.core.afteraction.report import report

    facts = Facts()
    for number, line in enumerate(_lines(path), 1):
        _take(facts, line, f"{path}: line {number}")
    if not facts.count:
        raise UsageError(f"{path}: holds no message of a log; `coordinator log show --limit N --json` prints them")
    if not (known := facts.mission.by_id):
        raise UsageError(f"{path}: no mission was announced in it; print the log from its beginning")
    reader = reader or next((p.id for p in known.values() if p.operator), "")
    if reader not in known:
        raise UsageError(f'{path}: its mission has no participant "{reader}"; --as names one of: {", ".join(known)}')
    return report(facts, reader, since, until)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            yield from (line for line in file if line.strip())
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


def _take(facts: "Facts", line: bytes, where: str) -> None:
    import msgspec

    from coordinator.core.step import Logged
    from coordinator.services.ledgers import cause
    from coordinator.services.log import Entry
    from schemas import registry
    from schemas.base import Message

    try:
        entry = msgspec.json.decode(line, type=Entry)
        envelope = registry.envelope(bytes(entry.data))
        body = registry.body(envelope)
    except registry.UnknownKind:
        body = Message()
    except (msgspec.MsgspecError, ValueError) as error:
        hint = "each line is a message of the LOG as `coordinator log show --limit N --json` prints it"
        raise UsageError(f"{where}: {error}; {hint}") from None
    if entry.stream != "LOG" or (facts.count and entry.seq != facts.last_seq + 1):
        why = f'is of "{entry.stream}"' if entry.stream != "LOG" else f"stands behind message {facts.last_seq}"
        raise UsageError(
            f"{where}: message {entry.seq} {why}; it takes the whole LOG in its order, as an operator has it"
        )
    now = max(entry.at, facts.last_at)
    facts.take(Logged(entry.seq, entry.subject, entry.id, now, envelope, body), cause(entry.headers))


def _print(found: "Report", language: str, csv: Path | None, *, json: bool) -> int:
    from coordinator.cli import reporting

    if csv is not None:
        reporting.write(found, csv)
    if json:
        out.row(found)
    else:
        out.line(reporting.shown(found, language))
    return exits.FINE
