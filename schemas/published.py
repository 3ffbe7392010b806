"""What the bus publishes of its messages: their JSON Schema (2020-12), computed from the structs.

`schema` is one body by itself, `message` is whole messages as they travel, `snapshot` is the form that was released:
`snapshots/` holds one file each, and a test lets only additions pass. See README.md beside this file.
"""

from collections.abc import Callable
from typing import Any, Final

import msgspec

from schemas import registry
from schemas.envelope import Envelope
from schemas.notices import Cancellation

Schema = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE: Final = "envelope"
PUBLISHED: Final[dict[str, type[msgspec.Struct]]] = {
    ENVELOPE: Envelope,
    Cancellation.KIND: Cancellation,
    **registry.KINDS,
}
"""Everything with a schema of its own: every kind, the envelope, and the body of whatever has status "cancel"."""

_LISTED: Final = ("anyOf", "allOf", "prefixItems")
_SINGLE: Final = ("items", "additionalProperties", "not", "if", "then")
_NAMED: Final = ("properties", "$defs")


def version(name: str) -> int:
    """Return the current version of a kind; the envelope and the cancellation have only one, for ever."""
    return registry.KINDS[name].VERSION if name in registry.KINDS else 1


def schema(name: str) -> Schema:
    """Return the JSON Schema of one body by its kind, or of the ``envelope``.

    Raises:
        UnknownKind: nothing of that name is published.
    """
    return plain({"$schema": DIALECT, **msgspec.json.schema(_published(name))})


def message(*kinds: str) -> Schema:
    """Return the JSON Schema of whole messages, the envelope with its body, of these kinds; without any, of all.

    A body of an older version is not described: readers upcast it before they look.

    Raises:
        UnknownKind: there is no such kind.
    """
    chosen = kinds or tuple(sorted(registry.KINDS))
    types = (Envelope, Cancellation, *map(_kind, chosen))
    (envelope, cancellation, *bodies), defs = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    rules = [_body({"status": {"const": "cancel"}}, ("status",), cancellation)]
    rules += [_body_of(kind, body) for kind, body in zip(chosen, bodies, strict=True)]
    only = [{"properties": {"kind": {"enum": sorted(kinds)}}}] if kinds else []
    return plain({"$schema": DIALECT, "allOf": [envelope, *only, *rules], "$defs": defs})


def snapshot(name: str) -> Schema:
    """Return the released form of a schema: with its version, and without the words, which may change at any time.

    Raises:
        UnknownKind: nothing of that name is published.
    """
    return {"x-version": version(name), **rewritten(schema(name), _wordless)}


def encode(document: Schema) -> bytes:
    """Return a document as text for people and for comparing: sorted, indented, with a final line end."""
    return msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=2) + b"\n"


def plain(document: Schema) -> Schema:
    """Return a document as it is read back: lists and no tuples."""
    read: Schema = msgspec.json.decode(msgspec.json.encode(document))
    return read


def rewritten(of: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return a schema with ``change`` applied to it and to every schema inside it, innermost first."""
    result: Schema = {}
    for key, value in of.items():
        if key in _NAMED:
            result[key] = {name: rewritten(inner, change) for name, inner in value.items()}
        elif key in _LISTED:
            result[key] = [rewritten(inner, change) for inner in value]
        elif key in _SINGLE and isinstance(value, dict):
            result[key] = rewritten(value, change)
        else:
            result[key] = value
    return change(result)


def _published(name: str) -> type[msgspec.Struct]:
    if name not in PUBLISHED:
        raise registry.UnknownKind(name, 1)
    return PUBLISHED[name]


def _kind(name: str) -> type[msgspec.Struct]:
    if name not in registry.KINDS:
        raise registry.UnknownKind(name, 1)
    return registry.KINDS[name]


def _wordless(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "description"}


def _body_of(kind: str, body: Schema) -> Schema:
    current = version(kind)
    given = ("kind", "version") if current > 1 else ("kind",)  # left out, a version is 1
    test: Schema = {"kind": {"const": kind}, "version": {"const": current}, "status": {"not": {"const": "cancel"}}}
    return _body(test, given, body)


def _body(test: Schema, given: tuple[str, ...], body: Schema) -> Schema:
    return {"if": {"properties": test, "required": [*given]}, "then": {"properties": {"body": body}}}
