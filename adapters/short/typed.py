"""What people type behind the id instead of fields: ``HAZNOT X-1 illumination, 2.06N 26.93W, 142000Z-142030Z``.

Only what can mean one thing is taken as a value, each with a warning; all of the words stay words as well.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from adapters.base import Context, Loss, Rejected
from adapters.short.bodies import Taken, take
from adapters.short.frame import Head
from adapters.short.tables import HEADS, SLOTS
from adapters.short.wire import Field
from adapters.words import fold, plain
from schemas.envelope import Warning

_LABEL: Final = re.compile(r"^\s*[^\W\d][^/:\n]{0,40}\s*:(?:\s|$)", re.MULTILINE)
_PLACE: Final = re.compile(r"\d{1,2}[.,]\d{1,8}\s?[NS][\s,]{0,2}\d{1,3}[.,]\d{1,8}\s?[EWO]\b", re.IGNORECASE)
_WHEN: Final = re.compile(
    r"\b\d{6}\s?[A-IK-Z]?(?:\s?[A-Z]{3}\s?\d{2,4})?\s?-\s?\d{6}\s?[A-IK-Z](?:\s?[A-Z]{3}\s?\d{2,4})?\b"
    r"|\b\d{6}\s?[A-IK-Z](?:\s?[A-Z]{3}\s?\d{2,4})?\b",
    re.IGNORECASE,
)
_RADIUS: Final = re.compile(r"\b(\d{1,6}(?:[.,]\d{1,3})?\s?(?:km|m))\s(?:safety\s)?radius\b|\bradius\s(?:of\s)?"
                            r"(\d{1,6}(?:[.,]\d{1,3})?\s?(?:km|m))\b", re.IGNORECASE)  # fmt: skip
_SIDES: Final = re.compile(r"\bcorridor\s(\d{1,4}(?:[.,]\d{1,3})?)\s?(km|m)\seach\sside\b", re.IGNORECASE)
_HEIGHT: Final = re.compile(
    r"\b(surface|sfc|\d{1,3},?\d{3}|\d{1,5})\s?-\s?(\d{1,3},\d{3}|\d{1,5})\s?(ft|m)\s(agl|amsl|msl)\b", re.IGNORECASE
)


def has_labels(text: str) -> bool:
    """Say whether a text has lines such as ``Location: KESSA``: then it is labelled text, not a short form."""
    return _LABEL.search(plain(text)) is not None


def read(head: Head, fields: Sequence[Field], context: Context, where: str) -> Taken:
    """Read the words between the id and the first field. A value that a field says as well is that of the field."""
    if not head.words:
        return Taken({}, [], [])
    kind = HEADS[head.word].kind
    said = {field.code for field in fields}
    slots = {slot.code: slot for slot in SLOTS[kind]}
    found = Taken({}, [], [])
    if "W" in said:
        found.left.append(Loss(path=f"{where}words", value=head.words, why="field W says the words of this message"))
    for code, value in _values(kind, head.words):
        if code not in slots or code in said or slots[code].path in found.values:
            continue
        try:
            one = take(SLOTS[kind], [Field(f"words ({code})", code, value)], context, where)
        except Rejected:
            continue  # it only looked like one, and stays in the words
        found.values.update(one.values)
        found.warnings.extend(one.warnings)
        if code != "W":
            text = f'"{value[:60]}" was read from words as field {code}'
            found.warnings.append(Warning(code="read-from-words", path=f"{where}words", text=text))
    return found


def _values(kind: str, words: str) -> Iterator[tuple[str, Any]]:
    """Yield letters and values that stand in words."""
    flat = plain(words)
    yield "W", words
    if when := _WHEN.search(flat):
        yield "T", when[0].upper().replace(" ", "")
    places = [match[0] for match in _PLACE.finditer(flat)]
    sides = _SIDES.search(flat)
    if sides and len(places) > 1 and kind == "hazard":
        width = 2 * float(sides[1].replace(",", ".")) * (1000 if sides[2].lower() == "km" else 1)
        yield "A", f"K{','.join(places)},W{width:.0f}"
    elif len(places) == 1:
        yield "P", places[0]
    if radius := _RADIUS.search(flat):
        yield "R", radius[1] or radius[2]
    if height := _HEIGHT.search(flat):
        low, high = height[1].replace(",", ""), height[2].replace(",", "")
        yield "H", f"{'SFC' if low[0].lower() == 's' else low}-{high}{height[3]}{height[4]}".upper()
    yield from _by_word(kind, flat)


_WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "hazard": {
        "K": ("range", "demolition", "illumination", "fire", "spray", "uxo", "mine", "impact"),
        "O": ("hot", "cold", "lifted"),
    },
    "incident": {"K": ("mortar", "shooting", "explosion", "mine", "attack", "accident"), "D": ("lifted",)},
}


def _by_word(kind: str, flat: str) -> Iterator[tuple[str, str]]:
    """Yield what single words say, where only one of them stands there; "check fire" is no fire."""
    tokens = fold(flat).replace("check fire", "").replace(",", " ").replace(".", " ").split()
    for code, known in _WORDS.get(kind, {}).items():
        found = [word for word in known if word in tokens]
        if len(found) == 1:
            yield code, found[0]
