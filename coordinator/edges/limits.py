"""What any bus refuses to publish, and headers as they stand on the wire."""

import re
from collections.abc import Mapping
from typing import Final

from coordinator.errors import TooLarge, UsageError

_UNSAFE: Final = re.compile(r"[\s\x00*>]")


def header_block(headers: Mapping[str, str]) -> bytes:
    """Return headers as they stand on the wire, empty for none.

    Raises:
        UsageError: a name or value would end its line.
    """
    if not headers:
        return b""
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    text = "".join(lines)
    if text.count("\n") != len(lines) or text.count("\r") != len(lines):
        raise UsageError("a header must be one line")
    return f"NATS/1.0\r\n{text}\r\n".encode()


def check(subject: str, headers: bytes, data: bytes, limit: int) -> None:
    """Refuse what cannot be published.

    Raises:
        TooLarge: it has more than ``limit`` bytes, headers included.
        UsageError: the subject is empty, is a pattern or has a space.
    """
    if not subject or _UNSAFE.search(subject):
        raise UsageError(f'"{subject}" is not a subject to publish to')
    if len(headers) + len(data) > limit:
        raise TooLarge(subject, len(headers) + len(data), limit)
