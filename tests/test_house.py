"""House rules that no linter knows: where a subject is spelled, who reads the clock, what has a docstring, how long."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("adapters", "coordinator", "schemas")
LONG, TOO_LONG = 250, 400
NOT_OURS = {"node_modules", "static", "__pycache__"}


class Module(NamedTuple):
    """A Python file of the product, parsed."""

    path: str
    text: str
    tree: ast.Module


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file of the three packages."""
    found = []
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            if not NOT_OURS.intersection(file.parts):
                text = file.read_text(encoding="utf-8")
                found.append(Module(file.relative_to(ROOT).as_posix(), text, ast.parse(text, str(file))))
    return tuple(found)


def fail_on(found: Iterable[str], mend: str) -> None:
    """Fail with the list of places and how to mend them, if there are any."""
    listed = list(found)
    assert not listed, "\n".join(("", *listed, f"=> {mend}"))


# -- subjects ---------------------------------------------------------------------------------------------------------

_REST = r"(?:from|to|board|ask)\.[a-z0-9*{}-]+\.[a-z0-9*>{}.-]+|(?:record|finding)\.[a-z0-9*{}-]+\.[a-z0-9*>{}-]+"
_OPEN = r"(?:from|to|board|ask|record|refusal|finding|alert|tick|presence|position|seal|replay)\.(?:[*>{].*)?"
_SUBJECT = re.compile(rf"(?:{_REST}|{_OPEN}|config\.(?:mission|[*>]))")
"""What parses as a subject: whole ones, patterns, and beginnings such as ``"record."``; never words in a sentence."""


@cache
def nodes(tree: ast.Module) -> tuple[ast.AST, ...]:
    """Every node of a module; several rules look at all of them."""
    return tuple(ast.walk(tree))


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every string of a module with its line, docstrings excepted; what an f-string fills in stands as ``{}``."""
    parts = {id(part) for node in nodes(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    spoken = {id(node.value) for node in nodes(tree) if isinstance(node, ast.Expr)}
    for node in nodes(tree):
        if isinstance(node, ast.JoinedStr):
            filled = (str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)
            yield node.lineno, "".join(filled)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts | spoken:
            yield node.lineno, node.value


def spelled(module: Module) -> Iterator[str]:
    """The subjects that a module spells itself."""
    for line, text in strings(module.tree):
        if _SUBJECT.fullmatch(text):
            yield f'{module.path}:{line}: "{text}"'


def test_subjects_are_spelled_in_one_place() -> None:
    elsewhere = (m for m in modules() if m.path != "schemas/subjects.py")
    fail_on((s for m in elsewhere for s in spelled(m)), "build it, or match it, with a function of schemas/subjects.py")


@pytest.mark.parametrize(
    "line",
    ['"from.xar.raw.cot"', 'f"to.{p}.flash.alert"', '"record."', '"finding.*.*"', 'f"alert.{i}"', '"config.mission"',
     '("a", "position.*")', 'x.startswith("board.")', 'f"refusal.{p}"', '"ask.*.log.*"', 'f"replay.{run}.{s}"'],
)  # fmt: skip
def test_a_subject_is_found(line: str) -> None:
    assert list(spelled(Module("m.py", line, ast.parse(f"x = {line}"))))


@pytest.mark.parametrize(
    "line",
    ['"directive.strength"', '"position.lat"', '"to the bus."', '"from.them"', 'f"alert-{i}"', '"record"',
     '"see config.mission"', '"alert.headline"'],
)  # fmt: skip
def test_other_words_are_left_alone(line: str) -> None:
    assert not list(spelled(Module("m.py", line, ast.parse(f'"""board.*"""\nx = {line}'))))


# -- the outside ------------------------------------------------------------------------------------------------------


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module, and every name from one, that a module imports."""
    for node in nodes(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def test_nats_is_imported_in_its_edge_only() -> None:
    found = (
        f"{m.path}:{line}: {name}"
        for m in modules()
        if not m.path.startswith("coordinator/edges/nats/")
        for line, name in imported(m.tree)
        if name.split(".")[0] == "nats"
    )
    fail_on(found, "go through the ports (coordinator/ports.py); coordinator/edges/nats implements them")


_CLOCKS = re.compile(
    r"(?:datetime\.)?(?:datetime|date)\.(?:now|utcnow|today)"
    r"|time\.(?:time|monotonic|perf_counter)(?:_ns)?|time\.(?:localtime|gmtime)"
)


def clocks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a module reads a clock of the standard library, or takes one under a name of its own."""
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and _CLOCKS.fullmatch(ast.unparse(node)):
            yield node.lineno, ast.unparse(node)
    yield from ((line, name) for line, name in imported(tree) if _CLOCKS.fullmatch(name))


def test_one_module_reads_the_clock() -> None:
    elsewhere = (m for m in modules() if m.path != "coordinator/edges/clock.py")
    found = (f"{m.path}:{line}: {name}" for m in elsewhere for line, name in clocks(m.tree))
    fail_on(found, "take `now` as an argument, or ask the clock of coordinator/edges/clock.py")


@pytest.mark.parametrize(
    "code",
    ["import time; time.time()", "from time import monotonic", "import datetime; datetime.datetime.now()",
     "from datetime import date; date.today()", "import time; clock = time.perf_counter_ns"],
)  # fmt: skip
def test_a_clock_is_found(code: str) -> None:
    assert list(clocks(ast.parse(code)))


# -- words ------------------------------------------------------------------------------------------------------------


def undocumented(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The public classes and functions of a module that do not say what they are."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            overload = any(ast.unparse(decorator).endswith("overload") for decorator in node.decorator_list)
            if not node.name.startswith("_") and not overload and not ast.get_docstring(node):
                yield node.lineno, node.name


def test_every_module_says_what_it_is() -> None:
    found = (m.path for m in modules() if m.text.strip() and not ast.get_docstring(m.tree))
    fail_on(found, "begin with a docstring: what it decides or translates, and the rules it obeys")


def test_every_public_name_says_what_it_is() -> None:
    found = (f"{m.path}:{line}: {name}" for m in modules() for line, name in undocumented(m.tree))
    fail_on(found, "one sentence in the indicative, or a leading underscore if nobody else uses it")


# -- files ------------------------------------------------------------------------------------------------------------


def sources() -> Iterator[Path]:
    """Every file that people write: code, tests, pages, settings."""
    for top in (*PACKAGES, "tests", "deploy"):
        for file in sorted((ROOT / top).rglob("*")):
            if file.suffix in {".py", ".ts", ".tsx", ".css", ".md", ".toml", ".ftl", ".conf", ".yaml", ".service"} and (
                not NOT_OURS.intersection(file.parts)
            ):
                yield file
    yield from (ROOT / name for name in ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml"))


def test_no_file_is_too_long() -> None:
    lengths = {m.path: m.text.count("\n") for m in modules()}
    lengths |= {f.relative_to(ROOT).as_posix(): len(f.read_text().splitlines()) for f in sources() if ".ts" in f.suffix}
    for path, lines in sorted(lengths.items(), key=lambda item: -item[1]):
        if LONG < lines <= TOO_LONG:
            print(f"note: {path} has {lines} lines")  # noqa: T201  shown by `pytest -rP`
    fail_on(
        (f"{p}: {n} lines" for p, n in lengths.items() if n > TOO_LONG),
        f"more than {TOO_LONG}: find what is two things",
    )


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
    found = (
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for file in sources()
        if file.exists()
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if later.search(line)
    )
    fail_on(found, "do it now, or open an issue and say in the code what is true today")
