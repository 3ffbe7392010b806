"""The question and the answer of ``coordinator check``, over a bus in memory."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from adapters import adapter
from adapters.base import Context
from coordinator.cli import check
from coordinator.client import Client
from coordinator.edges.clock import SystemClock
from coordinator.errors import BusError, Forbidden, UsageError
from schemas import registry, subjects
from schemas.envelope import Envelope
from tests.cli.cases import at, finding, order
from tests.cli.conftest import INPUTS
from tests.support.buses import open_memory

SCOPE = {"as_of": at(0), "orders": 4, "log_seq": 17}


async def asked(
    files: tuple[Path, ...], lines: list[dict[str, Any]], refuse: BusError | None = None
) -> tuple[int, bytes]:
    """Check files against a service that answers with these lines; return the exit code and the question."""
    questions: list[bytes] = []

    async def answer(_: str, data: bytes, __: dict[str, str]) -> AsyncIterator[bytes]:
        questions.append(data)
        if refuse is not None:
            raise refuse
        for line in lines:
            yield registry.encode(line) + b"\n"

    async with open_memory(("xar",)) as bus:
        coord, xar = await bus("coord"), await bus("xar")
        async with coord.serve(subjects.questions("deconfliction"), "deconfliction", answer):
            code = await check._check(Client(xar, "xar", SystemClock()), check.Asked(files), json=False)
    return code, b"".join(questions)


async def test_findings_are_shown_with_the_scope(capfd: pytest.CaptureFixture[str]) -> None:
    files = (INPUTS / "orders.ndjson",)
    code, question = await asked(files, [{"finding": finding()}, {"scope": SCOPE}])
    out = capfd.readouterr().out
    assert code == 1
    assert "81c0aa52d4a9" in out
    assert out.splitlines()[-1] == (
        "1 finding for 2 messages among 4 orders known at sequence 17 (14040000ZMAR27); nothing was sent"
    )
    assert [registry.envelope(line).id for line in question.splitlines()] == ["A-1", "B-2"]
    assert adapter("native").decode(question, Context()).messages


async def test_nothing_found_says_among_what(capfd: pytest.CaptureFixture[str]) -> None:
    code, _ = await asked((INPUTS / "apart.ndjson",), [{"scope": SCOPE}])
    out = capfd.readouterr().out
    assert code == 0
    assert out.startswith("none found for 1 message among 4 orders")


async def test_an_answer_without_its_scope_is_a_failure() -> None:
    with pytest.raises(BusError, match="broke off"):
        await asked((INPUTS / "apart.ndjson",), [])


async def test_a_refusal_across_the_bus_is_still_one() -> None:
    with pytest.raises(Forbidden):
        await asked((INPUTS / "apart.ndjson",), [], Forbidden("ask", "check"))


async def test_a_file_that_cannot_be_read_is_not_asked_about(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.ndjson").write_text("{}")
    code, question = await asked((tmp_path / "bad.ndjson",), [])
    assert (code, question) == (1, b"")
    assert "REFUSED  bad.ndjson" in capfd.readouterr().err


def test_too_many_messages_are_refused_before_they_are_sent() -> None:
    large: Envelope = order(summary="x" * 60_000)
    with pytest.raises(UsageError, match="smaller groups"):
        check.question({"": [large] * 20})
