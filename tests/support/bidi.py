"""What stays whole in a right-to-left line: a small check of Unicode's isolates (UAX #9, X5a to X6a, P2, P3).

A date-time group, a coordinate, a call sign or an id keeps its order if the isolate that it stands in runs from left to
right: its first strong character is a Latin one, or it has none. A Latin word that stands in Arabic by itself keeps its
order too, if it begins and ends with a letter or digit and has a letter before its first digit: then only its inside is
left-to-right, and no sign of it can fall to the other side.
"""

import re
import unicodedata
from typing import Final

LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
OPENING: Final = frozenset((LRI, RLI, FSI))
ISOLATES: Final = frozenset((*OPENING, PDI))
_STRONG: Final = {"L": "ltr", "R": "rtl", "AL": "rtl"}
_LATIN: Final = re.compile(r"[!-~]*[A-Za-z0-9][!-~]*")
_SOUND: Final = re.compile(r"[A-Za-z](?:[!-~]*[A-Za-z0-9])?")


def unbalanced(text: str) -> bool:
    """Say whether an isolate is opened and not closed, or closed and never opened."""
    depth = 0
    for c in text:
        depth += (c in OPENING) - (c == PDI)
        if depth < 0:
            return True
    return depth != 0


def broken(text: str, base: str = "rtl") -> list[str]:
    """Return the Latin runs of a right-to-left text that a reader would not see in their own order."""
    found: list[str] = []
    own = ""  # what stands at this level itself; an isolate inside it counts as one neutral sign
    i = 0
    while i < len(text):
        if text[i] in OPENING:
            end = _end(text, i)
            inner = text[i + 1 : end]
            found += broken(inner, _direction(text[i], inner))
            own += "\ufffc"
            i = end + 1
        else:
            own += text[i]
            i += 1
    if base == "rtl":
        found += [w for w in _LATIN.findall(own) if not _keeps(w)]
        found += re.findall(r"[!-~]*[A-Za-z0-9][!-~]* [!-~]*\d[!-~]*", own)  # two words with a number change places
    return found


def _keeps(word: str) -> bool:
    bare = word.lstrip("(\"'[").rstrip(".,:;)\"']")
    return bool(_SOUND.fullmatch(bare) or bare.isdigit())


def _end(text: str, at: int) -> int:
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in OPENING) - (text[i] == PDI)
        if depth == 0:
            return i
    return len(text)


def _direction(sign: str, inner: str) -> str:
    """Return the direction of an isolate; of FSI that of its first strong character, outside of isolates in it."""
    if sign != FSI:
        return "ltr" if sign == LRI else "rtl"
    depth = 0
    for c in inner:
        depth += (c in OPENING) - (c == PDI)
        if depth == 0 and (strong := _STRONG.get(unicodedata.bidirectional(c))):
            return strong
    return "ltr"
