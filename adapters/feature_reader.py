"""Reading the features of a map: which message each becomes, and its properties.

Source: reference formats.md §3.3, §7.2-7.4; `adapters.features` for the names and the rules.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from adapters import times
from adapters.base import Context, Loss, Rejected
from adapters.dotted import UNKNOWN, Fields, Leaf, Tree
from adapters.feature_geometry import OF_CIRCLE, Placing, Round
from adapters.feature_words import KEYS, STYLE, WORDS
from adapters.features import AROUND, ASSUMED, KINDS, SLOTS, Feature, aliases, check_number, identity, text
from adapters.shapes import Shape
from adapters.words import fold
from schemas import registry
from schemas.base import Message
from schemas.envelope import Envelope, Source, Unmapped, Warning
from schemas.notices import Cancellation
from schemas.time import TimeValue

BEFORE_GPS_US: Final = 631_152_000_000_000  # 1990-01-01: earlier than that a device's clock is not set

_TELLING: Final = {"site_kind": "protected-site", "hazard_kind": "hazard", "movement_kind": "movement"}
_EXERCISE: Final = ("exercise", "simulated", "simulation")
_UNPLACED: Final = re.compile(r"route\.points\.(\d{1,5})\.position")
_MAX_COPIED: Final = 20_000_000  # characters of properties, in all messages of one feature
_LONGEST_TIME: Final = 100
_STYLED: Final = "it says how it is drawn"


def read(feature: Feature, origin: Source, context: Context) -> list[Envelope]:
    """Return the messages of a feature.

    Raises:
        Rejected: it says something impossible, or leaves out what its kind cannot do without.
    """
    kind, used, implied = _kind(feature)
    fields = {key: leaf for key, leaf in feature.fields.items() if key not in used}
    parts = _parts(kind, feature.shapes)
    check_number(parts, feature.locator)
    if len(parts) * sum(len(str(leaf.value)) for leaf in fields.values()) > _MAX_COPIED:
        hint = "split the feature, or shorten what it says"
        raise Rejected(feature.locator, f"{len(parts)} geometries share properties too long to repeat", hint)
    found = []
    for n, shapes in enumerate(parts):
        reading = _Reading(feature, kind, shapes, context)
        found.append(reading.message(fields, implied, n, origin))
    return found


def _kind(feature: Feature) -> tuple[str, tuple[str, ...], dict[str, str]]:
    """Return the kind, the properties that tell it, and the fields that a word fills."""
    fields = feature.fields
    if (said := fields.get("bus:entity")) is not None:
        if said.value not in KINDS:
            why, hint = (
                f'"{str(said.value)[:80]}" is no kind that a map can hold',
                f"known are: {', '.join(sorted(KINDS))}",
            )
            raise Rejected(said.path, why, hint)
        return str(said.value), ("bus:entity",), {}
    if (said := fields.get("kind")) is not None and (kind := _word(said).replace(" ", "-")) in KINDS:
        return kind, ("kind",), {}
    telling = [kind for key, kind in _TELLING.items() if key in fields]
    if "section" in fields and ("trafficable" in fields or "load_class" in fields):
        telling.append("route-state")
    fixed = feature.kind or (telling[0] if len(telling) == 1 else "")
    for word, used in (
        *((_word(fields[k]), (k,)) for k in KEYS if k in fields),
        *((fold(h), ()) for h in feature.hints if len(h) < 80),
    ):
        meaning = WORDS.get(word)
        if meaning is None or (fixed and fixed != meaning.kind) or not feature.shapes:
            continue
        if meaning.kind != "movement" or any(s.form != "point" for s in feature.shapes):
            return meaning.kind, used, {meaning.field: meaning.value}
    return fixed or "observation", (), {}


def _word(leaf: Leaf) -> str:
    return fold(leaf.value) if isinstance(leaf.value, str) and len(leaf.value) < 80 else ""


def _parts(kind: str, shapes: Sequence[Shape]) -> list[tuple[Shape, ...]]:
    """Return the geometries of each message: polygons go together, and each field takes one."""
    polygons = tuple(s for s in shapes if s.form == "polygon")
    first: dict[str, tuple[Shape, ...]] = {}
    more: list[tuple[Shape, ...]] = []
    for group in (*((s,) for s in shapes if s.form != "polygon"), *((polygons,) if polygons else ())):
        slot = getattr(SLOTS[kind], group[0].form) or group[0].form
        if first.setdefault(slot, group) is not group:
            more.append(group)
    return [tuple(s for group in first.values() for s in group), *more]


def instant(leaf: Leaf, context: Context, warnings: list[Warning]) -> TimeValue:
    """Read a time; one that names no instant stays as it was written, and is looked at."""
    raw = text(leaf.value).strip()
    value = TimeValue(raw=raw, quality="unknown")
    if len(raw) <= _LONGEST_TIME:
        value = times.read(raw, context.received_at, context.zone)
    if value.utc is not None and value.utc < BEFORE_GPS_US:
        value = TimeValue(raw=raw, quality="placeholder")
    if value.utc is None and (len(raw) > _LONGEST_TIME or fold(raw) not in times.OPEN):
        unset = value.quality == "placeholder"
        reason = "is a placeholder, or of a clock that was not set" if unset else "names no instant"
        warnings.append(Warning(code="no-instant", path=leaf.path, text=f'"{raw[:80]}" {reason}'))
    else:
        warnings += times.warnings(value, leaf.path)
    return value


class _Reading:
    """One message while it is read."""

    def __init__(self, feature: Feature, kind: str, shapes: tuple[Shape, ...], context: Context) -> None:
        self._feature = feature
        self._kind = kind
        self._shapes = shapes
        self._context = context
        self._left: list[Unmapped] = []
        self._warnings: list[Warning] = []
        self._body = Tree(registry.KINDS[kind], self._instant)
        self._around = Tree(Envelope, self._instant)
        self._placing = Placing(kind, feature.reference, shapes, self._body, self._instant)

    def message(self, fields: Fields, implied: dict[str, str], n: int, origin: Source) -> Envelope:
        """Return the message out of geometry number ``n``; what a first one could not take is listed there."""
        if cancelled := _said(fields, "bus:status") == "cancel":
            self._body = Tree(Cancellation, self._instant)
            self._left += (Loss(path=s.path, value=s.written, why="it is withdrawn") for s in self._shapes)
        unplaced, circle = self._take(fields)
        for name, value in implied.items():
            self._body.store((name,), value)
        if not cancelled:
            self._placing.place(unplaced, circle)
            self._assume()
        self._candidates(fields)
        locator = self._feature.locator + (f", geometry {n + 1}" if n else "")
        named = identity(origin, locator, self._context.bearer_id)
        if said := self._around.get("id"):
            named = f"{said}/{n + 1}" if n else said
        if self._kind == "position" and not cancelled and not self._body.get("subject"):
            self._body.store(("subject", "id"), named)
        placed = self._placing.losses
        left = (*placed,) if n else (*self._feature.losses, *self._left, *placed)
        warnings = (*self._feature.warnings, *self._warnings) if not n else self._several(n)
        return self._packed(fields, named, msgspec.structs.replace(origin, locator=locator), left, warnings)

    def _packed(
        self, fields: Fields, named: str, origin: Source, left: tuple[Unmapped, ...], warnings: tuple[Warning, ...]
    ) -> Envelope:
        where = self._feature.locator
        body: Message = self._body.struct(where)
        stated = self._around.get("reality")
        exercise = any(_true(fields.get(key)) for key in _EXERCISE) or _is_exercise(_said(fields, "sidc"))
        for name, value in (("id", named), ("kind", self._kind), ("originator", self._context.participant)):
            self._around.store((name,), value)
        self._around.store(("body",), {})
        envelope: Envelope = self._around.struct(where)
        return msgspec.structs.replace(
            envelope,
            id=named,
            body=msgspec.Raw(registry.encode(body)),
            version=registry.KINDS[self._kind].VERSION,
            reality=stated or ("exercise" if exercise else self._context.reality),
            received_at=self._context.received_at or None,
            source=origin,
            unmapped=left,
            warnings=warnings,
        )

    def _several(self, n: int) -> tuple[Warning, ...]:
        text = "the feature has several geometries; each became a message, with the same properties"
        return (Warning(code="several-geometries", path=self._feature.locator, text=text),)

    # -- properties ---------------------------------------------------------------------------------------------------

    def _take(self, fields: Fields) -> tuple[set[int], Round | None]:
        """Put each property into its field; return the points without a position, and a circle if one is told."""
        names = aliases(self._kind, [s.form for s in self._shapes])
        circle = self._placing.circle(fields)
        unplaced = set()
        for key, leaf in fields.items():
            if (key in OF_CIRCLE and circle is not None) or (key in _EXERCISE and _true(leaf)):
                continue
            if (match := _UNPLACED.fullmatch(key)) and leaf.value == "none":
                unplaced.add(int(match[1]))
            elif why := self._put(names.get(key, key), key, leaf, fields):
                why = _STYLED if key.lower().partition(".")[0] in STYLE else why
                self._left.append(Unmapped(path=leaf.path, value=text(leaf.value), why="" if why == UNKNOWN else why))
        return unplaced, circle

    def _put(self, name: str, key: str, leaf: Leaf, fields: Fields) -> str:
        if name.startswith("bus:"):
            inner = name.removeprefix("bus:")
            known = inner.partition(".")[0] in AROUND
            return self._around.put(inner, leaf) if known else UNKNOWN
        if key in ("lower_m", "upper_m") and key.replace("_m", "_ref") not in fields:
            self._warn("no-reference", leaf.path, f'"{leaf.value}" metres above what? {key[:5]}_ref does not say')
            return "it does not say what it is above"
        why = self._body.put(name, leaf)
        if why.startswith("it is no value"):
            self._warn("not-a-value", leaf.path, f'"{text(leaf.value)[:80]}" is no {key}')
        return why

    def _warn(self, code: str, path: str, what: str) -> None:
        self._warnings.append(Warning(code=code, path=path, text=what))

    def _instant(self, leaf: Leaf) -> TimeValue:
        return instant(leaf, self._context, self._warnings)

    def _assume(self) -> None:
        name, value = ASSUMED.get(self._kind, ("", ""))
        if name and self._body.get(name) is None:
            self._body.store((name,), value)
            self._warn("assumed", self._feature.locator, f'{name} is not given: "{value}"')
        if self._kind == "protected-site" and not self._body.get("name"):
            self._body.store(("name",), self._body.get("site_kind"))
            self._warn("no-name", self._feature.locator, "the site has no name: its kind stands in for it")

    def _candidates(self, fields: Fields) -> None:
        """Say which date-time groups stand in a name or description that has no other time; none is taken for one."""
        if any(key in fields for key in ("start", "end", "time", "observed", "at")):
            return
        for key in ("name", "description"):
            for group in times.groups(_said(fields, key)[:2_000])[:3]:
                self._warn("time-candidate", fields[key].path, f'"{group}" may be a time; it was not taken for one')


def _said(fields: Fields, key: str) -> str:
    leaf = fields.get(key)
    return leaf.value if leaf is not None and isinstance(leaf.value, str) else ""


def _true(leaf: Leaf | None) -> bool:
    return leaf is not None and (leaf.value is True or str(leaf.value).strip().lower() in ("true", "1", "yes"))


def _is_exercise(sidc: str) -> bool:
    """Say whether a symbol stands for something exercised or simulated (formats.md §11.5)."""
    digits = sidc.strip()
    if digits.isdigit():
        return len(digits) >= 20 and digits[2] in "12"
    return len(digits) in (10, 15) and digits[1].upper() in "GWMDLJK"
