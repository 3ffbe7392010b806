"""Which values an after-action report has, in which order, and what they are counted in: one row a measure."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from coordinator.core.afteraction import events, times
from coordinator.core.afteraction.facts import HOUR, Facts
from coordinator.core.afteraction.figures import Sample

Unit = Literal["time", "percent", "count"]
LOAD: Final = "cards-per-hour"


class Measure(NamedTuple):
    """A measure: the section that it stands in, and what its values are."""

    section: str
    unit: Unit = "time"


MEASURES: Final[dict[str, Measure]] = {
    "detect": Measure("detect"),  # from what caused a finding to the finding
    "deliver": Measure("deliver"),  # from the log to whoever was told
    "failed": Measure("deliver", "count"),  # what one channel of a participant could not deliver
    "acknowledge": Measure("answer"),  # from being asked by a card to the acknowledgement
    "answer": Measure("answer"),  # from an order to the first answer of a unit that acts on it
    "decide": Measure("answer"),  # from an order to WILCO or cannot-comply
    "late-by": Measure("answer"),  # an order's answer behind its deadline, without the time that there was no link
    "all-wilco": Measure("answer"),  # from an order to the WILCO of the last unit that acts on it
    "resolve": Measure("resolve"),  # from a finding to its end
    "card": Measure("resolve"),  # from a card to its end
    "agree": Measure("resolve"),  # from the opening of a session to the text that all agreed to
    "danger": Measure("resolve"),  # from the report of a danger to the word that it is over
    "casevac": Measure("casevac"),  # from the injury to treatment
    "casevac-first-aid": Measure("casevac", "percent"),
    "casevac-resuscitation": Measure("casevac", "percent"),
    "casevac-surgery": Measure("casevac", "percent"),
    "reported": Measure("coverage", "percent"),  # of the hours, those in which a participant wrote something
    "linked": Measure("coverage", "percent"),  # of the time, with a link
    "not-covered": Measure("coverage"),  # a place on which somebody relies
    "late-return": Measure("coverage", "count"),
    LOAD: Measure("load", "count"),  # cards that asked a participant for an answer
    "waived": Measure("load", "count"),
    "closed-by-hand": Measure("load", "count"),  # cards that a person closed, and gave a reason
}


def samples(facts: Facts, since: int, until: int) -> Iterator[Sample]:
    """Yield every value of what began in a period."""
    for sample in _all(facts, since, until):
        lasts = HOUR - 1 if sample.measure == LOAD else 0
        if since <= sample.start + lasts and sample.start <= until:
            yield sample


def _all(facts: Facts, since: int, until: int) -> Iterator[Sample]:
    for whole in (times.findings, times.cards, times.orders, events.talks, events.dangers, events.evacuated):
        yield from whole(facts)
    yield from events.reporting(facts, since, until)
    yield from events.linked(facts, since, until)
    yield from events.uncovered(facts)
    yield from events.counted(facts)
    yield from events.failed(facts)
    yield from times.load(facts)
