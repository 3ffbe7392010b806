"""Alerting: one card per problem, deadlines and escalation, notices of lost contact. A fold; see `core.alerting`."""

from typing import Final

from coordinator.core.alerting import NAME, Alerting
from coordinator.core.occasions import SOURCES
from coordinator.services.base import Service
from coordinator.topology import LOG
from schemas import subjects

SERVICE: Final = Service(
    name=NAME,
    about="groups findings into cards, asks until somebody has acknowledged, escalates when nobody does",
    reads={
        LOG: (
            subjects.ALL_FINDINGS,
            subjects.ALL_PRESENCE,
            subjects.records("action"),
            subjects.CONFIG,
            *sorted({subject for source in SOURCES for subject in source.READS}),
        )
    },
    writes=(subjects.ALL_ALERTS,),
    build=lambda _: Alerting(),
)
