"""Answers who owes which report and whether it came, and how old the last word of each participant is.

``ask.<p>.alerting.returns``, with ``{"at": T}`` for the period that holds an instant (microseconds UTC), else of the
last due time. The answer, of what ``<p>`` owes, collects or directs:

* ``{"return": {...}}``: one `core.returns.standing.Standing` each;
* ``{"feed": {"participant", "watched", "reachable", "since", "position_at"}}``: whether contact stands (None if it is
  not watched, or was never seen), since when, and of when the last accepted position is, if ``<p>`` may read that.

Nothing is written.
"""

from collections.abc import AsyncIterator
from typing import cast

import msgspec

from coordinator.core import audience
from coordinator.core.alerting import Alerting
from coordinator.core.mission import Mission
from coordinator.core.occasions.returns import Returns
from coordinator.core.occasions.trail import Trail
from coordinator.core.recall import Records
from coordinator.core.returns.standing import concerns, standings
from coordinator.errors import BusError
from coordinator.services.base import Question, Runner
from coordinator.topology import TRACKS
from schemas import registry, subjects
from schemas.reports import PositionReport


class Which(msgspec.Struct, frozen=True, kw_only=True):
    """The period that somebody asks about."""

    at: int | None = None


async def returns(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer how returns stand, and how old what is known of each participant is."""
    try:
        wanted = msgspec.json.decode(question.body or b"{}", type=Which)
    except msgspec.MsgspecError as error:
        raise BusError(f"this asks about no period: {error}") from None
    core: Alerting = runner.core
    source = cast(Returns, core.source(Returns.NAME))
    mission, now = source.mission, runner.clock.now()
    for row in standings(source.state.accounts, mission, question.participant, now, wanted.at):
        yield registry.encode({"return": row})
    for participant in sorted(mission.by_id):
        if participant != question.participant and concerns(mission, question.participant, participant, participant):
            yield registry.encode({"feed": await _feed(runner, mission, participant, question.participant)})


async def _feed(runner: Runner, mission: Mission, participant: str, reader: str) -> dict[str, object]:
    contact = runner.core.contact(participant)
    trail = cast(Trail, runner.core.source(Trail.NAME))
    watched, seen = mission.by_id[participant].watched, trail.of(participant).seen
    return {
        "participant": participant,
        "watched": watched,
        "reachable": (contact is None or not contact.lost) if watched and seen else None,
        "since": contact.at if contact else None,
        "position_at": await _position_at(runner, mission, participant, reader),
    }


async def _position_at(runner: Runner, mission: Mission, participant: str, reader: str) -> int | None:
    """Return of when the last accepted position of a participant is, if a reader may know it."""
    found = await runner.bus.last(TRACKS, subjects.position(participant))
    if found is None:
        return None
    envelope = registry.envelope(found.data)
    body = registry.body(envelope)
    if not isinstance(body, PositionReport):
        return None
    may = audience.decide(envelope, body, mission, Records()).readers
    return body.at.utc if reader in may else None
