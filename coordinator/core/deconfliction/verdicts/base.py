"""What a verdict is: a kind's conclusion, and what it may look at.

A verdict is definite, possible, unknown, or there is none. Verdicts are pure, symmetric in the parties and blind to the
issuer: they have no clock and no I/O, and read nothing but their arguments. Source: reference deconfliction.md §2.2.
"""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.sections import Rating, Use
from coordinator.core.deconfliction.setting import Setting, Spot
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.windows import Span
from schemas.findings import SEVERITIES, Certainty, Evidence, FindingKind, Option, Severity

Tagged = Callable[[str], Collection[Key]]


class Verdict(NamedTuple):
    """What a kind concludes. ``what`` and ``spans`` are per party, ``key`` tells findings of one kind apart.

    ``others`` are parties besides those that were judged; ``only`` limits who may know of it at all; ``offers`` are
    ways out that need no computation. ``notice_s`` is the lead time below which the severity rises by one.
    """

    kind: FindingKind
    certainty: Certainty
    severity: Severity
    evidence: Evidence
    what: tuple[str, ...] = ()
    spans: tuple[Span | None, ...] = ()
    key: str = ""
    others: tuple[Side, ...] = ()
    only: tuple[str, ...] | None = None
    arbiter: str | None = None  # who can decide, where that is not the lowest common superior; "" is nobody
    between: tuple[str, ...] = ()  # participants besides the issuers above all of whom it is to be decided
    told: tuple[str, ...] = ()  # participants whom it concerns besides issuers, performers and arbiter
    notice_s: float | None = None  # None: it does not rise
    offers: tuple[Option, ...] = ()
    since: int = 0  # since when it holds, if that is later than the order
    instead: tuple[Side, ...] = ()  # parties in place of the order that was judged: who feels the effect


class Passing(NamedTuple):
    """One party's use of a section, and what the section carries then."""

    spot: Spot
    use: Use
    rating: Rating


class Scene(NamedTuple):
    """What a verdict on one order may look at besides the order: everything that is known now."""

    ledger: Ledger
    setting: Setting
    everyone: Mapping[Key, tuple[Side, ...]]  # every order's versions, oldest first; the last is in force
    tagged: Tagged = lambda _: frozenset()  # the orders that have a tag of `ties`


def lower(severity: Severity) -> Severity:
    """Return the severity one step below."""
    return SEVERITIES[min(SEVERITIES.index(severity) + 1, len(SEVERITIES) - 1)]


def higher(severity: Severity) -> Severity:
    """Return the severity one step above."""
    return SEVERITIES[max(SEVERITIES.index(severity) - 1, 0)]
