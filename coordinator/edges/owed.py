"""Answers that senders still wait for, by participant: a file of lines, so that a restart does not forget them.

Each line is an input that is owed an answer, or the word that it was given. The file is written anew when it is opened
and when most of it is old.
A power cut may cost the last lines: the input is kept all the same, and its answer stands on the board.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from coordinator import log
from coordinator.edges import spool
from coordinator.edges.store import refuse

MOST: Final = 10_000  # answers that are owed to one participant
MOST_OLD: Final = 20_000  # lines about answers that went out
_log = log.get("gates")


class Owed(msgspec.Struct, frozen=True):
    """An input whose answer is owed: by which channel it came, and its bearer's name for it."""

    channel: str
    name: str


class _Line(msgspec.Struct, frozen=True):
    input: str
    owed: Owed | None = None  # None: the answer has gone out


class Owing:
    """What is owed to one participant."""

    def __init__(self, path: Path | None = None) -> None:
        """Read a file, or keep everything in memory only.

        Raises:
            ConfigError: the file cannot be used.
        """
        self._path = path
        self._kept = _read(path) if path is not None else {}
        self._lines = len(self._kept)
        self._torn = False  # the disk was full in the middle of a line

    @property
    def kept(self) -> Mapping[str, Owed]:
        """Everything that is owed, by input, oldest first."""
        return self._kept

    def add(self, identity: str, owed: Owed) -> None:
        """Owe one more."""
        self._kept[identity] = owed
        self._append(_Line(identity, owed))
        if len(self._kept) > MOST:
            oldest = next(iter(self._kept))
            _log.warning("too many answers are owed; one is given up", input=oldest, channel=self._kept[oldest].channel)
            self.settle(oldest)

    def settle(self, identity: str) -> None:
        """Forget one: its answer has gone out."""
        if self._kept.pop(identity, None) is not None:
            self._append(_Line(identity))

    def _append(self, line: _Line) -> None:
        if self._path is None:
            return
        try:
            with self._path.open("ab", buffering=0) as file:
                file.write(b"\n" * self._torn + msgspec.json.encode(line) + b"\n")
            self._torn = False
            self._lines += 1
            if self._lines > len(self._kept) + MOST_OLD:
                _write(self._path, self._kept)
                self._lines = len(self._kept)
        except OSError as error:  # it is still remembered until the next restart
            self._torn = True
            _log.error("could not note what is owed", path=str(self._path), why=str(error.strerror))

    def move(self, identity: str, channel: str) -> None:
        """Let an answer that is owed go out by another channel."""
        self.add(identity, Owed(channel, self._kept.pop(identity).name))


def _write(path: Path, kept: Mapping[str, Owed]) -> None:
    spool.write(path, b"".join(msgspec.json.encode(_Line(i, o)) + b"\n" for i, o in kept.items()))


def _read(path: Path) -> dict[str, Owed]:
    """Return what a file says is owed, and write it anew."""
    kept: dict[str, Owed] = {}
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for line in filter(None, path.read_bytes().splitlines() if path.exists() else ()):
            _take(line, kept)
        _write(path, kept)
    except OSError as error:
        raise refuse(path, f"cannot be used: {error.strerror}", "choose another store") from error
    return kept


def _take(line: bytes, kept: dict[str, Owed]) -> None:
    try:
        said = msgspec.json.decode(line, type=_Line)
    except msgspec.MsgspecError:
        _log.warning("a line of what is owed cannot be read", line=line[:80])
        return
    if said.owed is not None:
        kept[said.input] = said.owed
    else:
        kept.pop(said.input, None)
