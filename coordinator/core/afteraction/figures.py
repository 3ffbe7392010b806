"""Values and what is said of many of them: every number is one of the values, so that it leads back to the log.

The median and the 90th percentile are nearest ranks. Values are microseconds, or plain numbers, as their measure says.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

LEAST: Final = 3
"""Others who make a figure. Of fewer it could be told whose value is whose."""
TENTH: Final = 10
"""Values of others for a 90th percentile: of fewer it is the worst, and that is somebody's."""


class Sample(NamedTuple):
    """One value, whose it is, and where it comes from.

    ``by`` are the participants whose value it is. ``value`` None: it began and has not ended. ``link_down`` is how much
    of it there was no link to somebody; ``downs`` says of several how much each had none, because nobody is to learn of
    the links of others. ``only`` are those who may know that there is such a thing; None is everybody.
    """

    measure: str
    what: str  # what it is about, fit for all of ``by``: an id
    by: frozenset[str]
    start: int
    value: int | None
    seqs: tuple[int, ...] = ()
    link_down: int = 0
    late: bool = False
    only: tuple[str, ...] | None = None
    downs: tuple[tuple[str, int], ...] | None = None  # None: ``link_down`` is that of whoever is in ``by``

    def seen_by(self, reader: frozenset[str]) -> "Sample":
        """Return it with the time that its reader had no link itself."""
        if self.downs is None:
            return self
        return self._replace(link_down=max((down for who, down in self.downs if who in reader), default=0))


class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value as it is shown, with the log sequences that it comes from."""

    what: str
    value: int
    link_down: int = 0
    late: bool = False
    seqs: tuple[int, ...] = ()


class Figure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is said of several values. ``open`` are those that have not ended; ``values`` are all, in log order."""

    count: int
    median: Value | None = None
    p90: Value | None = None
    worst: Value | None = None
    link_down: int = 0  # of all together
    late: int = 0
    open: int = 0
    values: tuple[Value, ...] = ()


def figure(samples: Sequence[Sample], *, low: bool = False) -> Figure | None:
    """Return what is said of one's own values, or of all in total; None if there are none. ``low``: less is worse."""
    if not samples:
        return None
    values = [_value(s, s.value) for s in sorted(samples, key=_age) if s.value is not None]
    ranked = sorted(values, key=lambda v: (-v.value if low else v.value, v.seqs, v.what))
    return Figure(
        count=len(values),
        median=_rank(ranked, 50),
        p90=_rank(ranked, 90),
        worst=ranked[-1] if ranked else None,
        link_down=sum(v.link_down for v in values),
        late=sum(s.late for s in samples),
        open=len(samples) - len(values),
        values=tuple(values),
    )


def aggregate(samples: Sequence[Sample], reader: frozenset[str], *, low: bool = False) -> Figure | None:
    """Return what is said of the values of others: no names, sequences, links or single values; None if it is withheld.

    It is withheld where fewer than three others, or fewer than three values, make it.
    """
    whose = frozenset[str]().union(*(s.by for s in samples)) - reader
    own = figure(samples, low=low)
    if own is None or len(whose) < LEAST or own.count < LEAST:
        return None
    return Figure(
        count=own.count,
        median=_bare(own.median),
        p90=_bare(own.p90) if own.count >= TENTH else None,
        late=own.late,
        open=own.open,
    )


def _age(sample: Sample) -> tuple[object, ...]:
    return sample.seqs, sample.start, sample.value or 0, sample.what


def _value(sample: Sample, value: int) -> Value:
    return Value(what=sample.what, value=value, link_down=sample.link_down, late=sample.late, seqs=sample.seqs)


def _rank(ranked: Sequence[Value], percent: int) -> Value | None:
    return ranked[-(-len(ranked) * percent // 100) - 1] if ranked else None


def _bare(value: Value | None) -> Value | None:
    return Value(what="", value=value.value) if value else None
