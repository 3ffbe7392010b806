"""EDXL: the envelope DE with whatever it carries, resource messages RM, and situation reports SitRep.

`envelope` opens an envelope, `rm` and `sitrep` translate both ways, `parts` is what they share. An envelope's content
is read by the format that recognises it, which this one does not know: it is handed the way to ask for it.
Source: OASIS EDXL-DE 1.0 and 2.0, EDXL-RM 1.0, EDXL-SitRep 1.0; reference formats.md §6.2-6.4.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import adapters
from adapters import markings, times, xml
from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received, source
from adapters.branches import Branch, Tree, root_tag
from adapters.compare import not_carried
from adapters.documents import of_element, split
from adapters.edxl import envelope, rm, sitrep
from adapters.edxl.parts import FAMILY, Document, own
from schemas.envelope import Envelope, Source
from schemas.liaison import SPOKEN, LiaisonRequest, LiaisonResponse
from schemas.notices import Cancellation
from schemas.registry import body
from schemas.reports import SituationReport

_LONGEST: Final = 700_000  # characters of embedded content
_LIAISON: Final = ("liaison-request", "liaison-response")
_ENVELOPES: Final = ("EDXLDistribution", "edxlDistribution")
_DECLARED: Final = b'<?xml version="1.0" encoding="UTF-8"?>'
_SPACE: Final = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
Close = Callable[[Envelope], bytes]


class Edxl:
    """The adapter. ``open_`` reads what an envelope carries, and ``close`` writes what is no EDXL itself."""

    name = "edxl"
    title = "Emergency Data Exchange Language"
    spec = "OASIS EDXL-DE 1.0 and 2.0, EDXL-RM 1.0, EDXL-SitRep 1.0"
    suffixes = (".edxl", ".xml")
    reads = frozenset(
        {"liaison-request", "liaison-response", "sitrep", "message", "hazard", "incident", "acknowledgement"}
    )
    writes = reads

    def __init__(self, open_: envelope.Open, close: Close) -> None:
        self._open = open_
        self._close = close

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 for a document of one of the namespaces; a little for other XML in an .edxl."""
        tag = root_tag(head)
        if FAMILY.encode() in tag.lower():
            return 1.0
        if not tag:
            return 0.0
        return 0.3 if suffix == ".edxl" else 0.0

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate an envelope with its contents, a resource message or a situation report."""
        root = xml.parse(data, namespaces=True, longest=_LONGEST)
        namespace, local = split(str(root.tag))
        if not namespace.casefold().startswith(FAMILY):
            hint = "send EDXL-DE, EDXL-RM or EDXL-SitRep, or name the format that it is in"
            raise Rejected(str(root.tag)[:200], "it is no EDXL document", hint)
        origin = source(data, "edxl", context, dialect=namespace[len(FAMILY) :])
        nodes = envelope.originals(root) if local in _ENVELOPES else {}
        found = of_element(root, own(root))
        document = Document(Branch(local, found.leaves, found.below), found.leaves, [], context)
        if local in _ENVELOPES:
            return envelope.read(document, envelope.contents(root, nodes), self._inside, origin)
        return self._plain(document, origin)

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one resource message or report as it is, anything else in an envelope.

        Raises:
            Rejected: none of them can be written.
        """
        if messages and (whole := as_received(messages, originals, self.decode)) is not None:
            return Encoded(data=whole)
        parts: list[tuple[Envelope, bytes]] = []
        losses: list[Loss] = []
        for message in messages:
            try:
                parts.append((message, self._written(message)))
            except Rejected as error:
                losses.append(Loss(path=message.key, value=message.kind, why=error.why))
        if not parts:
            raise Rejected("messages", "none of them can be EDXL", f"kinds that can: {', '.join(sorted(self.writes))}")
        alone = len(parts) == 1 and _is_ours(parts[0][0])
        data = _DECLARED + parts[0][1] if alone else _enveloped(parts)
        written = [message for message, _ in parts]
        lost = not_carried(written, data, self.decode)
        unmapped = (
            Loss(path=f"{m.key}: {u.path}", value=u.value, why="it is not written again")
            for m in written
            for u in m.unmapped
        )
        return Encoded(data=data, losses=(*losses, *lost, *unmapped))

    def _inside(self, data: bytes, context: Context) -> Translation:
        """Read the content of an envelope: EDXL here, an envelope not at all, the rest by whoever knows it."""
        if self.sniff(data[:4096]) < 1:
            return self._open(data, context)
        if any(name.encode() in data[:500] for name in _ENVELOPES):
            raise Rejected("input", "it is an envelope in an envelope", "send what is in it")
        return self.decode(data, context)

    def _plain(self, document: Document, origin: Source) -> Translation:
        if rm.is_message(document.root):
            return rm.read(document, origin)
        if document.root.path == "sitRep":
            return sitrep.read(document, origin)
        hint = f"known are EDXLDistribution, sitRep, {', '.join(rm.TYPES)}"
        raise Rejected(document.root.path, "it is no EDXL document that is known here", hint)

    def _written(self, message: Envelope) -> bytes:
        if message.kind not in self.writes:
            raise Rejected(message.key, f"no EDXL for the kind {message.kind}", "write it in another format")
        what = body(message)
        if isinstance(what, LiaisonResponse) and what.decision in SPOKEN:
            why = "what is said in a liaison session is no answer to a resource request"
            raise Rejected(message.key, why, "write it in another format: native, short")
        if isinstance(what, LiaisonRequest | LiaisonResponse | Cancellation) and message.kind in _LIAISON:
            return rm.write(message, what).encode()
        if isinstance(what, SituationReport):
            return sitrep.write(message, what).encode()
        return self._close(message)


