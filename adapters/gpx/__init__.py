"""GPX 1.0 and 1.1: waypoints, routes and recorded tracks.

1. A waypoint is what its type or its properties say, else an observation; a route is a movement that is planned; each
   fix of a track is a position. Heights (``ele``) are metres above mean sea level, and 0 stands for "not known".
2. Written are the same three, with the fields that GPX has no element for as ``<bus:p name="...">`` in ``extensions``.
   Areas are not in GPX; a circle is a waypoint with a ``radius_m``.

Source: GPX 1.0 and 1.1 schemas (topografix.com/GPX/1/0, /1/1); reference formats.md §7.4.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters import feature_writer
from adapters.base import MAX_BYTES, Context, Encoded, Rejected, Translation, bounded, source
from adapters.features import KINDS
from adapters.gpx.reader import read_gpx
from adapters.gpx.writer import document
from schemas.envelope import Envelope


class Gpx:
    """The adapter."""

    name = "gpx"
    title = "GPX"
    spec = "GPX 1.0 and 1.1 (topografix.com/GPX/1/0 and /1/1)"
    suffixes = (".gpx",)
    reads = KINDS
    writes = KINDS

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 where the root of a GPX document begins."""
        start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not start.startswith(b"<"):
            return 0.0
        if b"<gpx" in start or b"topografix.com/GPX/1/" in start:
            return 1.0
        return 0.5 if suffix == ".gpx" else 0.05

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate each waypoint, route and fix; the first that is wrong refuses them all."""
        if len(data) > MAX_BYTES:
            hint = "send the part of the log that matters, or simplify it; keep the whole file where it is"
            raise Rejected("input", f"{len(data)} bytes is more than {MAX_BYTES}", hint)
        return read_gpx(bounded(data), source(data, "gpx", context), context)

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write GPX 1.1; what was read and not edited leaves byte for byte."""
        return feature_writer.write(messages, originals, self.decode, document, "GPX")


GPX: Final = Gpx()
