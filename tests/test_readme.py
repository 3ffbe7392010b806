"""The front door is true: what README.md tells people to type works and prints what it says, and every path is there.

The fenced ``console`` blocks are one session. A line behind ``$`` is a command (a here-document reaches to its end
word), the lines below it are what it prints: each must appear, ``...`` stands for anything. ``# exit 1`` at the end of
a command says how it ends. ``make`` lines are not run; their targets must exist.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from itertools import takewhile
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = tuple(
    ROOT / page
    for page in (
        "README.md",
        "adapters/README.md",
        "coordinator/README.md",
        "coordinator/core/README.md",
        "coordinator/demo/README.md",
        "coordinator/edges/README.md",
        "coordinator/services/README.md",
        "schemas/README.md",
        "tests/README.md",
    )
)
PATIENCE_S = 15.0
HERE_DOCUMENT = re.compile(r"<<(\w+)$")
EXIT = re.compile(r"\s+# exit (\d+)$")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PREPARED = ("make ", ". .venv/bin/activate")  # the session has that behind it
ONCE = re.compile(r"\b(send|ack|retry|kill|sed|cat|up|new)\b")  # anything else may be asked until services are done


class Command(NamedTuple):
    """A command of the README, how it must end and what it must print."""

    line: str
    code: int
    output: tuple[str, ...]

    def missing(self, printed: str) -> list[str]:
        """The quoted lines that were not printed; each printed line counts for one."""
        left = printed.splitlines()
        absent = []
        for quoted in self.output:
            pattern = re.compile(".*".join(map(re.escape, quoted.split("..."))))
            found = next((i for i, line in enumerate(left) if pattern.fullmatch(line.rstrip())), None)
            if found is None:
                absent.append(quoted)
            else:
                del left[found]
        return absent


def blocks(language: str) -> Iterator[str]:
    """The fenced blocks of the README in one language."""
    yield from (text for name, text in FENCE.findall(README.read_text(encoding="utf-8")) if name == language)


def commands() -> list[Command]:
    """Every command of the README, in order."""
    found: list[Command] = []
    for block in blocks("console"):
        lines = iter(block.splitlines())
        for line in lines:
            if not line.startswith("$ "):
                last = found.pop()
                output = last.output if line == "..." else (*last.output, line)
                found.append(last._replace(output=output))
                continue
            command = line.removeprefix("$ ")
            ends = EXIT.search(command)
            command = EXIT.sub("", command)
            if document := HERE_DOCUMENT.search(command):
                rest = [*takewhile(lambda line, end=document[1]: line != end, lines)]
                command = "\n".join((command, *rest, document[1]))
            found.append(Command(command, int(ends[1]) if ends else 0, ()))
    return found


class Shell:
    """A shell that is told one command after the other, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COORDINATOR_")}
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        self._printed = (folder / "printed").open("w+b", buffering=0)
        self._shell = subprocess.Popen(
            [shutil.which("bash") or "sh"],
            stdin=subprocess.PIPE,
            stdout=self._printed,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=kept | {"PATH": path, "TMPDIR": str(folder), "HOME": str(folder), "COLUMNS": "100"},
            start_new_session=True,
        )
        self._count = 0

    def close(self) -> None:
        """End the shell and whatever it has left in the background."""
        assert self._shell.stdin
        with suppress(ProcessLookupError):
            os.killpg(self._shell.pid, signal.SIGTERM)
        self._shell.stdin.close()
        self._shell.wait(PATIENCE_S)
        self._printed.close()

    def run(self, command: Command) -> tuple[int, str]:
        """Run a command once; return its exit code and what it printed, what is in the background included."""
        self._count += 1
        mark = f"=== {self._count} ended "
        begin = self._printed.seek(0, os.SEEK_END)
        assert self._shell.stdin
        self._shell.stdin.write(f"{command.line}\nprintf '\\n{mark}%d\\n' $?\n".encode())
        self._shell.stdin.flush()
        give_up = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up:
            printed = os.pread(self._printed.fileno(), 1 << 20, begin).decode()
            ended = re.search(rf"^{mark}(\d+)$", printed, re.MULTILINE)
            said = printed.replace(ended[0], "") if ended else printed
            if ended and not (command.line.endswith("&") and command.missing(said)):
                return int(ended[1]), said
            time.sleep(0.01)
        raise AssertionError(f"{command.line}: not done after {PATIENCE_S:.0f} s; printed: {printed}")


@pytest.mark.nats
def test_the_five_minutes_are_as_written(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    try:
        for command in commands():
            if command.line.startswith(PREPARED):
                continue
            give_up = time.monotonic() + PATIENCE_S
            code, printed = shell.run(command)
            while command.missing(printed) and not ONCE.search(command.line) and time.monotonic() < give_up:
                time.sleep(0.1)
                code, more = shell.run(command)  # services work when they work; deliveries are printed once
                printed += more
            assert not command.missing(printed), f"$ {command.line}\nprinted:\n{printed}"
            assert code == command.code, f"$ {command.line}\nprinted:\n{printed}"
    finally:
        shell.close()


def test_what_is_made_can_be_made() -> None:
    targets = set(re.findall(r"^([\w.]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    made = {command.line.split()[1] for command in commands() if command.line.startswith("make ")}
    assert made >= {"demo", "test", ".venv"}
    assert made <= targets


def test_the_import_direction_is_the_one_that_is_checked() -> None:
    contracts: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(c["layers"] for c in contracts if c["name"] == "imports point one way")
    assert [" > ".join(layers).replace("coordinator.", "")] == [text.strip() for text in blocks("text")]


def named_paths(page: Path) -> Iterator[str]:
    """The paths that a page names: in the first column of its tables, and those from the root anywhere."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for line in text.splitlines():
        if line.startswith("| `"):
            yield from re.findall(r"`([\w./-]+(?:\.\w+|/))`", line.split(" | ")[0])
    yield from re.findall(r"`((?:adapters|coordinator|deploy|schemas|tests)/[\w./-]*)`", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).parent.as_posix())
def test_every_room_is_where_the_page_says(page: Path) -> None:
    names = list(named_paths(page))
    assert names
    assert not [name for name in names if not (ROOT / name).exists() and not (page.parent / name).exists()]
