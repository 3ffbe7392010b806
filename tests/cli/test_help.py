"""Every verb explains itself; what the help shows works; and it is there at once."""

import re
import shlex
import subprocess
import sys

import pytest

from coordinator.cli import FAMILIES, VERBS, Verb, build
from tests.cli.conftest import Golden, Run

EVERY = [verb for _, verbs in VERBS for verb in verbs]
HEAVY = {"nats", "shapely", "numpy", "lxml", "structlog", "anyio", "pyproj", "nkeys", "msgspec"}


def test_the_front_page(run: Run, golden: Golden) -> None:
    ran = run("--help")
    assert (ran.code, ran.err) == (0, "")
    golden("help", ran.out)


@pytest.mark.parametrize("words", [verb.words for verb in EVERY] + list(FAMILIES))
def test_a_verb_explains_itself(words: str, run: Run, golden: Golden) -> None:
    ran = run(*words.split(), "--help")
    assert (ran.code, ran.err) == (0, "")
    golden("help-" + words.replace(" ", "-"), ran.out)


@pytest.mark.parametrize("example", [example for verb in EVERY for example in verb.examples])
def test_an_example_can_be_typed_as_it_stands(example: str) -> None:
    command = re.split(r"\|\||[|>]", example)[-1 if "| coordinator" in example else 0]
    words = shlex.split(command)
    assert words[0] == "coordinator"
    build().parse_args(words[1:])


@pytest.mark.parametrize("verb", EVERY, ids=lambda verb: verb.words)
def test_the_usage_line_names_options_that_exist(verb: Verb) -> None:
    app = build()
    words, arguments = verb.words, verb.arguments
    for part in words.split():
        app = app[part]
    known = {name for argument in app.assemble_argument_collection() for name in argument.names}
    assert set(re.findall(r"--[a-z-]+", arguments)) <= known


@pytest.mark.parametrize("verb", EVERY, ids=lambda verb: verb.words)
def test_every_argument_is_explained(verb: Verb) -> None:
    app = build()
    for part in verb.words.split():
        app = app[part]
    for argument in app.assemble_argument_collection():
        if argument.names != ("*",):
            assert argument.parameter.help, argument.names


def loaded_by(*commands: str) -> set[str]:
    """The packages that a process has loaded after these commands."""
    code = (
        "import sys; from coordinator.__main__ import main; codes = [main(c.split()) for c in sys.argv[1:]]; "
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr); sys.exit(any(codes))"
    )
    ran = subprocess.run([sys.executable, "-c", code, *commands], capture_output=True, text=True, check=True)
    return set(ran.stderr.split())


def test_help_loads_nothing_that_is_heavy() -> None:
    assert not HEAVY & loaded_by("--help")


def test_help_of_a_verb_loads_no_server_and_no_geometry() -> None:
    assert not (HEAVY - {"msgspec"}) & loaded_by(*(f"{verb.words} --help" for verb in EVERY))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_it(shell: str, run: Run) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert "quarantine" in ran.out
    assert "--on-behalf-of" in ran.out
