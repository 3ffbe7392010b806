"""Answers how far evacuations are: the clock, who decides, launch states with their times, what is next.

``ask.<p>.alerting.casevac`` with nothing. The answer is one `core.orders.evacuations.Case` a line, the oldest first, as
it follows from the messages that ``<p>`` may read itself; a request that is not for ``<p>`` has no line. Nothing is
written.
"""

from collections.abc import AsyncIterator

from coordinator.core.alerting import Alerting
from coordinator.core.occasions.casevac import Evacuations
from coordinator.services.base import Question, Runner
from schemas import registry


async def casevac(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer how far evacuations are."""
    core: Alerting = runner.core
    source = core.source(Evacuations.NAME)
    if isinstance(source, Evacuations):
        for case in source.cases(question.participant, runner.clock.now()):
            yield registry.encode(case)
