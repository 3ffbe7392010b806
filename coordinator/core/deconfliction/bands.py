"""Heights as messages say them: by how much one limit lies under another, and bands that say nothing.

Unlike datums cannot be compared without terrain. Source: reference deconfliction.md §2.1 (Altitude).
"""

from typing import Final

from schemas.geo import AltitudeBand, AltitudeLimit

HIGHEST_M: Final = 1e9
"""Beyond it heights are as far apart as they can be."""
UNLIKE: Final = "unlike"


def under(top: AltitudeLimit | None, bottom: AltitudeLimit | None) -> float | str | None:
    """Return by how many metres a top lies under a bottom.

    None if there is no such limit, `UNLIKE` if nobody can tell.
    """
    if top is None or bottom is None or top.reference == "UNL" or bottom.reference == "SFC":
        return None
    if top.reference == "SFC":
        top = AltitudeLimit(reference="AGL", value_m=0.0)
    if top.value_m is None or bottom.value_m is None or top.reference != bottom.reference:
        return UNLIKE
    return float(max(-HIGHEST_M, min(HIGHEST_M, bottom.value_m - top.value_m)))


def upside_down(band: AltitudeBand | None) -> bool:
    """Say whether the lower limit of a band lies above its upper one: then it separates nothing."""
    apart = under(band.upper, band.lower) if band is not None else None
    return isinstance(apart, float) and apart > 0
