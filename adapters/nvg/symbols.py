"""Symbol codes as NVG writes them: a scheme, a colon, and letters (2525B/C, APP-6A/B) or digits (2525D/E, APP-6D/E).

Source: reference formats.md §7.1, §11.5.
"""

import re
from typing import Final, NamedTuple

_LETTERS: Final = re.compile(r"[SGWIMOE][A-Z*-][A-Z*-][A-Z*-][A-Z0-9*-]{6,11}")
_DIGITS: Final = re.compile(r"\d{20}(?:\d{10})?")
_OF_LETTER: Final = {
    "P": "pending", "U": "unknown", "A": "friend", "F": "friend", "N": "neutral", "S": "suspect", "H": "hostile",
    "J": "suspect", "K": "hostile", "G": "pending", "W": "unknown", "M": "friend", "D": "friend", "L": "neutral",
    "O": "",
}  # fmt: skip
_OF_DIGIT: Final = {"0": "pending", "1": "unknown", "2": "friend", "3": "friend", "4": "neutral", "5": "suspect",
                    "6": "hostile"}  # fmt: skip
_EXERCISED: Final = frozenset("GWMDLJK")
_GRAPHICS: Final = frozenset({"25", "45", "46", "47"})  # control measures, weather, ocean, space


class Symbol(NamedTuple):
    """What a code says. ``somebody``: it stands for a unit, a vehicle or an installation, not for a graphic."""

    sidc: str
    affiliation: str = ""
    somebody: bool = False
    exercise: bool = False


def symbol(code: str) -> Symbol | None:
    """Return what a code says, with its scheme or without; None if it is no symbol code."""
    sidc = code.rpartition(":")[2].strip().upper()
    if _LETTERS.fullmatch(sidc):
        return Symbol(sidc, _OF_LETTER.get(sidc[1], ""), sidc[0] in "SOE", sidc[1] in _EXERCISED)
    if _DIGITS.fullmatch(sidc):
        return Symbol(sidc, _OF_DIGIT.get(sidc[3], ""), sidc[4:6] not in _GRAPHICS, sidc[2] in "12")
    return None
