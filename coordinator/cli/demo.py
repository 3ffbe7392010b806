"""``coordinator demo``: a vignette on a bus of its own; exit code 1 unless exactly what is expected came of it."""

import sys
from typing import Annotated, Final, Literal

from cyclopts import Parameter

from coordinator.cli import common
from coordinator.errors import UsageError

_WATCHABLE: Final = 600.0  # ten minutes of the mission in a second


def demo(
    *,
    vignette: Annotated[Literal["v1", "v2", "v3", "all"], Parameter(help="Which day to play.")] = "v1",
    speed: Annotated[
        str, Parameter(metavar="N|max", show_default=False, help="How much faster than life; max unless you watch it.")
    ] = "",
    headless: Annotated[bool, Parameter(help="Show the score only.")] = False,
    json: common.Json = False,
) -> int:
    """Play a vignette and print its score."""
    from coordinator import demo as plays
    from coordinator import log

    log.configure(level="error")
    watched = sys.stdout.isatty() and not headless and not json
    chosen = pace(speed) if speed else (_WATCHABLE if watched else None)
    return plays.run(vignette, chosen, headless or json, json)


def pace(speed: str) -> float | None:
    """Return how much faster than life; None is as fast as possible.

    Raises:
        UsageError: it is neither a number above zero nor "max".
    """
    if speed.strip().lower() == "max":
        return None
    try:
        number = float(speed)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise UsageError(f'--speed "{speed}" is neither a number above zero nor "max"')
    return number
