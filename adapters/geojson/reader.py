"""Reading GeoJSON into features, with the path of every leaf.

Source: RFC 7946 §3 (geometries), §4 (coordinate reference systems), §6.1 (foreign members), §7 (other types' members).
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, NoReturn

from adapters.base import MAX_DEPTH, MAX_LEAVES, Loss, Rejected
from adapters.dotted import Fields, Leaf, Scalar
from adapters.features import MAX_MESSAGES, Feature, text
from adapters.shapes import Shape, Vertex, line, polygon, vertex
from schemas.envelope import Warning

Json = dict[str, Any]

_MEND: Final = "send a FeatureCollection, a Feature or a geometry of RFC 7946, in UTF-8"
_WGS84: Final = frozenset(  # names of `crs` that mean what RFC 7946 means
    {"urn:ogc:def:crs:ogc:1.3:crs84", "urn:ogc:def:crs:ogc::crs84", "ogc:crs84", "crs84", "epsg:4326",
     "urn:ogc:def:crs:epsg::4326", "urn:x-ogc:def:crs:epsg:4326", "urn:ogc:def:crs:ogc:1.3:crs84h"}
)  # fmt: skip
_GEOMETRIES: Final = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
)
_MAX_PATH: Final = 500  # characters of all the names from the root to a value
_TIMES: Final = ("coordTimes", "times", "timestamps")  # of each vertex: an unwritten convention of track converters


class Found(NamedTuple):
    """The features of an input, and what belongs to none of them."""

    features: tuple[Feature, ...]
    losses: tuple[Loss, ...]
    warnings: tuple[Warning, ...]
    dialect: str


def features(data: bytes) -> Found:
    """Return the features of an input.

    Raises:
        Rejected: it is no GeoJSON, uses another reference system, or holds no feature or too many.
    """
    found: list[Feature] = []
    losses: list[Loss] = []
    warnings: list[Warning] = []
    documents, dialect = _documents(data)
    count = _Count()
    for prefix, document in documents:
        count.check(document, prefix or "input")
        _check_crs(document, prefix, losses, warnings)
        for path, item, kind in _items(document, prefix, losses):
            if len(found) >= MAX_MESSAGES:
                raise Rejected(path, f"there are more than {MAX_MESSAGES} features", "split the file")
            found.append(_feature(item, path, kind))
    if not found:
        raise Rejected("features", "there is no feature", _MEND)
    return Found(tuple(found), tuple(losses), tuple(warnings), dialect)


# -- JSON -------------------------------------------------------------------------------------------------------------


def _documents(data: bytes) -> tuple[list[tuple[str, Json]], str]:
    """Return the documents with what stands before their paths: one, or one a record or line."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Rejected(f"byte {error.start}", "it is not UTF-8", "save it as UTF-8 and send it again") from None
    if "\x1e" in content:
        records = [r for r in content.split("\x1e") if r.strip()]
        return [(f"record {n}: ", _parsed(r, f"record {n}")) for n, r in enumerate(records, 1)], "text sequence"
    lines = [(n, row) for n, row in enumerate(content.split("\n"), 1) if row.strip()]
    if len(lines) > 1 and all(row.strip()[:1] == "{" and row.strip()[-1:] == "}" for _, row in lines):
        return [(f"line {n}: ", _parsed(row, f"line {n}")) for n, row in lines], "lines"
    return [("", _parsed(content, "input"))], "rfc7946"


def _parsed(content: str, where: str) -> Json:
    try:
        value = json.loads(content, object_pairs_hook=_object, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}" if where == "input" else f"{where}, column {error.colno}"
        raise Rejected(at, f"it is no JSON: {error.msg[:80]}", "mend it there and send it again") from None
    except (_Odd, ValueError, RecursionError) as error:
        why = str(error)[:120] if isinstance(error, _Odd) else "it is nested too deep, or a number is too long"
        raise Rejected(where, why, _MEND) from None
    if not isinstance(value, dict):
        raise Rejected(where, "it is no JSON object", _MEND)
    return value


class _Odd(ValueError):
    """Raised out of the parser for what JSON allows or Python adds, and no reader agrees on."""


def _object(pairs: list[tuple[str, Any]]) -> Json:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Odd(f'the name "{twice[:60]}" stands twice in one object')
    return value


def _no_number(name: str) -> NoReturn:
    raise _Odd(f'"{name}" is no number')


