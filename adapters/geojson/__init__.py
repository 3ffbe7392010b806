"""GeoJSON: a collection of features, one feature, or a bare geometry; also text sequences and one feature a line.

1. Coordinates are WGS 84, longitude first, heights in metres above the ellipsoid; nothing is swapped.
2. Which message a feature becomes, and the names of its properties, is the business of `adapters.features`; written
   are ``bus:id bus:entity name start end lower_m lower_ref upper_m upper_ref radius_m centre`` and the message's own
   fields by their dotted names.
3. A ``crs`` other than WGS 84 is refused; simplestyle and foreign members are losses.

Source: RFC 7946; RFC 8142 (text sequences); GeoJSON 2008 (``crs``); reference formats.md §7.3.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from adapters import feature_writer
from adapters.base import Context, Encoded, Loss, Translation, bounded, source
from adapters.feature_reader import read
from adapters.features import KINDS, check_number, text
from adapters.geojson.reader import features
from adapters.geojson.writer import collection
from adapters.tracks import of_feature, positions
from schemas.envelope import Envelope

_TYPE: Final = re.compile(
    rb'"type"\s{0,20}:\s{0,20}"(?:Feature(?:Collection)?|(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection)"'
)
_INSIDE: Final = (b'"coordinates"', b'"features"', b'"geometry"', b'"geometries"')


class GeoJson:
    """The adapter."""

    name = "geojson"
    title = "GeoJSON"
    spec = "RFC 7946, with RFC 8142 text sequences; GeoJSON 2008 only in WGS 84"
    suffixes = (".geojson", ".geojsonl", ".geojsons", ".json")
    reads = KINDS
    writes = KINDS

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return how sure it is: an object whose type is one of RFC 7946, with a member that such an object has."""
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x1e")
        if not start.startswith(b"{"):
            return 0.0
        if _TYPE.search(start) and any(name in start for name in _INSIDE):
            return 0.95
        return 0.5 if suffix.startswith(".geojson") else 0.05

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate each feature; the first that is wrong refuses them all."""
        found = features(bounded(data))
        origin = source(data, "geojson", context, dialect=found.dialect)
        messages: list[Envelope] = []
        losses, warnings = list(found.losses), list(found.warnings)
        for feature in found.features:
            if (track := of_feature(feature)) is None:
                messages += read(feature, origin, context)
                check_number(messages, feature.locator)
                continue
            fixes, repeated, odd = positions(track, origin, context)
            messages += fixes
            rest = (leaf for key, leaf in feature.fields.items() if key not in ("name", "kind", "bus:entity"))
            losses += (*repeated, *feature.losses, *(Loss(path=x.path, value=text(x.value)) for x in rest))
            warnings += (*feature.warnings, *odd)
        losses += (u for m in messages for u in m.unmapped)
        warnings += (w for m in messages for w in m.warnings)
        return Translation(
            messages=tuple(messages), losses=tuple(losses), warnings=tuple(warnings), dialect=found.dialect
        )

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one collection, a feature a line; what was read and not edited leaves byte for byte."""
        return feature_writer.write(messages, originals, self.decode, collection, "GeoJSON")


GEOJSON: Final = GeoJson()
