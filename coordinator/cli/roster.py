"""``coordinator roster``: who is on watch, until when, and who follows."""

from typing import Annotated

import msgspec
from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.cli.routes import MissionFile, mission_of
from coordinator.core import roster as watches
from coordinator.core.mission import Mission


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A role at an area: who has it, and until when; who has it then; when nobody has it within a day."""

    role: str
    area: str
    on_watch: tuple[str, ...]
    until: int | None  # when anybody comes or goes next, microseconds UTC; None is never
    next: tuple[str, ...]  # who has it then
    languages: tuple[str, ...]
    gaps: tuple[tuple[int, int], ...]


def roster(
    *,
    mission: MissionFile = None,
    at: Annotated[common.When, Parameter(help="The time that is asked about; else now.")] = "now",
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print who is on watch for each role and area, and the next change."""
    now = times.parse(at, common.now())
    rules = mission_of(mission, as_, bus)
    shifts = [shift(rules, post, now) for post in watches.posts(rules)]
    for one in shifts if json else ():
        out.whole(one)
    if not json:
        out.line(_text(rules, shifts, now))
    return exits.FINE


def shift(mission: Mission, post: watches.Post, now: int) -> Shift:
    """Return who has a post at a time."""
    rows = watches.filled(mission, post, now)
    here = _names(mission, post, now)
    until = next((t for t in watches.edges(mission, post, now) if _names(mission, post, t) != here), None)
    return Shift(
        role=post.role,
        area=post.area,
        on_watch=here,
        until=until,
        next=_names(mission, post, until) if until is not None else (),
        languages=tuple(sorted({language for row in rows for language in row.languages})),
        gaps=tuple(watches.gaps(mission, post, now, now + watches.DAY)),
    )


def _names(mission: Mission, post: watches.Post, at: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row.participant for row in watches.filled(mission, post, at)))


def _text(mission: Mission, shifts: list[Shift], now: int) -> str:
    from coordinator.cli.text import clean, dtg, table

    if not shifts:
        return "the mission has no roster"
    divided = {row.role for row in mission.roster if row.area}
    rows: list[tuple[str, ...]] = [
        (
            s.role,
            clean(s.area) or ("everywhere else" if s.role in divided else "everywhere"),
            ", ".join(s.on_watch) or "NOBODY",
            dtg(s.until) if s.until is not None else "no change",
            (", ".join(s.next) or "nobody") if s.until is not None else "-",
            " ".join(s.languages) or "-",
            ", ".join(f"{dtg(a)} to {dtg(b)}" for a, b in s.gaps) or "-",
        )
        for s in shifts
    ]
    head = f"on watch at {dtg(now)}"
    return f"{head}\n" + table(("ROLE", "AREA", "ON WATCH", "UNTIL", "THEN", "LANGUAGES", "NOBODY WITHIN 24 H"), rows)
