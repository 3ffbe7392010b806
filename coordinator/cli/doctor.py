"""``coordinator doctor``: what is wrong, and how to mend it. Checks that need a running bus are skipped without one."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.cli.checkup import INSTALLATION, Check, bus_checks, skipped
from coordinator.cli.checkways import way_checks

if TYPE_CHECKING:
    from coordinator.client import Client

_MARKS: Final = {"ok": "ok     ", "wrong": "WRONG  ", "skipped": "skipped"}


def doctor(
    *,
    as_: common.AsOperator = "",
    quiet: Annotated[bool, Parameter(help="Show only what is wrong.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Check everything that can be checked and print each result."""
    results = [check(bus.folder) for check in INSTALLATION]
    results += _live(bus, as_)
    for result in results:
        if json:
            out.whole(result)
        elif result.state == "wrong" or not quiet:
            out.line(shown(result))
    wrong = sum(result.state == "wrong" for result in results)
    if not json:
        out.note(f"{wrong} of {len(results)} checks found something wrong" if wrong else "nothing wrong was found")
    return exits.FAILED if wrong else exits.FINE


def shown(result: Check) -> str:
    """Return a check as text: what was looked at, what was found, how to mend it."""
    mend = f"\n         mend: {result.mend}" if result.mend else ""
    return f"{_MARKS[result.state]}  {result.name}: {result.what}{mend}"


def _live(bus: common.Bus, participant: str) -> list[Check]:
    from coordinator.errors import CoordinatorError, Disconnected

    results: list[Check] = []
    try:
        common.connected(bus.target(participant), _collecting(bus_checks, results))
    except BaseException as error:
        cause = exits.root(error)
        if isinstance(cause, Disconnected) and not (bus.server or bus.store or (bus.folder / "run.json").exists()):
            results.append(skipped("bus", "nothing runs here; start it with `coordinator up`"))
        elif isinstance(cause, CoordinatorError):
            results.append(Check(name="bus", state="wrong", what=exits.explain(cause)))
        else:
            raise
    return results


def _collecting(
    work: "Callable[[Client], Awaitable[Sequence[Check]]]", results: list[Check]
) -> "Callable[[Client], Awaitable[int]]":
    async def collect(client: "Client") -> int:
        results.extend([*await work(client), *await way_checks(client)])
        return exits.FINE

    return collect
