"""Takes fields out of a message for one reader, on the JSON as it came: what this release does not know survives.

What is taken out leaves nothing behind: no value, no length, no count, no path. Whatever might repeat it goes with it:
free text, the source, what the adapter could not map. If there is nothing to take out, the bytes stay as they are.

A path is dotted (``vehicles[*].count``, ``vehicles[0].count``, ``vehicles.count``); without an index it means every
element of a list. A reader from whom so much is taken that the rest says nothing gets no message at all.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from schemas import registry

Path = tuple[str, ...]

_STEP: Final = re.compile(r"[^.\[\]/$]+")
_EVERY: Final = "*"

REPEATS: Final[tuple[Path, ...]] = (
    ("summary",), ("texts",), ("source",), ("unmapped",), ("warnings",), ("aliases",),
)  # fmt: skip
"""What of an envelope may repeat any field of its body."""

FREE_TEXT: Final[tuple[Path, ...]] = (
    ("task",), ("constraints",), ("purpose",), ("remarks",), ("text",), ("condition",), ("conditions",), ("reason",),
    ("assessment",), ("activity",), ("damage",), ("hazards",), ("access",), ("action_taken",), ("action_requested",),
    ("subject",), ("sections", "text"), ("actors", "description"), ("read_back", "text"), ("amends", "task"),
    ("items", "restrictions"),
)  # fmt: skip
"""What of a body is written by hand, and may repeat any other field of it."""

AS_WRITTEN: Final = frozenset({"note", "raw"})
"""Keys that, at any depth, hold words as they were written beside a field."""

NAMES_WHO: Final = frozenset({"organisation", "drivers", "performers", "supporting", "unit", "sender", "units"})
"""Fields that say who; if one of them is taken out, the envelope's ``unit`` goes too."""


def path(text: str) -> Path:
    """Return the steps of a dotted path in a body; a leading ``$`` or ``body`` is understood."""
    steps = tuple(_STEP.findall(text))
    return steps[1:] if steps[:1] == ("body",) else steps


def plain(steps: Path) -> Path:
    """Return a path without its indices: which field it is, whatever the element."""
    return tuple(s for s in steps if s != _EVERY and not s.isdigit())


def overlaps(one: Path, other: Path) -> bool:
    """Say whether one field lies within the other."""
    a, b = plain(one), plain(other)
    shared = min(len(a), len(b))
    return a[:shared] == b[:shared]


def without(value: Any, paths: Iterable[Path]) -> Any:
    """Return JSON without what the paths lead to; indices mean places in the list as it was."""
    live = [p for p in paths if p]
    if not live:
        return value
    if isinstance(value, dict):
        within = {k: without(v, below) for k, v in value.items() if (below := _below(live, k)) is not None}
        return {k: v for k, v in within.items() if v or v == value[k]}  # what was emptied would tell that it was there
    if isinstance(value, list):
        each = ((v, _below([_in_list(p) for p in live], str(i))) for i, v in enumerate(value))
        return [without(v, below) for v, below in each if below is not None]
    return value


def _in_list(steps: Path) -> Path:
    return steps if steps[0] == _EVERY or steps[0].isdigit() else (_EVERY, *steps)


def _below(paths: Iterable[Path], step: str) -> list[Path] | None:
    """Return what remains of the paths behind a step, or None if one of them ends there."""
    below = [p[1:] for p in paths if p[0] in (step, _EVERY)]
    return None if () in below else below


def _wordless(value: Any) -> Any:
    """Return JSON without the keys `AS_WRITTEN`, at any depth."""
    if isinstance(value, dict):
        return {k: _wordless(v) for k, v in value.items() if k not in AS_WRITTEN}
    return [_wordless(v) for v in value] if isinstance(value, list) else value


def redact(data: bytes, labelled: Mapping[str, bool], withheld: Iterable[Path]) -> bytes | None:
    """Return an envelope as a reader may see it, or None if what it may see is no message.

    ``labelled`` says of each path of ``field_labels`` whether the reader is cleared for it. A labelled field that the
    reader is not cleared for is treated alike whether it is there or not; a ``withheld`` one matters if it is there.
    """
    closed = [path(text) for text, cleared in labelled.items() if not cleared]
    hidden = [*withheld, *closed]
    if not hidden:
        return data
    try:
        return _redact(data, labelled, hidden, always=bool(closed))
    except RecursionError:  # nested deeper than anybody reads: nothing can be taken out of it with certainty
        return None


def _redact(data: bytes, labelled: Mapping[str, bool], hidden: list[Path], *, always: bool) -> bytes | None:
    envelope: dict[str, Any] = msgspec.json.decode(data)
    body = envelope.get("body")
    if () in hidden:
        return None
    if not always and without(body, hidden) == body:
        return data
    kept = [plain(path(text)) for text, cleared in labelled.items() if cleared]
    repeats = [p for p in FREE_TEXT if not any(k == p for k in kept)]
    envelope["body"] = without(body, [*hidden, *repeats])
    return _fitting(_stripped(envelope, hidden, labelled))


def _stripped(envelope: dict[str, Any], hidden: Iterable[Path], labelled: Mapping[str, bool]) -> dict[str, Any]:
    who = [("unit",)] if any(p[0] in NAMES_WHO for p in hidden) else []
    envelope = _wordless(without(envelope, [*REPEATS, *who]))
    labels = envelope.pop("field_labels", {})
    kept = {_unnumbered(text): labels[text] for text in sorted(labels) if labelled.get(text, False)}
    return envelope | ({"field_labels": kept} if kept else {})


def _unnumbered(text: str) -> str:
    """Return a path that means every element: a number would tell that elements before it are gone."""
    return re.sub(r"(?<=[\[./])\d+(?=[\]./]|$)", _EVERY, text)


def _fitting(envelope: dict[str, Any]) -> bytes | None:
    """Return the bytes if they still are a message of their kind; required texts that were taken out become empty."""
    body = envelope["body"]
    known = registry.KINDS.get(envelope["kind"])
    if known is not None and isinstance(body, dict) and envelope.get("status") != "cancel":
        required = (f for f in msgspec.structs.fields(known) if f.required and f.type is str)
        envelope["body"] = {f.encode_name: "" for f in required if f.encode_name not in body} | body
    data = msgspec.json.encode(envelope)
    try:
        registry.body(registry.envelope(data))
    except registry.UnknownKind:
        return data
    except msgspec.ValidationError:
        return None
    return data
