"""Alerting: one card per problem, deadlines and escalation, notices of lost contact. A fold; see `core.alerting`."""

from collections.abc import Iterable
from typing import Final

from coordinator.core.alerting import NAME, Alerting
from coordinator.core.occasions import SOURCES
from coordinator.services import evacuating, reporting, requesting
from coordinator.services.base import Service
from coordinator.topology import LOG
from schemas import subjects


def _apart(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return patterns without those that another one covers: a server refuses filters that overlap."""
    named = sorted(set(patterns))
    return tuple(p for p in named if not any(p != q and subjects.matches(q, p) for q in named))


SERVICE: Final = Service(
    name=NAME,
    about="groups findings into cards, asks until somebody has acknowledged, escalates when nobody does",
    reads={
        LOG: _apart(
            (
                subjects.ALL_FINDINGS,
                subjects.ALL_PRESENCE,
                subjects.records("action"),
                subjects.CONFIG,
                *(subject for source in SOURCES for subject in source.READS),
            )
        )
    },
    writes=(subjects.ALL_ALERTS,),
    build=lambda _: Alerting(),
    answers={"casevac": evacuating.casevac, "liaison": requesting.liaison, "returns": reporting.returns},
)
