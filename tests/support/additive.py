"""Says whether a JSON Schema is an addition to an older one: all that was valid stays valid and means the same.

It knows the words that msgspec writes, no others: an unknown word in a snapshot is an error, never passed over.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_LOWER_BOUNDS = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER_BOUNDS = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_HANDLED = {
    *_LOWER_BOUNDS, *_UPPER_BOUNDS, "$ref", "$defs", "$schema", "x-version", "title", "discriminator", "anyOf", "type",
    "enum", "const", "pattern", "default", "properties", "required", "items", "prefixItems", "additionalProperties",
}  # fmt: skip


def broken(name: str, old: Schema, new: Schema) -> list[str]:
    """Return what in ``new`` breaks messages or readers of ``old``, each with its path; empty for an addition."""
    return list(_Comparison(old, new).differ(name, old, new))


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self._old, self._new = old, new
        self._seen: set[tuple[str, str]] = set()

    def differ(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        pair = (old.get("$ref", ""), new.get("$ref", ""))
        if all(pair):
            if pair in self._seen:
                return
            self._seen.add(pair)
        if ("default" in old or "default" in new) and old.get("default", ...) != new.get("default", ...):
            said = [repr(side["default"]) if "default" in side else "none" for side in (old, new)]
            yield f"{path}: the default changed from {said[0]} to {said[1]}, which messages without the field now mean"
        before, after = _resolve(old, self._old), _resolve(new, self._new)
        if unknown := set(before) - _HANDLED:
            yield f"{path}: this check does not know {sorted(unknown)}; teach it in tests/support/additive.py"
        if "anyOf" in before or "anyOf" in after:
            yield from self._alternatives(path, before, after)
        else:
            yield from self._same(path, before, after)

    def _alternatives(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        offered = _flat(new, self._new)
        for wanted in _flat(old, self._old):
            if all(self._trial(path, wanted, one) for one in offered):
                namesake = next((one for one in offered if _name(one) == _name(wanted)), None)
                if namesake is None:
                    yield f"{path}: {_name(wanted)} is no longer allowed"
                else:
                    yield from self.differ(path, _bare(wanted), _bare(namesake))

    def _trial(self, path: str, old: Schema, new: Schema) -> list[str]:
        trial = _Comparison(self._old, self._new)
        trial._seen = set(self._seen)
        return list(trial.differ(path, _bare(old), _bare(new)))

    def _same(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        if old.get("type") != new.get("type") and not (new == {} or "enum" in old or "enum" in new):
            yield f"{path}: the type changed from {_name(old)} to {_name(new)}"
            return
        yield from _values(path, old, new)
        yield from _bounds(path, old, new)
        yield from self._fields(path, old, new)
        yield from self._elements(path, old, new)

    def _fields(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        for field, schema in before.items():
            if field not in after:
                yield f"{path}.{field}: the field was removed"
            else:
                yield from self.differ(f"{path}.{field}", schema, after[field])
        for field in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
            what = "became required" if field in before else "is new and has no default"
            yield f"{path}.{field}: the field {what}, and older messages do not have it"

    def _elements(self, path: str, old: Schema, new: Schema) -> Iterator[str]:
        for word in ("items", "additionalProperties"):
            before, after = old.get(word), new.get(word)
            if isinstance(before, dict) and isinstance(after, dict):
                yield from self.differ(f"{path}[]", before, after)
            elif before != after:
                yield f"{path}: {word} changed from {before} to {after}"
        before, after = old.get("prefixItems", ()), new.get("prefixItems", ())
        if len(before) != len(after):
            yield f"{path}: it had {len(before)} elements and has {len(after)}"
        for i, pair in enumerate(zip(before, after, strict=False)):
            yield from self.differ(f"{path}[{i}]", *pair)


def _resolve(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    return root["$defs"][reference.rsplit("/", 1)[-1]] if reference else schema


def _flat(schema: Schema, root: Schema) -> list[Schema]:
    """Return the alternatives of a schema, without those that only bundle others."""
    if "anyOf" in schema:
        return [flat for one in schema["anyOf"] for flat in _flat(one, root)]
    resolved = _resolve(schema, root)
    return _flat(resolved, root) if "anyOf" in resolved else [schema]


def _bare(schema: Schema) -> Schema:
    """Return an alternative without its default: the field that has the alternatives has the default."""
    return {word: value for word, value in schema.items() if word != "default"}


def _name(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    return str(schema.get("type") or schema.get("enum") or schema.get("anyOf") or "anything")


def _values(path: str, old: Schema, new: Schema) -> Iterator[str]:
    if new == {}:
        return
    if "enum" in new and "enum" not in old:
        yield f"{path}: only {new['enum']} are allowed now"
    if "enum" in old and "enum" not in new and new.get("type") != "string":
        yield f"{path}: the type changed from {_name(old)} to {_name(new)}"
    if "enum" in old and "enum" in new and (gone := set(old["enum"]) - set(new["enum"])):
        yield f"{path}: {', '.join(map(repr, sorted(gone)))} is no longer allowed"
    for word in ("const", "pattern"):
        if word in new and new[word] != old.get(word):
            yield f"{path}: {word} changed from {old.get(word)!r} to {new[word]!r}"


def _bounds(path: str, old: Schema, new: Schema) -> Iterator[str]:
    for word in _LOWER_BOUNDS:
        if word in new and new[word] > old.get(word, float("-inf")):
            yield f"{path}: {word} rose from {old.get(word, 'none')} to {new[word]}"
    for word in _UPPER_BOUNDS:
        if word in new and new[word] < old.get(word, float("inf")):
            yield f"{path}: {word} fell from {old.get(word, 'none')} to {new[word]}"
