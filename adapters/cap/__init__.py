"""The Common Alerting Protocol: alerts of weather, civil protection and disaster services, and alerts for them.

`reader` says which message an alert becomes, `info` and `areas` read its blocks, `drafts` and `writer` go the other
way, `identity` says how alerts name each other, `tables` holds the words.
Source: OASIS CAP 1.2 (1 July 2010), 1.1 and 1.0 by their namespaces; reference formats.md §6.1.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from adapters.base import Context, Encoded, Translation
from adapters.branches import root_tag
from adapters.cap import reader, tables, writer
from adapters.cap.drafts import KINDS
from schemas.envelope import Envelope

_ALERT: Final = re.compile(rb"<(?:[\w.-]{1,40}:)?alert\b")


class Cap:
    """The adapter."""

    name = "cap"
    title = "Common Alerting Protocol"
    spec = "OASIS CAP 1.2, 1 July 2010; reads 1.1 and 1.0 as well"
    suffixes = (".cap", ".xml")
    reads = frozenset({"hazard", "incident", "message", "acknowledgement"})
    writes = KINDS

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 for an alert of one of the namespaces; a little for other XML in a .cap, so that it is told why."""
        tag = root_tag(head)
        if _ALERT.match(tag) and any(ns.encode() in tag for ns in tables.NAMESPACES):
            return 1.0
        if not tag:
            return 0.0
        return 0.3 if suffix == ".cap" else 0.0

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate one alert, or several that follow each other."""
        return reader.read(data, context)

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write alerts one after the other; what was read and not edited leaves byte for byte."""
        return writer.write(messages, originals, self.decode)


CAP: Final = Cap()
