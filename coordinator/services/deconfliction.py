"""Deconfliction: finds directives and plans that contradict each other, before anybody moves.

A fold; see `core.deconfliction`. It advises: it never orders, approves or clears anything. Asked whether a plan would
clash, it answers blind: that something does, where, when and whom to call, never whose plan it is.
"""

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from coordinator.core.deconfliction import Engine
from coordinator.core.recall import Records
from coordinator.core.tearline import Tearline
from coordinator.errors import BusError
from coordinator.services.base import Question, Runner, Service
from coordinator.texts import say
from coordinator.topology import LOG
from schemas import registry, subjects
from schemas.envelope import Envelope

NAME: Final = "deconfliction"
KINDS: Final = (
    "directive",
    "movement",
    "hazard",
    "protected-site",
    "route-state",
    "agreement",
    "acknowledgement",
    "action",
)


async def _check(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer with a row ``{"finding": ...}`` for each clash that would be new, and a last row with the scope."""
    engine: Engine = runner.core
    candidates = _candidates(question)
    known = {f.id for f in engine.findings() if f.state != "closed"}
    tearline = Tearline(say, engine.mission, Records())  # it recalls nothing, so it shows only the asker's own
    for finding in engine.check(candidates):
        if finding.id not in known:
            shown = tearline.finding(finding, tearline.sight(finding, question.participant))
            yield registry.encode({"finding": shown})
    status = await runner.status()
    scope = {"as_of": runner.clock.now(), "orders": engine.known, "log_seq": status.position[LOG]}
    yield registry.encode({"scope": scope})


def _candidates(question: Question) -> list[Envelope]:
    try:
        found = [registry.envelope(line) for line in question.body.splitlines() if line.strip()]
        for envelope in found:
            registry.body(envelope)
    except (msgspec.MsgspecError, registry.UnknownKind) as error:
        raise BusError(f"the question cannot be read: {error}") from None
    return [msgspec.structs.replace(e, originator=question.participant) for e in found]


SERVICE: Final = Service(
    name=NAME,
    about="finds messages that contradict each other, and says so with proof",
    reads={LOG: (*(subjects.records(kind) for kind in KINDS), subjects.CONFIG)},
    writes=(subjects.ALL_FINDINGS,),
    build=lambda _: Engine(),
    answers={"check": _check},
)
