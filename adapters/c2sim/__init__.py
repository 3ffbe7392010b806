"""C2SIM: orders, reports, acknowledgements and requests between command and simulation systems.

One directive a task, one message a content of a report. At least two dialects share one namespace: names are looked for
wherever a dialect puts them. Initialisations, plans and commands to systems are refused: nobody is tasked by them.

Source: SISO-STD-019-2020 (C2SIM), SISO-STD-020-2020 (land operations); reference formats.md §8.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from adapters.base import Context, Encoded, Loss, Rejected, Translation
from adapters.c2sim import orders, reports, tree
from adapters.c2sim.frame import Frame, frame
from adapters.c2sim.tree import Branch, Document
from adapters.c2sim.writer import write
from schemas.envelope import Envelope, Warning

_READERS: Final[dict[str, Callable[[Frame, Branch, list[Warning]], Iterator[Envelope]]]] = {
    "OrderBody": orders.read,
    "ReportBody": reports.read,
    "AcknowledgementBody": reports.acknowledgement,
    "RequestBody": reports.request,
}
_OLD: Final = b"netlab.gmu.edu/ibml"
_NAMES: Final = (b"<c2simheader", b"<domainmessagebody", b"<orderbody", b"<reportbody", b"<acknowledgementbody")


class C2Sim:
    """The adapter."""

    name = "c2sim"
    title = "C2SIM"
    spec = "SISO-STD-019-2020 and SISO-STD-020-2020 (C2SIM), with the drafts of 2019 and 2.0"
    suffixes = (".c2sim", ".xml")
    reads = frozenset(
        {"directive", "position", "observation", "acknowledgement", "liaison-response", "liaison-request"}
    )
    writes = reads

    def sniff(self, head: bytes, suffix: str = "") -> float:
        """Return 1 for a document of a namespace of C2SIM, less for one that only has its names."""
        start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
        if not start.startswith(b"<"):
            return 0.0
        if b"www.sisostds.org/schemas/c2sim" in start:
            return 1.0
        if any(name in start for name in _NAMES) or _OLD in start:
            return 0.8
        return 0.3 if suffix == ".c2sim" else 0.0

    def decode(self, data: bytes, context: Context) -> Translation:
        """Translate one message, or one body that came without its envelope."""
        document = tree.read(data)
        body = document.body
        if body is None:
            raise Rejected(document.root.path, "it has no body", "send an order, a report or an acknowledgement")
        if body.name not in _READERS:
            why = "it tasks nobody and reports nothing"
            raise Rejected(body.path, why, f"send one of {', '.join(_READERS)}")
        warnings = [*_withheld(document)]
        shared = frame(document, body, data, context, warnings)
        return _whole(document, list(_READERS[body.name](shared, body, warnings)))

    def encode(self, messages: Sequence[Envelope], originals: Mapping[str, bytes]) -> Encoded:
        """Write one document of the standard's first edition; what was read and not edited leaves byte for byte."""
        return write(messages, originals, self.decode)


C2SIM: Final = C2Sim()


def _withheld(document: Document) -> Iterator[Warning]:
    if document.withheld:
        path = document.withheld[0].path
        yield Warning(code="credentials", path=path, text="it carries credentials; they were left out")


def _whole(document: Document, messages: list[Envelope]) -> Translation:
    """Return the translation; what belongs to the only message travels with it."""
    rest = tuple(Loss(path=path, value=value) for path, value in document.leaves.items())
    if len(messages) == 1:
        messages = [msgspec.structs.replace(messages[0], unmapped=messages[0].unmapped + rest)]
        rest = ()
    losses = (*(leaf for m in messages for leaf in m.unmapped), *rest, *document.withheld)
    found = tuple(dict.fromkeys(warning for m in messages for warning in m.warnings))
    return Translation(messages=tuple(messages), losses=losses, warnings=found, dialect=document.dialect)
