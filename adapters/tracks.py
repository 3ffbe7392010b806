"""Recorded tracks: each fix with a time is a position of whatever carried the device.

A fix that repeats the one before it is a loss; a clock that was not set (before 1990) leaves its position without an
instant. Without any time a track is only a line that somebody drew.
Source: reference formats.md §2.2, §7.2 (gx:Track), §7.4.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from adapters.base import Context, Loss
from adapters.dotted import Fields, Leaf
from adapters.feature_reader import instant, read
from adapters.features import Feature, Reference, identity
from adapters.shapes import Shape, Vertex
from schemas.envelope import Envelope, Source, UnitRef, Warning
from schemas.geo import AltitudeLimit, Position
from schemas.registry import pack
from schemas.reports import PositionReport


class Fix(NamedTuple):
    """One point of a track: where, when, its own properties, and what none of them took."""

    vertex: Vertex
    path: str
    fields: Fields
    losses: tuple[Loss, ...] = ()


class Track(NamedTuple):
    """A track: who or what moved (by name, if it has one) and its fixes."""

    name: str
    path: str
    fixes: Sequence[Fix]
    reference: Reference


def of_feature(feature: Feature) -> Track | None:
    """Return the track that a feature is: one line with times, which does not say that it is anything else."""
    said = feature.fields.get("bus:entity") or feature.fields.get("kind")
    lines = [s for s in feature.shapes if s.form == "line"]
    if len(feature.shapes) != 1 or not lines or (said is not None and said.value != "position"):
        return None
    vertices = lines[0].rings[0]
    if not any(v.at for v in vertices):
        return None
    name = feature.fields.get("name")
    path = feature.locator
    fixes = [Fix(v, f"{path}, point {n}", {}) for n, v in enumerate(vertices, 1)]
    return Track(str(name.value) if name is not None else "", path, fixes, feature.reference)


def positions(track: Track, origin: Source, context: Context) -> tuple[list[Envelope], list[Loss], list[Warning]]:
    """Return a position for each fix, the fixes that only repeat, and what is odd about the whole.

    Raises:
        Rejected: a property of a fix says something impossible.
    """
    found: list[Envelope] = []
    repeated: list[Loss] = []
    subject = UnitRef(name=track.name)
    warnings: list[Warning] = []
    if not track.name:
        subject = UnitRef(id=identity(origin, track.path, context.bearer_id))
        warnings.append(Warning(code="no-name", path=track.path, text="the track does not say whose it is"))
    before: Vertex | None = None
    for fix in track.fixes:
        if fix.vertex == before and not fix.fields and not fix.losses:
            value = f"{fix.vertex.lat!r},{fix.vertex.lon!r} {fix.vertex.at} {fix.vertex.height_m or ''}".strip()
            repeated.append(Loss(path=fix.path, value=value, why="it repeats the point before it"))
            continue
        before = fix.vertex
        if fix.fields:
            found += _told(fix, track, subject, origin, context)
        else:
            found.append(_plain(fix, track, subject, origin, context))
    return found, repeated, warnings


def _told(fix: Fix, track: Track, subject: UnitRef, origin: Source, context: Context) -> list[Envelope]:
    """Return the position of a fix with properties of its own."""
    fields = dict(fix.fields)
    if fix.vertex.at:
        fields.setdefault("time", Leaf(fix.path, fix.vertex.at))
    key, value = ("subject.name", subject.name) if subject.name else ("subject.id", subject.id)
    fields.setdefault("name" if subject.name else key, Leaf(track.path, value))
    feature = Feature(
        locator=fix.path, fields=fields, shapes=(Shape("point", ((fix.vertex,),), fix.path),),
        reference=track.reference, kind="position", losses=fix.losses,
    )  # fmt: skip
    return read(feature, origin, context)


def _plain(fix: Fix, track: Track, subject: UnitRef, origin: Source, context: Context) -> Envelope:
    warnings: list[Warning] = []
    at = instant(Leaf(fix.path, fix.vertex.at), context, warnings)
    spot = fix.vertex
    height: dict[str, Any] = {}
    losses = fix.losses
    if spot.height_m is not None and track.reference == "HAE":
        height = {"hae_m": spot.height_m}
    elif spot.height_m is not None and track.reference:
        height = {"altitude": AltitudeLimit(reference=track.reference, value_m=spot.height_m)}
    elif spot.height_m:
        why = "clamped to the ground: the height does not count"
        losses = (*losses, Loss(path=fix.path, value=f"{spot.height_m:.10g}", why=why))
    where = Position(lat=spot.lat, lon=spot.lon, form="decimal", raw=spot.raw)
    return pack(
        PositionReport(subject=subject, position=where, at=at, **height),
        id=identity(origin, fix.path, context.bearer_id),
        originator=context.participant,
        reality=context.reality,
        received_at=context.received_at or None,
        source=msgspec.structs.replace(origin, locator=fix.path),
        unmapped=losses,
        warnings=tuple(warnings),
    )
