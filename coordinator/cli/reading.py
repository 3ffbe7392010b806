"""Files read into messages without a bus, as intake would read them: the format found out, the originals kept."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import adapters
from adapters import native
from adapters.base import MAX_BYTES, Context, Rejected, Translation, sha256
from coordinator.cli import common
from coordinator.core.mission import Mission
from coordinator.services.judge import heads

STDIN_NAME = "stdin"
_SAY_MORE = frozenset({native.NATIVE.name, "sheet"})  # formats that say better than we how to split what is too large


class Read(NamedTuple):
    """One file: what was read out of it, or why it could not be."""

    name: str
    format: str
    translation: Translation
    originals: dict[str, bytes]
    refused: Rejected | None = None


def context(mission: Mission | None, participant: str, received_at: int) -> Context:
    """Return what adapters may know besides the bytes; without a mission, nothing but when they were received."""
    if mission is None:
        return Context(participant=participant, received_at=received_at, channel="file")
    return Context(
        participant=participant,
        received_at=received_at,
        channel="file",
        kinds=mission.kinds,
        zone=mission.zone,
        mgrs_square=mission.mgrs_square,
        box=mission.box,
        columns=heads(mission, participant),
    )


def files(paths: Sequence[Path], format_: str, given: Context) -> Iterator[Read]:
    """Read files one after the other; a file that is refused does not stop the others.

    Raises:
        UsageError: a file is not there, or the format is not known.
    """
    for path in paths:
        name = STDIN_NAME if path == common.STDIN else path.name
        data = common.read(path, native.MAX_FILE + 1)
        try:
            found = format_ or adapters.detect(data[:4096], path.suffix.lower())
            yield _read(name, found, data, given)
        except Rejected as refused:
            yield Read(name, format_, Translation(messages=()), {}, refused)


def _read(name: str, format_: str, data: bytes, given: Context) -> Read:
    import msgspec

    if format_ not in _SAY_MORE and len(data) > MAX_BYTES:
        raise Rejected("input", f"{len(data)} bytes is more than {MAX_BYTES}", "split it")
    here = msgspec.structs.replace(given, bearer_id=name)
    translation = adapters.decode(format_, data, here)
    kept = {sha256(data): data}
    if format_ == native.NATIVE.name:
        kept |= native.originals(data)
    return Read(name, format_, translation, kept)


def refusal(read: Read) -> str:
    """Return why a file could not be read, on one line."""
    from coordinator.cli.text import clean

    return f"REFUSED  {clean(read.name)}  {clean(str(read.refused))}"
