"""``coordinator translate``: bytes of one format in, bytes of another out. Pure: no server, no mission, no clock.

Standard output is the translation. ``--to native`` keeps the bytes of each source beside its messages, so a message
that nobody edited goes back byte for byte; several sources of one format are written one after the other as they came.

``--losses`` lists every value that no field took or that the target cannot carry: as a table on standard error, or with
``--json`` as further lines ``{"loss": {...}}`` on standard output. ``--json`` wraps what is not NDJSON by itself:
``{"encoded": {"format", "text" or "base64"}}``; a file that is refused gives ``{"refused": {...}}``.

A time without its month can only be read by whoever knows when it was received: ``--received TIME`` says so.
"""

import base64
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from adapters.base import Encoded, Loss
    from coordinator.cli.reading import Read
    from schemas.envelope import Envelope

NATIVE = "native"


class Written(NamedTuple):
    """One piece of output: the name of its source ("" for several) and its bytes."""

    name: str
    encoded: "Encoded"


def translate(
    files: common.Files,
    /,
    *,
    to: Annotated[str, Parameter(metavar="F", help="The format to write; `coordinator formats` lists them.")],
    from_: common.FromFormat = "",
    losses: Annotated[bool, Parameter(help="List every value that was not carried over, and why.")] = False,
    received: Annotated[
        common.When, Parameter(help="When they were received: completes a time that lacks its month or year.")
    ] = "",
    as_: common.AsUnknown = "unknown",
    directory: Annotated[
        Path | None, Parameter(name="--out", metavar="DIR", help="Write one file for each source into this folder.")
    ] = None,
    json: common.Json = False,
) -> int:
    """Translate files."""
    from coordinator.cli import reading

    for name in (to, from_):
        known_format(name)
    at = times.optional(received, common.now()) if received else 0
    reads = list(reading.files(files, from_, reading.context(None, as_, at)))
    refused = [read for read in reads if read.refused is not None]
    written = list(write([read for read in reads if read.refused is None], to))
    _put(written, to, directory, json=json)
    _report(reads, written, to, losses=losses, json=json)
    for read in refused:
        _refuse(read, json=json)
    return exits.FAILED if refused else exits.FINE


def known_format(name: str) -> None:
    """Check that a format is known, or is left out.

    Raises:
        UsageError: it is not.
    """
    from adapters import names

    if name and name not in names():
        raise UsageError(f'"{name}" is no known format; known are: {", ".join(names())}')


def write(reads: "Sequence[Read]", to: str) -> Iterator[Written]:
    """Write the messages of all files in their order; sources that are in that format already, one by one."""
    from adapters import adapter

    originals = {known: data for read in reads for known, data in read.originals.items()}
    messages = [message for read in reads for message in read.translation.messages]
    for source, group in groupby(messages, lambda message: _source(message, to)):
        members = list(group)
        name = members[0].source.bearer_id if source and members[0].source else ""
        yield Written(name, adapter(to).encode(members, originals))


def _source(message: "Envelope", to: str) -> str:
    """Return what a message was read from, if that was in the format to be written."""
    of = message.source
    return of.sha256 if of is not None and of.format == to and to != NATIVE else ""


def _put(written: Sequence[Written], to: str, directory: Path | None, *, json: bool) -> None:
    if directory is not None:
        _files(written, to, directory)
        return
    for piece in written:
        if json and to != NATIVE:
            out.row({"encoded": {"format": to, "name": piece.name} | _content(piece.encoded.data)})
        else:
            out.data(piece.encoded.data)


def _content(data: bytes) -> dict[str, str]:
    try:
        return {"text": data.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _files(written: Sequence[Written], to: str, directory: Path) -> None:
    from adapters import adapter
    from adapters.base import suffix_of

    directory.mkdir(parents=True, exist_ok=True)
    for number, piece in enumerate(written, 1):
        name = Path(piece.name).name or f"{number:04d}{suffix_of(adapter(to), piece.encoded.data)}"
        path = directory / name
        if path.exists():
            path = directory / f"{number:04d}-{name}"
        path.write_bytes(piece.encoded.data)
        out.note(str(path))


def _report(reads: "Sequence[Read]", written: Sequence[Written], to: str, *, losses: bool, json: bool) -> None:
    rows = [(read.name, f"reading {read.format}", loss) for read in reads for loss in read.translation.losses]
    rows += ((piece.name, f"writing {to}", loss) for piece in written for loss in piece.encoded.losses)
    if not losses:
        if rows and not json:
            out.note(f"{len(rows)} values were not carried over into fields; --losses lists them")
    elif json:
        for name, when, loss in rows:
            out.row({"loss": _loss(name, when, loss)})
    else:
        out.note(losses_table(rows))


def _loss(name: str, when: str, loss: "Loss") -> dict[str, Any]:
    return {"name": name, "when": when, "path": loss.path, "value": loss.value, "why": loss.why}


def losses_table(rows: "Sequence[tuple[str, str, Loss]]") -> str:
    """Return what was not carried over: path, value, why."""
    from coordinator.cli.text import clean, short, table

    if not rows:
        return "no losses: every value has a field"
    lines = (
        (clean(name), when, clean(loss.path), short(loss.value, 60), clean(loss.why) or "no field for it")
        for name, when, loss in rows
    )
    return table(("NAME", "WHEN", "PATH", "VALUE", "WHY"), lines)


def _refuse(read: "Read", *, json: bool) -> None:
    from coordinator.cli import reading

    refused = read.refused
    if json and refused is not None:
        out.row({"refused": {"name": read.name, "path": refused.path, "why": refused.why, "hint": refused.hint}})
    else:
        out.note(reading.refusal(read))
