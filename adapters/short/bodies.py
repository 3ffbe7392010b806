"""Bodies of messages as fields, and back, by the tables of `adapters.short.tables`.

A value that decides (a time, a place, a state) must be readable, or the message is refused while its sender is still
there to mend it. Any other that cannot be read is left over: a loss and a warning.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from adapters.base import Context, Loss, Rejected
from adapters.short.tables import BODIES, CIRCLE, HEADS, INNER, SLOTS, Slot
from adapters.short.values import YES, Reading, fields_of
from adapters.short.wire import Field
from schemas.base import Message
from schemas.envelope import UnitRef, Warning
from schemas.geo import Area, Circle, Route

Pairs = list[tuple[str, str]]
EMPTY: Final = "-"  # a value that is not there, where a head or another field would say one


class Taken(NamedTuple):
    """What was read out of fields: values by their paths, what is left over, and what should be looked at."""

    values: dict[str, Any]
    left: list[Loss]
    warnings: list[Warning]


# -- writing ----------------------------------------------------------------------------------------------------------


def head_of(body: Message) -> str:
    """Return the most special head whose first saying is true of a body."""
    kind = type(body).KIND
    mine = [(name, head) for name, head in HEADS.items() if head.kind == kind]
    true = [name for name, head in mine if head.says and _true(body, *head.says[0])]
    return "CFV" if "CFV" in true else next(iter(true), next((n for n, h in mine if not h.says), ""))


def _true(body: Message, field: str, said: object) -> bool:
    value = getattr(body, field)
    return value is not None if isinstance(said, msgspec.Struct) else bool(value == said)


def said(body: Message, head: str) -> Iterator[tuple[str, str, Slot]]:
    """Yield letter and value of each field of a body that the head does not say; a value "" has no short form."""
    by_head = dict(HEADS[head].says)
    for slot in SLOTS[type(body).KIND]:
        value, usual = _dig(body, slot.path), by_head.get(slot.path, _default(body, slot.path))
        if value == usual or value is None:
            continue
        if value in ("", ()):
            yield slot.code, EMPTY, slot
        elif slot.many:
            yield from ((slot.code, slot.codec.write(each), slot) for each in value)
        else:
            yield slot.code, slot.codec.write(value), slot


def _dig(body: Message, path: str) -> Any:
    """Return the value at a path; an area is a circle with a centre and a radius, or whole."""
    first, _, rest = path.partition(".")
    value = getattr(body, first, None)
    if first == "area":
        simple = isinstance(value, Circle) and not value.name and CIRCLE[0] in SLOTS[type(body).KIND]
        return getattr(value, rest) if rest and simple else None if rest or simple else value
    return getattr(value, rest, None) if rest else value


def _default(body: Message, path: str) -> Any:
    if path == "route.method":
        return getattr(body, "method", "")
    first, _, rest = path.partition(".")
    struct = _inner(first) if rest else type(body)
    return next((f.default for f in fields_of(struct) if f.name == (rest or first)), None)


def _inner(first: str) -> type:
    return {"route": Route, "area": Circle, **INNER}[first]


# -- reading ----------------------------------------------------------------------------------------------------------


def take(slots: Sequence[Slot], fields: Sequence[Field], context: Context, where: str) -> Taken:
    """Read the fields that a table knows.

    Raises:
        Rejected: a value that decides cannot be read.
    """
    known, found = {slot.code: slot for slot in slots}, Taken({}, [], [])
    for field in fields:
        slot = known.get(field.code)
        path = where + field.path
        if slot is None:
            _leave(found, path, field, "unknown-field", "no field of this kind of message has this letter")
        elif slot.path in found.values and not slot.many:
            _leave(found, path, field, "said-twice", "it was said before; the first counts")
        else:
            _read(slot, field, Reading(context, path, found.warnings), found)
    return found


def _read(slot: Slot, field: Field, at: Reading, found: Taken) -> None:
    if (field.text == EMPTY or (not field.text and slot.codec is not YES)) and not slot.many:
        found.values[slot.path] = None
        return
    try:
        value = slot.codec.read(field.text, at)
    except Rejected as rejected:
        if slot.codec.strict:
            raise
        _leave(found, at.path, field, "not-read", f"{rejected.why}; {rejected.hint}")
        return
    found.values[slot.path] = (*found.values.get(slot.path, ()), value) if slot.many else value


def _leave(found: Taken, path: str, field: Field, code: str, why: str) -> None:
    found.left.append(Loss(path=path, value=field.text, why=why))
    found.warnings.append(Warning(code=code, path=path, text=f'"{field.text[:60]}": {why}'))


def body(head: str, identity: str, values: dict[str, Any], where: str) -> Message:
    """Return the body that these values make.

    Raises:
        Rejected: something is missing, or out of bounds.
    """
    kind = HEADS[head].kind
    struct = BODIES[kind]
    flat = {**dict(HEADS[head].says), **{path: value for path, value in values.items() if value is not None}}
    if struct.KIND == "position":
        flat.setdefault("subject", UnitRef(id=identity, scheme="text", raw=identity))
    made = _nested(flat, {path for path, value in values.items() if value is None})
    absent = [f.name for f in fields_of(struct) if f.required and f.name not in made]
    if absent:
        letters = [s.code for s in SLOTS[kind] if s.path.partition(".")[0] == absent[0]]
        hint = f"add /{letters[0]} and its value" if letters else "see the short form in deploy/README.md"
        raise Rejected(f"{where}head", f'"{head}" without {absent[0].replace("_", " ")} says too little', hint)
    try:
        checked: Message = msgspec.convert(msgspec.to_builtins(struct(**made)), struct)
    except msgspec.ValidationError as error:
        raise Rejected(f"{where}fields", f"{error}", "check the value, and send it again") from None
    return checked


def _nested(flat: dict[str, Any], emptied: set[str]) -> dict[str, Any]:
    """Return values by field, those of a path within a field put together."""
    made = {path: value for path, value in flat.items() if "." not in path}
    inner: dict[str, dict[str, Any]] = {}
    for path, value in flat.items():
        first, dot, rest = path.partition(".")
        if dot:
            inner.setdefault(first, {})[rest] = value
    if "area" in inner and "area" not in made:
        made["area"] = _circle(inner["area"])
    if "route" in inner:
        usual = {} if "route.method" in emptied else {"method": made.get("method", "")}
        made["route"] = Route(**{**usual, **inner["route"]})
    made.update({first: INNER[first](**inner[first]) for first in inner.keys() & INNER.keys()})
    return made


def _circle(values: dict[str, Any]) -> Area:
    if "centre" not in values:
        raise Rejected("field R", "a radius without a place", "add /P and the place, as in /P2.2680N27.1690W")
    return Circle(centre=values["centre"], radius_m=values.get("radius_m", 0.0))
