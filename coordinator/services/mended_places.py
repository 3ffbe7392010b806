"""Positions that a refusal quotes: decimal points for commas, and the two numbers the other way round. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from coordinator.core.mission import Mission

MARGIN_DEG: Final = 5.0  # around the mission's places: further away the other order is no more likely
_NUM: Final = r"[+-]?\d{1,3}(?:\.\d{1,12})?"
_COMMA: Final = re.compile(r"[+-]?\d{1,6},\d{1,12}")
_COMMAS: Final = re.compile(r"([+-]?\d{1,3}),(\d{1,12})\s*[;, /]\s*([+-]?\d{1,3}),(\d{1,12})")
_ATTRIBUTES: Final = re.compile(
    rf"(?P<a>\bl(?:at|on)\s*=\s*[\"'])(?P<one>{_NUM})(?P<b>[\"']\s+l(?:on|at)\s*=\s*[\"'])(?P<two>{_NUM})(?P<c>[\"'])"
)
_ELEMENTS: Final = re.compile(
    rf"(?P<a><(?:\w+:)?Latitude>\s*)(?P<one>{_NUM})(?P<b>\s*</(?:\w+:)?Latitude>\s*<(?:\w+:)?Longitude>\s*)(?P<two>{_NUM})(?P<c>\s*<)"
)
_ARRAY: Final = re.compile(rf"(?P<a>\[\s*)(?P<one>{_NUM})(?P<b>\s*,\s*)(?P<two>{_NUM})(?P<c>(?=\s*[,\]]))")
_PAIR: Final = re.compile(rf"(?P<a>(?<![\d.,-]))(?P<one>{_NUM})(?P<b>\s?,\s?)(?P<two>{_NUM})(?P<c>(?![\d.]))")
_WRITTEN: Final = {
    "cot": _ATTRIBUTES, "gpx": _ATTRIBUTES, "c2sim": _ELEMENTS, "geojson": _ARRAY,
}  # fmt: skip
"""How a format writes a position; any other writes pairs with a comma."""
_BLOCK: Final = re.compile(r"<(?:\w+:)?(polygon|circle|coordinates)>([^<]*)<", re.IGNORECASE)
_LATITUDE_FIRST: Final = frozenset({"cot", "gpx", "c2sim", "cap", "edxl", "text", "sheet", "mtf", ""})


def with_points(said: str) -> str:
    """Return a number or a pair with decimal points for its commas, or "" if that is not what is wrong."""
    if _COMMA.fullmatch(said.strip()):
        return said.replace(",", ".")
    match = _COMMAS.fullmatch(said.strip())
    return f"{match[1]}.{match[2]},{match[3]}.{match[4]}" if match else ""


def swapped(text: str, format_: str, said: str, mission: Mission) -> str | None:
    """Return the text with each position the other way round, if all of them then lie in the mission, else None."""
    pattern = _WRITTEN.get(format_, _PAIR)
    spans = [m.span(2) for m in _BLOCK.finditer(text)] if format_ in ("cap", "edxl", "kml") else [(0, len(text))]
    if format_ in ("text", "sheet", "mtf", ""):
        at = text.find(said) if said else -1
        spans = [(at, at + len(said))] if at >= 0 else []
    found = [m for start, end in spans for m in pattern.finditer(text, start, end)]
    latitude_first = format_ in _LATITUDE_FIRST
    if not found or not all(_inside(m, mission, latitude_first) for m in found):
        return None
    return "".join(_joined(text, found))


def _inside(match: re.Match[str], mission: Mission, latitude_first: bool) -> bool:
    one, two = float(match["two"]), float(match["one"])  # as they would be
    lat, lon = (one, two) if latitude_first != match["a"].startswith("lon") else (two, one)
    lats, lons = [p.lat for p in mission.places], [p.lon for p in mission.places]
    return bool(lats) and _between(lat, lats) and _between(lon, lons)


def _between(value: float, known: list[float]) -> bool:
    return min(known) - MARGIN_DEG <= value <= max(known) + MARGIN_DEG


def _joined(text: str, found: list[re.Match[str]]) -> Iterator[str]:
    at = 0
    for m in found:
        yield from (text[at : m.start()], m["a"], m["two"], m["b"], m["one"], m["c"])
        at = m.end()
    yield text[at:]
