"""Vignettes as package data: real files in the formats and languages that their senders use, played and scored.

`run` plays one on a bus of its own, on virtual time: time moves on only when every service is drained and every
simulated officer has read what was delivered. What the server itself measures (duplicate windows) stays on wall time.
"""

from functools import partial

import anyio

from coordinator.demo import screen
from coordinator.demo.play import embedded, play
from coordinator.demo.score import Score
from coordinator.demo.vignette import NAMES, Vignette, load


async def score(vignette: Vignette, *, speed: float | None = None, show: screen.Show = lambda _: None) -> Score:
    """Play a vignette on an embedded bus and return its score."""
    async with embedded(vignette.mission) as open_bus:
        return await play(vignette, speed=speed, show=show, open_bus=open_bus)


def run(name: str, speed: float | None, headless: bool, as_json: bool) -> int:
    """Play one vignette, or "all", on the terminal; return 0 only if exactly what is expected came of each."""
    passed = True
    for each in NAMES if name == "all" else (name,):
        vignette = load(each)
        show = screen.silent if headless else screen.storyteller(vignette)
        result = anyio.run(partial(score, vignette, speed=speed, show=show))
        screen.print_score(result, as_json=as_json)
        passed &= result.passed
    return 0 if passed else 1
