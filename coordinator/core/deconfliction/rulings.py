"""Rulings as they are kept: packed, because there may be very many, and opened when somebody asks.

A packed ruling is a tuple of plain values: the finding's id, its bytes, when time alone changes it, when it is over,
and its reality. The bytes of equal findings are equal.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from coordinator.core.deconfliction.judging import Ruling
from coordinator.core.deconfliction.ledger import Key
from schemas.findings import Finding

Case = tuple[Key, ...]
"""One or two orders, sorted; or the marker of a group (`holdings`) and the order that it is about."""
Packed = tuple[str, bytes, int | None, int, str]

_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Finding)


def pack(ruling: Ruling) -> Packed:
    """Return a ruling as it is kept."""
    return ruling.finding.id, packed(ruling.finding), ruling.due, ruling.end, ruling.reality


def unpack(kept: Packed) -> Ruling:
    """Return a ruling that was kept."""
    return Ruling(opened(kept[1]), *kept[2:])


def packed(finding: Finding) -> bytes:
    """Return the bytes of a finding."""
    return _encoder.encode(finding)


def opened(data: bytes) -> Finding:
    """Return the finding that these bytes are."""
    return _decoder.decode(data)


class Rulings:
    """Rulings by case, and the case by finding."""

    def __init__(self) -> None:
        self._kept: dict[Case, tuple[Packed, ...]] = {}
        self.where: dict[str, Case] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Rulings) and self._kept == other._kept

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __len__(self) -> int:
        return len(self._kept)

    def packed(self, case: Case) -> tuple[Packed, ...]:
        """Return the rulings of a case as they are kept."""
        return self._kept.get(case, ())

    def get(self, case: Case) -> tuple[Ruling, ...]:
        """Return the rulings of a case."""
        return tuple(map(unpack, self._kept.get(case, ())))

    def items(self) -> Iterator[tuple[Case, tuple[Ruling, ...]]]:
        """Yield every case that has rulings, with them."""
        yield from ((case, tuple(map(unpack, kept))) for case, kept in self._kept.items())

    def values(self) -> Iterator[tuple[Ruling, ...]]:
        """Yield the rulings of every case that has some."""
        yield from (rulings for _, rulings in self.items())

    def put(self, case: Case, rulings: tuple[Packed, ...]) -> tuple[Packed, ...]:
        """Keep the rulings of a case, none being none; return those that stood there."""
        before = self._kept.pop(case, ())
        for old in before:
            if self.where.get(old[0]) == case:
                del self.where[old[0]]
        if rulings:
            self._kept[case] = rulings
            self.where |= {r[0]: case for r in rulings}
        return before

    def found(self, finding: str) -> Packed | None:
        """Return how a finding stands, or None if nothing gives rise to it."""
        kept = self._kept.get(self.where.get(finding, ()), ())
        return next((r for r in kept if r[0] == finding), None)
