"""What the after-action report of a vignette says beside what it must say: asked of the bus as a participant would."""

from coordinator.core.afteraction.measures import MEASURES
from coordinator.core.afteraction.parts import joined
from coordinator.core.afteraction.report import Report
from coordinator.core.correlate import SECOND
from coordinator.demo.score import Row
from coordinator.demo.vignette import ExpectedValue
from coordinator.demo.world import World

MINUTE = 60 * SECOND


async def rows(world: World) -> list[Row]:
    """Return a row for each value that the script expects."""
    wanted = world.vignette.script.expect.after_action
    reports = {want.reader: await _report(world, want.reader) for want in wanted}
    return [row(want, reports[want.reader]) for want in wanted]


async def _report(world: World, reader: str) -> Report | None:
    client = world.links[reader].client
    if client is None:
        return None
    return joined([part async for part in client.ask("log", "after-action", {})])


def row(want: ExpectedValue, report: Report | None) -> Row:
    """Return whether a report shows a value, and no other of that name."""
    lines = [line for line in report.lines if line.measure == want.measure] if report else []
    shown = [figure for line in lines for figure in (line.total or line.own,) if figure]
    found = {
        (_counted(v.value, want.measure), v.link_down / MINUTE, v.late)
        for figure in shown
        for v in figure.values
        if v.what == want.what
    }
    said = "; ".join(f"{value:g}, {down:g} without a link" for value, down, _ in sorted(found)) or "nothing"
    met = found == {(want.value, want.no_link, want.late)}
    return Row(check=f"after action, {want.reader}: {want.measure} {want.what}", met=met, detail=said)


def _counted(value: int, measure: str) -> float:
    return value / MINUTE if MEASURES[measure].unit == "time" else float(value)