class _Count:
    """How many values were met, how deep, and under how long a name; numbers of coordinates count a quarter."""

    def __init__(self) -> None:
        self._left = 4 * MAX_LEAVES

    def check(self, document: Json, where: str) -> None:
        """Raise `Rejected` where a document is beyond a bound."""
        waiting: list[tuple[Any, int, int, int]] = [(document, 0, 0, 4)]  # value, depth, length of its name, weight
        while waiting:
            item, depth, named, weight = waiting.pop()
            if depth > MAX_DEPTH:
                raise Rejected(where, f"it is nested deeper than {MAX_DEPTH}", "send it less nested")
            if named > _MAX_PATH:
                raise Rejected(where, f"a value has names of more than {_MAX_PATH} characters", "shorten them")
            if isinstance(item, dict):
                for key, inner in item.items():
                    _check_text(key, where)
                    waiting.append((inner, depth + 1, named + len(key), 1 if key == "coordinates" else weight))
            elif isinstance(item, list):
                waiting += ((inner, depth + 1, named, weight) for inner in item)
            elif isinstance(item, str):
                _check_text(item, where)
            self._left -= weight
            if self._left < 0:
                raise Rejected(where, f"it has more than {MAX_LEAVES} values", "split it")


def _check_text(value: str, where: str) -> None:
    if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        raise Rejected(where, "a text holds half of a character (a lone surrogate)", "write it in UTF-8")


# -- members ----------------------------------------------------------------------------------------------------------


def _check_crs(document: Json, prefix: str, losses: list[Loss], warnings: list[Warning]) -> None:
    if "crs" not in document:
        return
    crs = document.pop("crs")
    name = crs.get("properties", {}) if isinstance(crs, dict) else {}
    name = name.get("name") if isinstance(name, dict) else None
    if crs is not None and str(name).lower() not in _WGS84:
        why = f"it is in {text(name)[:80]}, not in WGS 84" if name else "its reference system is not told by a name"
        raise Rejected(f"{prefix}crs", why, "export it in WGS 84, longitude first (RFC 7946 §4)")
    why = "RFC 7946 has no crs; it was read as WGS 84, longitude first"
    warnings.append(Warning(code="crs", path=f"{prefix}crs", text=why))
    losses += (Loss(path=leaf.path, value=text(leaf.value), why=why) for leaf in leaves(crs, f"{prefix}crs"))


def _items(document: Json, prefix: str, losses: list[Loss]) -> Iterator[tuple[str, Json, str]]:
    """Yield each feature or bare geometry, with its path; other members of the collection are losses."""
    kind = document.get("type")
    if kind != "FeatureCollection":
        yield prefix, document, str(kind)
        return
    listed = document.get("features")
    if not isinstance(listed, list):
        raise Rejected(f"{prefix}features", "it is no list", _MEND)
    for key, value in document.items():
        if key not in ("type", "features"):
            losses += _foreign(value, f"{prefix}{key}")
    for i, item in enumerate(listed):
        path = f"{prefix}features[{i}]"
        if not isinstance(item, dict):
            raise Rejected(path, "it is no object", _MEND)
        yield path + ".", item, str(item.get("type"))


def _foreign(value: Any, path: str) -> Iterator[Loss]:
    why = "it follows from the geometry" if path.endswith("bbox") else ""
    return (Loss(path=leaf.path, value=text(leaf.value), why=why) for leaf in leaves(value, path))


