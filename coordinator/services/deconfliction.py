"""Deconfliction: finds directives and plans that contradict each other, before anybody moves.

A fold; see `core.deconfliction`. It advises: it never orders, approves or clears anything. Asked whether a plan would
clash, it answers blind: that something does, where, when and whom to call, never whose plan it is.
"""

from typing import Final

from coordinator.core.deconfliction import Engine
from coordinator.services import asking, ordering
from coordinator.services.base import Service
from coordinator.topology import LOG
from schemas import subjects

NAME: Final = "deconfliction"
KINDS: Final = (
    "directive",
    "movement",
    "hazard",
    "protected-site",
    "incident",
    "route-state",
    "agreement",
    "caveat",
    "acknowledgement",
    "action",
)


SERVICE: Final = Service(
    name=NAME,
    about="finds messages that contradict each other, and says so with proof",
    reads={
        LOG: (
            *(subjects.records(kind) for kind in KINDS),
            subjects.CONFIG,
            subjects.ALL_INQUIRIES,
            subjects.ALL_WHEREABOUTS,
        )
    },
    writes=(subjects.ALL_FINDINGS,),
    build=lambda _: Engine(locate=ordering.located),
    answers={"check": asking.check, "digest": asking.digest, "orders": ordering.orders},
)
