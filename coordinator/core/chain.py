"""Proof that a stream was not edited: every message's digest, chained in sequence; heads are signed into SEALS.

1. The digest of a message covers its stream, sequence, subject, id, time of logging and data. What the server adds to a
   message on its way is not covered, so the digest is the same wherever it is read.
2. ``head(n) = sha256(head(n-1) || digest(n))``; a gap in the sequence is an entry of its own, so nothing can go missing
   between two messages without changing every later head.

The server's own checksums do not do this: one flipped bit made it drop half a stream without a word (nats.md §2.1).
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec

GENESIS: Final = hashlib.sha256(b"coordinator chain 1").digest()


def content_hash(subject: str, identity: str, logged_at: str, data: bytes) -> str:
    """Return the hex digest that a message carries of itself (header ``Content-Hash``)."""
    digest = hashlib.sha256(f"{subject}\n{identity}\n{logged_at}\n".encode())
    digest.update(data)
    return digest.hexdigest()


def entry(stream: str, seq: int, subject: str, identity: str, logged_at: str, data: bytes) -> bytes:
    """Return the digest of one message as it stands in a stream."""
    content = content_hash(subject, identity, logged_at, data)
    return hashlib.sha256(f"{stream}\n{seq}\n{content}".encode()).digest()


def gap(stream: str, first: int, last: int) -> bytes:
    """Return the entry for sequences that the stream does not hold (their age ran out, or they are gone)."""
    return hashlib.sha256(f"{stream}\n{first}-{last}\nmissing".encode()).digest()


def link(head: bytes, entry_: bytes) -> bytes:
    """Return the head behind one more entry."""
    return hashlib.sha256(head + entry_).digest()


class Chain(msgspec.Struct, kw_only=True):
    """The running head of one stream; ``last`` is the sequence that it covers."""

    stream: str
    head: bytes = GENESIS
    last: int = 0
    count: int = 0

    def add(self, seq: int, subject: str, headers: Mapping[str, str], data: bytes) -> None:
        """Take the next message in sequence; sequences that were skipped are chained as a gap."""
        if seq > self.last + 1:
            self.head = link(self.head, gap(self.stream, self.last + 1, seq - 1))
        identity, logged_at = headers.get("Nats-Msg-Id", ""), headers.get("Logged-At", "")
        self.head = link(self.head, entry(self.stream, seq, subject, identity, logged_at, data))
        self.last = seq
        self.count += 1


def sealed_text(stream: str, last: int, count: int, head: str, previous: str, at: int) -> bytes:
    """Return the bytes that a seal signs."""
    return f"{stream}\n{last}\n{count}\n{head}\n{previous}\n{at}".encode()
