"""A label as one line of words, as it stands at the head of a text or in a field for restrictions.

``UN RESTRICTED // FOR OFFICIAL USE REL TO XAR, XBL``: classification, privacy mark, and to whom it may be released.
Words that cannot be taken apart are the classification: one that the mission does not know is read as the strictest.
Source: reference formats.md §9.
"""

import re
from typing import Final

from schemas.label import Label

_RELEASE: Final = re.compile(r"\brel(?:easable)? to\b:?", re.IGNORECASE)
_MARK: Final = " // "
NOBODY: Final = "ORIGINATOR ONLY"
UNSAID: Final = "AS THE MISSION RULES"  # nothing was said, so the mission's default holds


def write(label: Label) -> str:
    """Return a label in words."""
    head = _MARK.join(filter(None, (label.classification, label.privacy_mark)))
    if label.privacy_mark and not label.classification:
        head = f"//{head}"
    if label.releasable_to is None:
        return head or UNSAID
    return f"{head} REL TO {_listed(label.releasable_to)}".strip()


def read(text: str) -> Label:
    """Return the label that words stand for."""
    flat = " ".join(text.split())
    if flat == UNSAID:
        return Label()
    head, releasable = flat, None
    if found := _RELEASE.search(flat):
        head, releasable = flat[: found.start()].strip(), names(flat[found.end() :])
    classification, _, mark = head.partition(_MARK)
    if head.startswith("//"):
        classification, mark = "", head[2:].strip()
    return Label(releasable_to=releasable, classification=classification.strip(), privacy_mark=mark.strip(), raw=text)


def names(text: str) -> tuple[str, ...]:
    """Return the names of a list, separated by commas or, where there is no comma, by blanks."""
    flat = text.strip()
    if flat.upper() == NOBODY:
        return ()
    parts = flat.replace(";", ",").split(",") if "," in flat or ";" in flat else flat.split()
    return tuple([p.strip() for p in parts if p.strip()])


def _listed(names: tuple[str, ...]) -> str:
    if not names:
        return NOBODY
    return ", ".join(names) + ("," if len(names) == 1 and " " in names[0] else "")
