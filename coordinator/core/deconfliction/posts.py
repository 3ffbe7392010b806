"""Who is to be where: the place of the gazetteer that an order has somebody hold, and places that others rely on.

Only places of the gazetteer count: a unit's track is compared with them and with nothing else (K19).
Source: domain.md §4.2 (TASK-DEVIATION, COVERAGE-NOT-ASSURED); design §4.
"""

from typing import Final, NamedTuple

from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Mission, Place
from schemas.base import Message
from schemas.directives import Action, Directive, OrderChange
from schemas.geo import Area, Circle, Named
from schemas.notices import MovementNotice

HELD: Final[frozenset[Action]] = frozenset(("hold", "secure", "observe", "block", "control"))
"""What binds a unit to a place."""


class Post(NamedTuple):
    """A place that is to be held, and how far from its middle a unit still is there, metres."""

    place: Place
    limit_m: float

    @property
    def name(self) -> str:
        """What it is called."""
        return self.place.name


def post(body: Message | None, setting: Setting) -> Post | None:
    """Return where an order has its performers be, or None if it binds nobody to a place of the gazetteer."""
    if not isinstance(body, Directive) or body.action not in HELD:
        return None
    return post_at(body.area, setting)


def post_at(area: Area | None, setting: Setting) -> Post | None:
    """Return the place of the gazetteer that an area means: by name, or a circle around it."""
    match area:
        case Named(name=name, radius_m=radius):
            place, reach = setting.mission.place(name), radius or 0.0
        case Circle(centre=centre, radius_m=reach):
            place = setting.mission.place(setting.place_at((centre.lon, centre.lat)))
        case _:
            return None
    return Post(place, around_m(place, setting.mission, reach)) if place else None


def around_m(place: Place, mission: Mission, reach_m: float = 0.0) -> float:
    """Return how far from a place's middle a unit still is there: its extent and the tolerance beyond it."""
    covered = [c.radius_m for c in mission.coverage if mission.place(c.place) is place]
    return max(reach_m, place.radius_m) + max(covered, default=mission.rules.deviation_m)


def relied_on(body: Message | None, setting: Setting) -> tuple[str, ...]:
    """Return the places of the gazetteer that a message needs observed or held by others, sorted."""
    if not isinstance(body, Directive | MovementNotice) or not body.relies_on:
        return ()
    places = (setting.mission.place(name) for name in body.relies_on)
    return tuple(sorted({p.name for p in places if p}))


def dependants(place: str, setting: Setting) -> tuple[str, ...]:
    """Return the participants who by the mission depend on a place."""
    rows = (c for c in setting.mission.coverage if (p := setting.mission.place(c.place)) and p.name == place)
    return tuple(sorted({d for c in rows for d in c.dependants}))


def given(change: Directive | OrderChange) -> bool:
    """Say whether an order or an amendment may bind somebody to a place."""
    return change.action is None or change.action in HELD


# -- how orders find each other ---------------------------------------------------------------------------------------


def manned(place: str) -> str:
    """Return the tag of orders that have somebody hold a place."""
    return f"post {place.casefold()}"


def needed(place: str) -> str:
    """Return the tag of messages that rely on a place."""
    return f"relies {place.casefold()}"
