"""Cases for the second oracle, by theme: pairs that meet or just miss each other, on one axis at a time or on several.

Source of the idea: reference deconfliction.md §1.1 (monitoring#697: also what must not be found; dss#633: one axis).
"""

from collections.abc import Callable, Iterator
from typing import Final

from schemas.envelope import Envelope
from tests.support.oracle import Case, cases_activities, cases_means, cases_orders, cases_places, cases_read
from tests.support.oracle.making import NOW, Making
from tests.support.v1 import HOUR, MINUTE

Theme = Callable[[Making], list[Envelope]]
THEMES: Final[dict[str, tuple[int, Theme]]] = {
    "place": (6, cases_activities.place),
    "border": (2, cases_activities.border),
    "time": (4, cases_activities.time),
    "height": (2, cases_activities.height),
    "accord": (3, cases_activities.accord),
    "life": (4, cases_activities.life),
    "notice": (1, cases_activities.notice),
    "section": (4, cases_orders.section),
    "links": (4, cases_orders.links),
    "answers": (2, cases_orders.answers),
    "unclear": (2, cases_orders.unclear),
    "command": (6, cases_orders.command),
    "mandate": (2, cases_orders.mandate),
    "assets": (4, cases_means.assets),
    "radio": (4, cases_means.radio),
    "needs": (3, cases_means.needs),
    "travel": (3, cases_means.travel),
    "ground": (6, cases_places.ground),
    "caveat": (4, cases_places.caveat),
}
"""Each theme with its weight."""

READ: Final[dict[str, tuple[int, Theme]]] = {
    "ways": (1, cases_read.ways),
    "sightings": (1, cases_read.sightings),
    "crowds": (1, cases_read.crowds),
    "by name": (1, cases_read.by_name),
}
"""Themes of which the second oracle knows nothing: they are only read."""


def cases(seed: int, count: int, *themes: str) -> Iterator[Case]:
    """Yield so many cases, of these themes or of all that can be judged twice."""
    m = Making(seed)
    chosen = themes or tuple(THEMES)
    known = THEMES | READ
    weights = [known[t][0] for t in chosen]
    for _ in range(count):
        theme = m.random.choices(chosen, weights)[0]
        now = NOW + (4 * HOUR + 50 * MINUTE if theme == "notice" else 0)
        yield Case(theme, now, known[theme][1](m))
