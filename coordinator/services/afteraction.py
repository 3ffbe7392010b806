"""Answers for an after-action report: the log is walked once, and each gets what it may see (`core.afteraction`).

A participant cannot read what others wrote, so it cannot compute its report from the log by itself; an operator can,
and gets the same numbers. Nothing is kept between two questions.
"""

from collections.abc import AsyncIterator

import anyio
import msgspec

from coordinator.core.afteraction.facts import Facts
from coordinator.core.afteraction.figures import Sample
from coordinator.core.afteraction.measures import samples
from coordinator.core.afteraction.parts import parts
from coordinator.core.afteraction.report import period, shown
from coordinator.errors import BusError
from coordinator.services.base import Question, Runner, logged_at, opened
from coordinator.services.ledgers import cause
from coordinator.topology import LOG
from schemas import registry, subjects

BREATH = 500
"""Values after which others have their turn."""


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Over which time, microseconds UTC of logging; 0 is the beginning, or the end, of the log."""

    since: int = 0
    until: int = 0


async def answer(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer with the report as whoever asks may see it, in the rows of `core.afteraction.parts`."""
    try:
        wanted = msgspec.json.decode(question.body or b"{}", type=Period)
    except msgspec.MsgspecError as error:
        raise BusError(f"the question cannot be read: {error}") from None
    facts = await gathered(runner)
    since, until = period(facts, wanted.since, wanted.until)
    found: list[Sample] = []
    for sample in samples(facts, since, until):
        found.append(sample)
        if len(found) % BREATH == 0:
            await anyio.lowlevel.checkpoint()
    for row in parts(shown(facts, found, question.participant, since, until)):
        yield registry.encode(row)


async def gathered(runner: Runner) -> Facts:
    """Return the facts of the whole log."""
    facts, now = Facts(), 0
    async with runner.bus.read(LOG, subjects.EVERYTHING) as reader:
        while await reader.pending():
            for delivery in await reader.batch():
                now = max(now, logged_at(delivery))
                facts.take(opened(delivery, now), cause(delivery.headers))
    return facts
