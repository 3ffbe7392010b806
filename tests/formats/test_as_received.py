"""A document that holds both real and exercise messages leaves as it came, if nobody edited it."""

from adapters.nvg import NVG
from tests.formats.test_laws import context

POINT = '<point symbol="app6a:S{}GPUCI--------" x="-27.0" y="2.0"/>'


def test_a_document_of_real_and_exercise_messages_leaves_byte_for_byte() -> None:
    inner = POINT.format("K") + POINT.format("F")
    data = f'<nvg xmlns="https://tide.act.nato.int/schemas/2012/10/nvg">{inner}</nvg>'.encode()
    found = NVG.decode(data, context()).messages
    assert [m.reality for m in found] == ["exercise", "real"]
    assert NVG.encode(found, {m.source.sha256: data for m in found if m.source}).data == data
