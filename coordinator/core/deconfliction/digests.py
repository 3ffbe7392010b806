"""Two headquarters compare one hash a thousand messages, and know that they saw the same findings.

The messages of the set stand in one order that follows from them alone (issue time, originator, id, revision, content),
in blocks of a thousand. A block's hashes cover its messages, and the findings whose newest party stands in it. Each
block is chained to the one before, so equal heads mean that everything is equal, and the first unequal block says where
to look. Findings depend on the time: compare digests of one ``as_of``. Source: reference deconfliction.md §5 (5), §5.1.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

import msgspec

from coordinator.core.deconfliction.ledger import Item, Key
from schemas import registry
from schemas.findings import Finding

SIZE: Final = 1_000


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A thousand messages: their number, their issue times (microseconds UTC), hashes of them and of their findings."""

    number: int
    count: int
    first_at: int
    last_at: int
    messages: str
    findings: str
    head: str  # of the chain up to here


def blocks(items: Iterable[Item], findings: Iterable[Finding], size: int = SIZE) -> list[Block]:
    """Return the blocks of a set of messages and what was found among them."""
    order = sorted(items, key=lambda i: (i.issued, i.key, i.revision, i.cancelled, i.digest))
    places: dict[Key, int] = {item.key: at for at, item in enumerate(order)}  # of the newest message of each
    born = sorted((_place(f, places) // size, f.id, f) for f in findings)
    found = {block: [f for *_, f in group] for block, group in groupby(born, key=lambda b: b[0])}
    return list(_chained([order[at : at + size] for at in range(0, len(order), size)], found))


def _place(finding: Finding, places: dict[Key, int]) -> int:
    return max((places.get((p.issuer, p.id), 0) for p in finding.parties), default=0)


def _chained(parts: Sequence[Sequence[Item]], found: dict[int, list[Finding]]) -> Iterator[Block]:
    head = ""
    for number, part in enumerate(parts):
        messages = _hash(f"{i.key}:{i.revision}:{i.cancelled}:{i.issued}:{i.digest!r}" for i in part)
        conclusions = _hash(_told(f) for f in found.get(number, ()))
        head = _hash((head, messages, conclusions))
        yield Block(
            number=number, count=len(part), first_at=part[0].issued, last_at=part[-1].issued,
            messages=messages, findings=conclusions, head=head,
        )  # fmt: skip


def _told(finding: Finding) -> str:
    """Return what of a finding must be the same everywhere: all but when it was published and in which words."""
    same = msgspec.structs.replace(finding, at=0, sentence="", options=())
    return registry.encode(same).decode()


def _hash(texts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode() + b"\n")
    return digest.hexdigest()


def differs(here: Sequence[Block], there: Sequence[Block]) -> Block | None:
    """Return the first block that is not the same on both sides, None if all are."""
    for mine, theirs in zip(here, there, strict=False):
        if mine.head != theirs.head:
            return mine
    longer = here if len(here) > len(there) else there
    return longer[min(len(here), len(there))] if len(here) != len(there) else None
