"""NVG: overlays of the NATO Vector Graphics protocol, versions 1.4, 1.5 and 2.0.

1. A point with the symbol of somebody, and a time, is a position; every other item is what its extended data say, else
   an observation of a place or an area. Coordinates are longitude, latitude; distances are metres.
2. Written is 2.0; fields that NVG has no element for stand in its extended data, under the names of `features`.

Source: NVG 1.5 and 2.0 (NATO TIDE); reference formats.md §7.1.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from adapters import feature_writer
from adapters.base import Context, Encoded, Translation, bounded, source
from adapters.features import KINDS
from adapters.nvg.reader import read_nvg
from adapters.nvg.writer import document
from schemas.envelope import Envelope


class Nvg:
    """The adapter."""

    name = "nvg"
    title = "NVG overlay"
    spec = "NVG 1.4, 1.5 and 2.0 (NATO TIDE namespaces of 2008, 2009 and 2012)"
    suffixes = (".nvg",)
    reads = KINDS
    writes = KINDS

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 where the root of an NVG document begins."""
        start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
        if not start.startswith(b"<"):
            return 0.0
        if b"tide.act.nato.int/schemas" in start or b"<nvg" in start:
            return 1.0
        return 0.5 if suffix == ".nvg" else 0.0

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate each item; the first that is wrong refuses them all."""
        return read_nvg(bounded(data), source(data, "nvg", context), context)

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write NVG 2.0; what was read and not edited leaves byte for byte."""
        return feature_writer.write(messages, originals, self.decode, document, "NVG")


NVG: Final = Nvg()
