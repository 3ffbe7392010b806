"""The clock of a CASEVAC: from when it runs, its three marks, and what a message must say to meet one.

Source: reference domain.md §1.6 (10-1-2), R-21.
"""

from collections.abc import Iterator
from typing import Final, Literal

import msgspec

from coordinator.core.correlate import SECOND
from coordinator.core.deconfliction.ledger import Item
from coordinator.core.measures import Casevac
from coordinator.core.orders.requests import Word
from schemas.reports import MedevacRequest
from schemas.time import TimeValue

MINUTE: Final = 60 * SECOND
Care = Literal["first-aid", "resuscitation", "surgery"]
Basis = Literal["injury", "about", "request"]
Reached = Literal["open", "met", "missed", "unreported", "stopped"]
Verdict = Literal["", "met", "missed", "unreported"]
CARES: Final[tuple[tuple[Care, str], ...]] = (
    ("first-aid", "first_aid_s"), ("resuscitation", "resuscitation_s"), ("surgery", "surgery_s"),
)  # fmt: skip
"""The three marks, and where the mission says how soon each is."""
_SURE: Final = frozenset({"exact"})
_ABOUT: Final = frozenset({"zone_inferred", "year_inferred", "month_inferred"})
_FINE: Final = frozenset({"second", "minute", "hour"})  # a day is no time of injury


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One mark of the clock; ``by`` is the message that met or missed it, ``told_at`` when that message was issued."""

    care: Care
    at: int
    state: Reached
    by: str = ""
    told_at: int | None = None


def clock(asked: list[Item], asked_at: int) -> tuple[int, Basis]:
    """Return from when the clock runs: the newest revision that says a time of injury counts."""
    for item in reversed(asked):
        for said in _injuries(item):
            basis = _usable(said)
            if basis and said.utc is not None and said.utc <= item.issued:  # nobody is hurt after he was reported
                return said.utc, basis
    said_at = (b.requested_at for i in asked if isinstance(b := i.body, MedevacRequest) and b.requested_at)
    written = [t.utc for t in said_at if t.utc is not None and _usable(t)]
    return min((asked_at, *written)), "request"


def _injuries(item: Item) -> Iterator[TimeValue]:
    body = item.body
    if isinstance(body, MedevacRequest) and not item.cancelled:
        if body.injured_at:
            yield body.injured_at
        of_each = [d.injured_at for d in body.details if d.injured_at and d.injured_at.utc is not None]
        yield from sorted(of_each, key=lambda t: t.utc or 0)


def _usable(time: TimeValue) -> Literal["", "injury", "about"]:
    """Say whether a clock may run from a time, and how sure it is."""
    if time.utc is None or time.precision not in _FINE:
        return ""
    exact = time.quality in _SURE and time.precision != "hour"
    return "injury" if exact else "about" if time.quality in _SURE | _ABOUT else ""


def marks(
    asked: list[Item], start: int, words: tuple[Word, ...], done: int | None, allowed: Casevac, now: int, over: bool
) -> tuple[Mark, ...]:
    """Return the marks as they stand; ``over`` says that the case ended at ``now`` without the patients."""
    aided = _aid(asked)
    received = next(((w.message, w.at) for w in words if w.state == "done" and w.at == done), None)
    found = []
    for care, field in CARES:
        at = start + int(getattr(allowed, field) * SECOND)
        said = min((e for e in (aided, received) if e), key=lambda e: e[1], default=None)
        found.append(_mark(care, at, said if care == "first-aid" else received, now, over))
    return tuple(found)


def _aid(asked: list[Item]) -> tuple[str, int] | None:
    """Return the first message of whoever asked that says how the patients are treated."""
    told = [i for i in asked if isinstance(b := i.body, MedevacRequest) and any(d.treatment for d in b.details)]
    first = min(told, key=lambda i: (i.issued, i.revision), default=None)
    return (first.name, first.issued) if first else None


def _mark(care: Care, at: int, said: tuple[str, int] | None, now: int, over: bool) -> Mark:
    by, told_at = said or ("", None)
    in_time = told_at is not None and told_at <= at
    late: Reached = "unreported" if care == "first-aid" else "missed"
    state: Reached = "met" if in_time else late if told_at is not None or now >= at else "stopped" if over else "open"
    return Mark(care=care, at=at, state=state, by=by, told_at=told_at)
