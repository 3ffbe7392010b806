"""``coordinator send``: files in, one answer for each. A file over the limit is hashed and never loaded whole."""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client, Item, Outcome

AT_ONCE: Final = 500  # files in one batch: one receipt for each batch
AT_ONCE_BYTES: Final = 32_000_000
_CHUNK: Final = 1 << 20


def send(
    files: common.Files,
    /,
    *,
    as_: common.As,
    format_: Annotated[
        str, Parameter(name="--format", metavar="F", show_default=False, help="Their format; found out if left out.")
    ] = "",
    voice: common.Voice = common.OWN,
    no_wait: Annotated[bool, Parameter(help="Do not wait for the answers; the bus has the files anyhow.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Send files and print what became of each."""
    _known(format_)
    readable(files)
    target, heard = bus.target(as_), voice.heard()
    return common.connected(target, lambda client: _send(client, files, format_, heard, wait=not no_wait, json=json))


async def _send(
    client: "Client", files: Sequence[Path], format_: str, heard: dict[str, str], *, wait: bool, json: bool
) -> int:
    from coordinator.cli import outcomes

    refused = unanswered = 0
    behalf, speaker = heard["on_behalf_of"], heard["speaker"]
    for batch in batches(files, format_):
        async for outcome in client.send(batch, wait=wait, channel="file", on_behalf_of=behalf, speaker=speaker):
            out.whole(outcome) if json else out.line(outcomes.line(outcome))
            refused += outcome.accepted is False
            unanswered += outcome.accepted is None
    if unanswered and wait:
        out.note(f"{unanswered} not answered yet: kept by the bus; does intake run? `coordinator status` shows it")
    return exits.FAILED if refused or (unanswered and wait) else exits.FINE


def report(outcome: "Outcome", *, json: bool) -> int:
    """Print what became of one message of our own and return the exit code."""
    from coordinator.cli import outcomes

    out.whole(outcome) if json else out.line(outcomes.line(outcome))
    return exits.FINE if outcome.accepted else exits.FAILED


def _known(format_: str) -> None:
    if not format_:
        return
    from adapters import names

    if format_ not in names():
        raise UsageError(f'"{format_}" is no known format; known are: {", ".join(names())}')


def readable(files: Sequence[Path]) -> None:
    """Check that every file is there before the first one is sent.

    Raises:
        UsageError: one is not.
    """
    for path in files:
        if path != common.STDIN and not path.is_file() and not path.is_fifo():
            raise UsageError(f"{path}: " + ("is a folder, name the files in it" if path.is_dir() else "no such file"))


def batches(files: Sequence[Path], format_: str) -> Iterator[list["Item"]]:
    """Yield the inputs of the files in groups that fit into memory."""
    group: list[Item] = []
    size = 0
    for path in files:
        item = read_item(path, format_)
        if group and (len(group) >= AT_ONCE or size + len(item.data) > AT_ONCE_BYTES):
            yield group
            group, size = [], 0
        group.append(item)
        size += len(item.data)
    if group:
        yield group


def read_item(path: Path, format_: str) -> "Item":
    """Return a file as an input: its bytes, or the head, size and hash of one that is too large."""
    if path == common.STDIN:
        return _item(sys.stdin.buffer, "stdin", format_)
    try:
        with path.open("rb") as file:
            return _item(file, path.name, format_)
    except PermissionError:
        raise UsageError(f"{path}: you may not read it") from None


def _item(file: BinaryIO, name: str, format_: str) -> "Item":
    from coordinator.client import HEAD, LIMIT, Item

    data = file.read(LIMIT + 1)
    if len(data) <= LIMIT:
        return Item(data=data, format=format_, name=name)
    digest, size = hashlib.sha256(data), len(data)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Item(data=data[:HEAD], format=format_, name=name, size=size, sha256=digest.hexdigest())