def leaves(value: Any, path: str) -> Iterator[Leaf]:
    """Yield the leaves of a JSON value with their paths; an empty object or list is one."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and value:
        for i, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{i}]")
    else:
        yield Leaf(path, value if not isinstance(value, dict | list) else text(value))


def _feature(item: Json, path: str, kind: str) -> Feature:
    locator = path.rstrip(". :") or "feature"
    losses: list[Loss] = []
    warnings: list[Warning] = []
    if kind in _GEOMETRIES:
        shapes = tuple(_shapes(item, path, warnings, losses))
        return _made(locator, {}, shapes, losses, warnings)
    if kind != "Feature":
        raise Rejected(f"{path}type", f'"{kind[:60]}" is no type of RFC 7946', _MEND)
    geometry, properties = item.get("geometry"), item.get("properties")
    if geometry is not None and not isinstance(geometry, dict):
        raise Rejected(f"{path}geometry", "it is no object", _MEND)
    if properties is not None and not isinstance(properties, dict):
        raise Rejected(f"{path}properties", "it is no object", _MEND)
    for key, value in item.items():
        if key == "id":
            why = "it names the feature within its file"
            losses += (Loss(path=leaf.path, value=text(leaf.value), why=why) for leaf in leaves(value, f"{path}id"))
        elif key not in ("type", "geometry", "properties"):
            losses += _foreign(value, f"{path}{key}")
    fields: Fields = {}
    shapes = tuple(_shapes(geometry, f"{path}geometry.", warnings, losses)) if geometry else ()
    shapes = _timed(shapes, dict(properties or {}), fields, f"{path}properties")
    return _made(locator, fields, shapes, losses, warnings)


def _made(
    locator: str, fields: Fields, shapes: tuple[Shape, ...], losses: list[Loss], warnings: list[Warning]
) -> Feature:
    return Feature(
        locator=locator, fields=fields, shapes=shapes, reference="HAE", losses=tuple(losses), warnings=tuple(warnings)
    )


def _timed(shapes: tuple[Shape, ...], properties: Json, fields: Fields, path: str) -> tuple[Shape, ...]:
    """Read the properties, and give the vertices of one line their times if a list of as many is there."""
    if len(shapes) == 1 and shapes[0].form == "line":
        vertices = shapes[0].rings[0]
        for name in _TIMES:
            listed = properties.get(name)
            if isinstance(listed, list) and len(listed) == len(vertices) and all(isinstance(t, str) for t in listed):
                del properties[name]
                vertices = tuple(v._replace(at=t) for v, t in zip(vertices, listed, strict=True))
                shapes = (shapes[0]._replace(rings=(vertices,)),)
                break
    for key, value in properties.items():
        _flatten(value, key, f"{path}.{key}", fields)
    return shapes


def _flatten(value: Any, key: str, path: str, fields: Fields) -> None:
    """Put every leaf under its dotted name; one that is there already gets its path as its name."""
    if isinstance(value, dict | list) and value:
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in items:
            where = f"{path}[{name}]" if isinstance(value, list) else f"{path}.{name}"
            _flatten(inner, f"{key}.{name}", where, fields)
        return
    leaf: Scalar | None = text(value) if isinstance(value, dict | list) else value
    if leaf is None:
        leaf = "null"
        key = path
    fields[key if key not in fields else path] = Leaf(path, leaf)


# -- geometries -------------------------------------------------------------------------------------------------------


def _shapes(geometry: Json, path: str, warnings: list[Warning], losses: list[Loss]) -> Iterator[Shape]:
    kind = geometry.get("type")
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise Rejected(f"{path}type", f'"{text(kind)[:60]}" is no geometry of RFC 7946', _MEND)
    inside = "geometries" if kind == "GeometryCollection" else "coordinates"
    losses += (
        loss
        for key, value in geometry.items()
        if key not in ("type", inside, "crs")
        for loss in _foreign(value, f"{path}{key}")
    )
    listed = geometry.get(inside)
    if not isinstance(listed, list):
        raise Rejected(f"{path}{inside}", "it is missing, or no list", _MEND)
    if kind != "GeometryCollection":
        if listed:
            yield from _SHAPES[kind](listed, f"{path}coordinates", warnings)
        return
    for i, inner in enumerate(listed):
        if not isinstance(inner, dict):
            raise Rejected(f"{path}geometries[{i}]", "it is no object", _MEND)
        yield from _shapes(inner, f"{path}geometries[{i}].", warnings, losses)


def _vertex(value: Any, path: str) -> Vertex:
    if not isinstance(value, list) or not 2 <= len(value) <= 3 or not all(_is_number(n) for n in value):
        raise Rejected(path, f"{text(value)[:60]} is no position", "write [longitude, latitude] or [.., .., height]")
    height = float(value[2]) if len(value) > 2 else None
    return vertex(float(value[0]), float(value[1]), path, height)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _vertices(value: Any, path: str) -> list[Vertex]:
    if not isinstance(value, list):
        raise Rejected(path, "it is no list of positions", _MEND)
    return [_vertex(item, f"{path}[{i}]") for i, item in enumerate(value)]


def _point(value: Any, path: str, warnings: list[Warning]) -> Iterator[Shape]:
    yield Shape("point", ((_vertex(value, path),),), path)


def _line(value: Any, path: str, warnings: list[Warning]) -> Iterator[Shape]:
    yield line(_vertices(value, path), path, warnings)


def _polygon(value: Any, path: str, warnings: list[Warning]) -> Iterator[Shape]:
    if not isinstance(value, list):
        raise Rejected(path, "it is no list of rings", _MEND)
    yield polygon([_vertices(ring, f"{path}[{i}]") for i, ring in enumerate(value)], path, warnings)


_Reader = Callable[[Any, str, list[Warning]], Iterator[Shape]]


def _many(one: _Reader) -> _Reader:
    def read(value: Any, path: str, warnings: list[Warning]) -> Iterator[Shape]:
        for i, item in enumerate(value):
            yield from one(item, f"{path}[{i}]", warnings)

    return read


_SHAPES: Final[dict[str, _Reader]] = {
    "Point": _point, "LineString": _line, "Polygon": _polygon,
    "MultiPoint": _many(_point), "MultiLineString": _many(_line), "MultiPolygon": _many(_polygon),
}  # fmt: skip
