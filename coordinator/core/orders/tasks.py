"""A task in other words: the same, plainly another one, or nothing that a table can judge."""

import re
from typing import Final, Literal

from schemas.directives import Directive

MEANS: Final[dict[str, tuple[str, ...]]] = {
    "move": ("move", "advance", "march"), "patrol": ("patrol",), "observe": ("observe", "watch", "monitor"),
    "hold": ("hold", "remain", "stay"), "secure": ("secure", "guard", "protect"), "escort": ("escort", "accompany"),
    "block": ("block", "close", "closure"), "control": ("control",), "search": ("search",),
    "clear": ("clear",), "engineer": ("build", "repair"), "resupply": ("resupply", "supply"),
    "medevac": ("medevac", "casevac", "evacuate"), "air-mission": ("fly",), "use-of-force": ("attack", "fire", "shoot"),
}  # fmt: skip
"""Words of an order by the action that they mean; only plain verbs, so that a paraphrase is not called wrong."""

APART: Final = ("open", "withdraw", "abandon", "cancel", "stop", "leave", "halt", "retreat")
"""Words that no action means, and that turn a task around where the order does not have them."""

_NOT: Final = frozenset({"not", "never", "no", "don", "dont", "without"})
_WORD: Final = re.compile(r"[^\W\d_]+")
MAX_WORDS: Final = 200


def told(read: str, order: Directive, names: tuple[str, ...]) -> Literal["same", "different", "unclear"]:
    """Say whether a read-back tells an order's task. ``names`` are of places, which may be words as well."""
    said = _words(read)
    ordered = _words(" ".join((order.action, order.action_code, order.task, order.constraints, *names)))
    ordered |= {_stem(w) for w in MEANS.get(order.action, ())}
    if " ".join(read.casefold().split()) in (order.action, " ".join(order.task.casefold().split())):
        return "same"
    if bool(said & _NOT) != bool(ordered & _NOT):
        return "different" if said & _verbs() else "unclear"
    foreign = said & _verbs() - ordered
    if foreign:
        return "different"
    return "same" if said & _verbs() & ordered else "unclear"


def _verbs() -> set[str]:
    return {_stem(w) for words in (*MEANS.values(), APART) for w in words}


def _words(text: str) -> set[str]:
    return {_stem(w) for w in _WORD.findall(text.casefold())[:MAX_WORDS]}


def _stem(word: str) -> str:
    """Take the ending off an English verb, alike for all its forms: close, closes, closed, closing."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _stem_y(word[: -len(ending)])
    return _stem_y(word)


def _stem_y(word: str) -> str:
    word = word[:-1] if len(word) > 3 and word[-1] == word[-2] else word  # stopping, controlled
    return word.removesuffix("y").removesuffix("i") if len(word) > 4 else word