def _is_ours(message: Envelope) -> bool:
    return message.kind in (*_LIAISON, "sitrep")


def _enveloped(parts: list[tuple[Envelope, bytes]]) -> bytes:
    """Return an envelope of version 1.0 around documents."""
    first = parts[0][0]
    at = first.created.utc if first.created and first.created.utc is not None else first.received_at or 0
    status = {"real": "Actual", "exercise": "Exercise", "test": "Test"}[first.reality]
    tree = Tree()
    tree.attributes["xmlns"] = _SPACE
    cover = next((r.id for m, _ in parts for r in m.references if r.note == "distribution"), "")
    sender, _, identity = cover.partition(",")
    for name, value in (
        ("distributionID", identity or first.id), ("senderID", sender or first.originator),
        ("dateTimeSent", times.stamped(at)), ("distributionStatus", status), ("distributionType", "Report"),
        ("combinedConfidentiality", markings.write(first.label)),
    ):  # fmt: skip
        tree.put(name, value)
    head, _, _ = tree.text("EDXLDistribution", {}).rpartition("</")
    contents = b"".join(
        b"<contentObject><xmlContent><embeddedXMLContent>"
        + data.removeprefix(_DECLARED)
        + b"</embeddedXMLContent></xmlContent></contentObject>"
        for _, data in parts
    )
    return _DECLARED + head.encode() + contents + b"</EDXLDistribution>"


def _by_registry(data: bytes, context: Context) -> Translation:
    """Read a content by the format that recognises it."""
    among = [name for name in adapters.names() if name != Edxl.name]
    scores = {name: adapters.adapter(name).sniff(data[:4096]) for name in among}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] < _SURE:
        raise Rejected("input", "no known format recognises it", "name the format of the content")
    return adapters.adapter(best).decode(data, context)


def _to_alert(message: Envelope) -> bytes:
    """Write what is no EDXL as an alert."""
    return adapters.adapter("cap").encode([message], {}).data


_SURE: Final = 0.9
EDXL: Final = Edxl(_by_registry, _to_alert)
