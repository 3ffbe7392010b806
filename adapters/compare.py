"""What a format cannot carry, found out by reading again what was just written (law 8).

A writer need not keep a list of what it leaves out: whatever does not come back is a loss, by its path in the message.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import msgspec

from adapters.base import Context, Loss, Rejected, Translation
from schemas import registry
from schemas.envelope import Envelope

_WRITTEN_AS: Final = frozenset(
    {"raw", "form", "precision", "quality", "scheme"}
)  # how a value was written, not what it is
_SAME_DEGREES: Final = 1e-7  # a centimetre
_NO_PLACE: Final = "the format has no place for it"


def not_carried(
    messages: Sequence[Envelope], data: bytes, decode: Callable[[bytes, Context], Translation]
) -> tuple[Loss, ...]:
    """Return every field of the messages that reading ``data`` does not give back."""
    if not messages:
        return ()
    first = messages[0]
    context = Context(participant=first.originator, received_at=first.received_at or 0, reality=first.reality)
    try:
        again = decode(data, context).messages
    except Rejected as error:
        return tuple(Loss(path=m.key, value=m.kind, why=f"it cannot be read back: {error}") for m in messages)
    found: list[Loss] = []
    for message, back in zip(messages, again, strict=False):
        there = dict(_said(back))
        lost = [(path, str(value)) for path, value in _said(message) if not _same(value, there.get(path))]
        lost += _texts(message, again)
        found += (Loss(path=f"{message.key}: {path}", value=value, why=_NO_PLACE) for path, value in lost)
    found += (Loss(path=m.key, value=m.kind, why="it is not read back") for m in messages[len(again) :])
    return tuple(found)


def _said(message: Envelope) -> Iterator[tuple[str, Any]]:
    """Yield the leaves of what a message says."""
    yield from (("id", message.id), ("revision", message.revision), ("kind", message.kind), ("status", message.status))
    yield from _leaves(registry.body(message), "body")
    if message.precedence is not None:
        yield "precedence", message.precedence
    if message.ack_required:
        yield "ack_required", True
    for i, addressee in enumerate(message.addressees):
        yield f"addressees[{i}].to", addressee.to
    for name, label in message.field_labels.items():
        yield f"field_labels.{name}", ",".join(label.releasable_to or ())
    if message.label.releasable_to is not None:
        yield "label.releasable_to", ",".join(message.label.releasable_to)


def _texts(message: Envelope, again: Sequence[Envelope]) -> list[tuple[str, str]]:
    """Return the texts beside the body that stand nowhere in what was read back, however they were folded there."""
    if not message.texts:
        return []
    read = [[msgspec.json.decode(m.body), m.summary, *(x.text for x in m.texts), *(x.value for x in m.unmapped)]
            for m in again]  # fmt: skip
    back = _letters(" ".join(_strings(read)))
    return [(f"texts[{i}]", text.text) for i, text in enumerate(message.texts) if _letters(text.text) not in back]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


def _letters(text: str) -> str:
    """Return the letters and digits of a text: what is left however it was folded."""
    return "".join(filter(str.isalnum, text))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the values in a body that are said, that is, differ from their defaults."""
    if isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            inner = getattr(value, field.name)
            if field.name not in _WRITTEN_AS and inner != field.default:
                yield from _leaves(inner, f"{path}.{field.name}")
    elif isinstance(value, tuple):
        for i, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{i}]")
    elif value is not None:
        yield path, value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float | int) and isinstance(other, float | int):
        return bool(abs(one - other) <= _SAME_DEGREES)
    if isinstance(one, str) and isinstance(other, str):
        return one.split() == other.split()  # a folded line is still the same text
    return bool(one == other)
