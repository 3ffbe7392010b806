"""Formats: pure translation between bytes and messages. Imports schemas.

A nation's own format comes by the entry-point group ``coordinator.adapters``: an object that fulfils
`adapters.base.Adapter`. It passes the same contract tests as those listed here.
"""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final, cast

from adapters import axes
from adapters.base import Adapter, Context, Rejected, Translation

BUILTIN: Final[dict[str, str]] = {  # one line a format: name -> module:object, imported when first used
    "native": "adapters.native:NATIVE",
    "text": "adapters.text:TEXT",
    "sheet": "adapters.sheet:SHEET",
    "cot": "adapters.cot:COT",
    "mtf": "adapters.mtf:MTF",
    "geojson": "adapters.geojson:GEOJSON",
    "kml": "adapters.kml:KML",
    "gpx": "adapters.gpx:GPX",
    "c2sim": "adapters.c2sim:C2SIM",
    "nvg": "adapters.nvg:NVG",
    "cap": "adapters.cap:CAP",
    "edxl": "adapters.edxl:EDXL",
    "short": "adapters.short:SHORT",
}
GROUP: Final = "coordinator.adapters"


@cache
def names() -> tuple[str, ...]:
    """Return the name of every format, built in first."""
    return (*BUILTIN, *(e.name for e in entry_points(group=GROUP) if e.name not in BUILTIN))


@cache
def adapter(name: str) -> Adapter:
    """Return the adapter of a format.

    Raises:
        Rejected: no format has that name.
    """
    if name in BUILTIN:
        module, _, attribute = BUILTIN[name].partition(":")
        return cast(Adapter, getattr(import_module(module), attribute))
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            return cast(Adapter, entry.load())
    raise Rejected("format", f'"{name}" is not a known format', f"known are: {', '.join(names())}")


def decode(name: str, data: bytes, context: Context) -> Translation:
    """Translate one input; where the context says where the mission is, places that look swapped get a warning.

    Raises:
        Rejected: as `Adapter.decode`, or no format has that name.
    """
    found = adapter(name).decode(data, context)
    return axes.checked(found, context.box) if context.box else found


def detect(head: bytes, suffix: str = "", among: Iterable[str] = ()) -> str:
    """Return the name of the format that recognises the first 4 KiB best.

    Raises:
        Rejected: none does.
    """
    scores = {name: adapter(name).sniff(head[:4096], suffix) for name in among or names()}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] <= 0:
        raise Rejected("input", "no known format recognises it", f"name the format; known are: {', '.join(scores)}")
    return best
