"""What the tables of control measures have in common, linted: grounds that lie nowhere, periods that never are."""

from collections.abc import Iterator, Sequence
from typing import Final

from coordinator.core.measures import Ground, Period
from coordinator.core.mission import Mission
from coordinator.errors import ConfigFinding

WORDS: Final = 20
"""What officers read as part of one short sentence."""


def grounds(mission: Mission, ground: Ground | None, path: str) -> Iterator[ConfigFinding]:
    """Yield what keeps a ground from being laid out on the earth."""
    if ground is None:
        return
    given = [name for name in ("place", "ring", "line") if getattr(ground, name)]
    if len(given) != 1:
        said = " and ".join(given) or "nothing"
        yield ConfigFinding(path=path, what=f"gives {said}", hint='give one of "place", "ring" and "line"')
    for name, least in (("ring", 3), ("line", 2)):
        points: tuple[str, ...] = getattr(ground, name)
        if points and len(set(points)) < least:
            yield ConfigFinding(path=f"{path}.{name}", what=f"needs {least} different points or more")
    for word in (*filter(None, (ground.place,)), *ground.ring, *ground.line):
        if mission.place(word) is None and not is_pair(word):
            yield ConfigFinding(path=path, what=f'no place "{word}"', hint='add it, or write "lat,lon"')
    if ground.radius_m < 0 or ground.width_m < 0:
        yield ConfigFinding(path=path, what="a radius or a width is negative")


def periods(of: Sequence[Period], path: str) -> Iterator[ConfigFinding]:
    """Yield the periods that end before they start."""
    for i, period in enumerate(of):
        if period.start is not None and period.end is not None and period.end <= period.start:
            yield ConfigFinding(path=f"{path}[{i}]", what="never is: it does not end after it starts")


def short(text: str, path: str) -> Iterator[ConfigFinding]:
    """Yield what keeps a text from being read within a sentence."""
    if not text.strip() or len(text.split()) > WORDS or text.rstrip().endswith(".") or "; " in text:
        what = f'"{text}" is empty, longer than {WORDS} words, has a semicolon or ends with a full stop'
        yield ConfigFinding(path=path, what=what, hint="officers read it within a short sentence")


def is_pair(text: str) -> bool:
    """Say whether a text is "lat,lon" in degrees."""
    try:
        lat, lon = map(float, text.split(","))
    except ValueError:
        return False
    return -90 <= lat <= 90 and -180 <= lon <= 180
