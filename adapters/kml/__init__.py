"""KML, plain or zipped (KMZ): placemarks in documents and folders.

1. A placemark is what its ``ExtendedData`` says, else what its category or a folder's name says, else an observation;
   ``gx:Track`` gives positions. Coordinates are longitude first; heights count only where ``altitudeMode`` says so:
   ``absolute`` above mean sea level, ``relativeToGround`` above ground.
2. Nothing is fetched: network links, overlays and styles are losses. HTML in a description stays as it is.
3. Written are folders, one a kind, with ``bus:id`` and every other field as ``ExtendedData``.

Source: OGC KML 2.2 (07-147r2), 2.3 for gx; KML 2.0 and 2.1 of earth.google.com; reference formats.md §7.2.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters import feature_writer
from adapters.base import Context, Encoded, Translation, bounded, source
from adapters.features import KINDS
from adapters.kml.archive import is_archive, unpacked
from adapters.kml.reader import read_kml
from adapters.kml.writer import document
from schemas.envelope import Envelope


class Kml:
    """The adapter."""

    name = "kml"
    title = "KML and KMZ"
    spec = "OGC KML 2.2 (07-147r2) with gx:Track, KML 2.0 and 2.1; KMZ"
    suffixes = (".kml", ".kmz")
    reads = KINDS
    writes = KINDS

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 where the root of a KML document or an archive that names one begins."""
        if is_archive(head):
            return 1.0 if b".kml" in head.lower() else 0.9 if suffix == ".kmz" else 0.0
        start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not start.startswith(b"<"):
            return 0.0
        if b"<kml" in start or b"/kml/2." in start:
            return 1.0
        return 0.5 if suffix == ".kml" else 0.05

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate each placemark; the first that is wrong refuses them all."""
        content, losses = unpacked(bounded(data)) if is_archive(data) else (data, ())
        return read_kml(content, source(data, "kml", context), context, losses)

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write plain KML 2.2; what was read and not edited leaves byte for byte, zipped if it was."""
        return feature_writer.write(messages, originals, self.decode, document, "KML")


KML: Final = Kml()
