"""What doctor and status make of what they see; every "wrong" says how to mend it."""

from pathlib import Path
from typing import Any

import pytest

from coordinator.cli import checkup, doctor, status
from coordinator.cli.checkup import Check
from coordinator.cli.log import verdict
from tests.cli.conftest import Golden, Run

NOW = 1_804_996_800_000_000
OWN = {name: [checkup.DISTRIBUTION] for name in checkup.PACKAGES}


@pytest.mark.parametrize(
    ("check", "state"),
    [
        (checkup.judge_owners(OWN, installed=True), "ok"),
        (checkup.judge_owners({name: [] for name in OWN}, installed=True), "ok"),
        (checkup.judge_owners({name: [] for name in OWN}, installed=False), "wrong"),
        (checkup.judge_owners(OWN | {"adapters": ["adapters", checkup.DISTRIBUTION]}, installed=True), "wrong"),
        (checkup.judge_version("nats-server: v2.15.1"), "ok"),
        (checkup.judge_version("nats-server: v2.14.0"), "ok"),
        (checkup.judge_version("nats-server: v2.9.22"), "wrong"),
        (checkup.judge_version("command not found"), "wrong"),
        (checkup.judge_clock([NOW - 1], NOW), "ok"),
        (checkup.judge_clock([], NOW), "ok"),
        (checkup.judge_clock([NOW + 60_000_000], NOW), "wrong"),
        (checkup.judge_seals([{"stream": "LOG", "seq": 7, "at": NOW - 60_000_000}], NOW), "ok"),
        (checkup.judge_seals([{"stream": "LOG", "seq": 7, "at": NOW - 600_000_000}], NOW), "wrong"),
    ],
)
def test_a_check(check: Check, state: str) -> None:
    assert check.state == state
    assert bool(check.mend) is (state == "wrong")


def test_silent_slow_and_broken_services() -> None:
    rows: list[dict[str, Any]] = [
        {"service": "intake", "running": False},
        {"service": "log", "running": True, "pending": 5_000},
        {"service": "release", "running": True, "pending": 5, "failed": 2},
        {"service": "deconfliction", "running": True, "pending": 0, "warning": "the index missed a conflict"},
    ]
    silent, slow, broken, doubtful = checkup.judge_services(rows)
    assert (silent.state, slow.state, broken.state, doubtful.state) == ("wrong",) * 4
    assert "deconfliction: the index missed a conflict" in doubtful.what
    assert "release (2)" in broken.what
    assert "coordinator up intake" in silent.mend
    assert "log (5000)" in slow.what
    assert "release" not in slow.what


def test_a_key_that_others_may_read_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "creds").mkdir()
    key = tmp_path / "creds" / "xar.nk"
    key.write_text("seed")
    key.chmod(0o644)
    assert checkup.folder(tmp_path).state == "wrong"
    key.chmod(0o600)
    assert checkup.folder(tmp_path).state == "ok"
    assert checkup.folder(tmp_path / "none").state == "skipped"


def test_doctor_without_a_bus(run: Run) -> None:
    ran = run("doctor")
    assert ran.code == 0, ran.out
    assert "skipped  bus: nothing runs here" in ran.out
    assert ran.err == "nothing wrong was found\n"


def test_doctor_with_a_bus_that_should_run(run: Run, tmp_path: Path) -> None:
    ran = run("doctor", "--store", tmp_path)
    assert ran.code == 1
    assert "WRONG    bus: nothing runs on" in ran.out


def test_what_is_wrong_comes_with_its_mend(golden: Golden) -> None:
    found = (checkup.judge_version("v2.9.22"), checkup.fine("clock", "2027-03-14"), checkup.skipped("bus", "none"))
    golden("doctor", "".join(f"{doctor.shown(check)}\n" for check in found))


def test_status_as_text(golden: Golden) -> None:
    services: list[dict[str, Any]] = [
        {"service": "log", "running": True, "position": {"LOG": 12, "RAW": 3}, "pending": 0, "owed": 1, "handled": 15},
        {"service": "intake", "running": False},
    ]
    streams: list[dict[str, Any]] = [
        {"stream": "LOG", "messages": 12, "bytes": 6500, "first": 1, "last": 12, "sealed": 10}
    ]
    about = {
        "url": "nats://127.0.0.1:4222", "realm": "live", "store": "somewhere", "participants": ["xar", "joc"],
        "acknowledged": status.meaning({"sync_always": True}),
    }  # fmt: skip
    golden("status", status.shown(about, services, streams) + "\n")


def test_what_acknowledged_means_follows_from_the_servers_settings() -> None:
    assert status.meaning({"sync_always": True}).startswith("on disk:")
    assert "within 2 min" in status.meaning({"sync_interval": 120_000_000_000})
    assert "do not say" in status.meaning({})


def test_the_verdict_on_a_stream(golden: Golden) -> None:
    wrong = {"stream": "LOG", "first": 3, "last": 4, "what": "these messages are not the ones that were sealed"}
    rows: list[dict[str, Any]] = [
        {"stream": "LOG", "last": 9, "sealed": 8, "mismatches": [wrong]},
        {"stream": "RAW", "last": 9, "sealed": 0, "mismatches": []},
        {"stream": "TRACKS", "last": 0, "sealed": 0, "mismatches": []},
    ]
    golden("verify", "".join(f"{verdict(row)}\n" for row in rows))
