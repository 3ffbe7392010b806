"""Where output goes: data to standard output, everything else to standard error. One JSON object a line."""

import sys

import msgspec

from schemas import registry


def line(text: str) -> None:
    """Write a line of data."""
    print(text, flush=sys.stdout.isatty())


def row(value: object) -> None:
    """Write one JSON object on a line of its own."""
    data(registry.encode(value) + b"\n")


def whole(value: msgspec.Struct) -> None:
    """Write a struct as `row`, with each of its own fields even where it says nothing: the wire leaves those out."""
    row(msgspec.structs.asdict(value))


def data(content: bytes) -> None:
    """Write bytes as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)


def flush() -> None:
    """Let a reader that follows see what was written."""
    sys.stdout.flush()


def note(text: str) -> None:
    """Tell a person something that is no data."""
    print(text, file=sys.stderr)
