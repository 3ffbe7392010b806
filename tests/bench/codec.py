"""Decoding CoT events, against parsing the same bytes with bare lxml, which neither guards, nor maps, nor accounts."""

from typing import Final

from lxml import etree

from adapters.base import Context
from adapters.cot import COT
from schemas import registry
from tests.bench import corpus
from tests.bench.measure import Figure, alternately

ROUNDS: Final = 9
_RECEIVED: Final = Context(participant="xar", received_at=1_581_185_500_000_000)


def figures() -> list[Figure]:
    """Return what an event costs to read, and to read and write in the common schema."""
    events = corpus.events() * 4
    count = len(events)

    def bare() -> None:
        for data in events:
            etree.fromstring(data)

    def decode() -> None:
        for data in events:
            COT.decode(data, _RECEIVED)

    def translate() -> None:
        for data in events:
            for message in COT.decode(data, _RECEIVED).messages:
                registry.encode(message)

    parsed, decoded, translated = (taken / count * 1e6 for taken in alternately(ROUNDS, bare, decode, translate))
    against = "bare lxml parse"
    return [
        Figure(name="CoT decode", value=decoded, unit="µs/event", baseline=parsed, against=against),
        Figure(name="CoT decode, encode", value=translated, unit="µs/event", baseline=parsed, against=against),
    ]
