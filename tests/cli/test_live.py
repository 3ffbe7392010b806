"""The first minute of everybody: a real `coordinator up`, and the verbs against it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import INPUTS, Ran, Run

pytestmark = pytest.mark.nats

MISSION = """
name = "live-test"
[[participants]]
id = "fhq"
role = "hq"
[[participants]]
id = "joc"
role = "desk"
superior = "fhq"
operator = true
types_for = ["*"]
[[participants]]
id = "xar"
superior = "fhq"
[[participants]]
id = "ocha"
role = "guest"
[[places]]
name = "BRIDGE"
lat = 2.0
lon = -27.0
[[activities]]
kind = "directive"
exclusive = true
classes = ["closure"]
[[activities]]
kind = "movement"
classes = ["use"]
[[matrix]]
name = "closure/use"
a = "closure"
b = "use"
severity = "CRITICAL"
[[release]]
kind = "directive"
to = "all"
[[release]]
kind = "movement"
to = "all"
"""
PATIENCE_S = 15.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The store of a bus that runs on this host."""
    folder = tmp_path_factory.mktemp("bus")
    mission = folder / "mission-file.toml"
    mission.write_text(MISSION)
    command = [sys.executable, "-m", "coordinator", "up", "--mission", str(mission), "--store", str(folder / "store")]
    with (folder / "stderr").open("wb") as errors:
        process = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline() or "{}")
        assert ready.get("acknowledged") == "on disk", (folder / "stderr").read_text()
        assert ready["participants"] == ["fhq", "joc", "ocha", "xar"]
        yield folder / "store"
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(PATIENCE_S)
        process.stdout.close()  # type: ignore[union-attr]
    assert code == 130


@pytest.fixture
def live(run: Run, store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a verb against that bus."""
    monkeypatch.setitem(os.environ, "COORDINATOR_STORE", str(store))
    return run


def until(call: Callable[[], Ran], wanted: Callable[[Ran], bool]) -> Ran:
    """Ask again until the answer is as wanted: services work when they work."""
    give_up = time.monotonic() + PATIENCE_S
    while not wanted(ran := call()) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert wanted(ran), ran
    return ran


def rows(ran: Ran) -> list[dict[str, Any]]:
    """The objects that a command printed."""
    return [json.loads(line) for line in ran.out.splitlines()]


def test_the_first_minute(live: Run, tmp_path: Path) -> None:
    # A contingent and an aid agency send what they have; each gets its answer, again the same.
    order, movement = (INPUTS / "orders.ndjson").read_text().splitlines()
    (tmp_path / "order.ndjson").write_text(order)
    (tmp_path / "movement.ndjson").write_text(movement)
    sent = live("send", tmp_path / "order.ndjson", "--as", "fhq")
    assert sent.code == 0
    assert sent.out.startswith("accepted  order.ndjson  A-1:1")
    assert "clock" in sent.out + sent.err  # it says that it was written in 2027
    assert "was known already" in live("send", tmp_path / "order.ndjson", "--as", "fhq").out
    assert live("send", tmp_path / "movement.ndjson", "--as", "ocha").code == 0

    # The unit concerned receives the order and acknowledges it.
    until(lambda: live("directives", "list", "--as", "xar"), lambda ran: "A-1:1" in ran.out)
    received = until(lambda: live("receive", "--as", "xar"), lambda ran: "A-1:1" in ran.out)
    assert received.out.split()[0] in {"FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"}
    assert live("directives", "ack", "A-1", "--as", "xar", "--step", "wilco").code == 0
    until(lambda: live("directives", "list", "--as", "xar"), lambda ran: "[wilco]" in ran.out)

    # The contradiction stands on the desk, with a sentence and a card; an officer acknowledges the card.
    found = until(lambda: live("findings", "list", "--as", "fhq", "--json"), lambda ran: bool(ran.out))
    [finding] = rows(found)
    assert finding["finding_kind"] == "incompatible-activities"
    assert "CRITICAL" in live("findings", "show", finding["id"][:8], "--as", "fhq").out
    [card] = rows(until(lambda: live("watch", "--as", "fhq", "--until-now", "--json"), lambda ran: bool(ran.out)))
    assert card["work"] == "raised"
    assert live("alerts", "check", "--as", "fhq", "--severity", "Extreme").code == 6
    plain = live("watch", "--as", "fhq", "--until-now", "--plain").out
    assert "◆ EXTREME" in plain
    assert live("alerts", "ack", card["id"][:8], "--as", "fhq", "--note", "called both").code == 0
    until(
        lambda: live("alerts", "show", card["id"], "--as", "fhq", "--json"),
        lambda ran: any(t["participant"] == "fhq" and t.get("acknowledged_at") for t in rows(ran)[0]["told"]),
    )
    for party in ("xar", "ocha"):
        assert live("alerts", "ack", card["id"], "--as", party).code == 0
    until(lambda: live("alerts", "check", "--as", "fhq"), lambda ran: ran.code == 0)


def test_a_wrong_read_back_is_shown_to_both_sides_until_it_is_right(live: Run, tmp_path: Path) -> None:
    order = (INPUTS / "orders.ndjson").read_text().splitlines()[0]
    (tmp_path / "order.ndjson").write_text(order.replace("A-1", "R-1").replace("1409", "1609").replace("1413", "1613"))
    assert live("send", tmp_path / "order.ndjson", "--as", "fhq").code == 0
    until(lambda: live("directives", "list", "--as", "xar"), lambda ran: "R-1:1" in ran.out)
    shown = until(lambda: live("directives", "show", "R-1", "--as", "fhq"), lambda ran: "coordinated" in ran.out)
    assert "xar          (XAR) sent, not known to have arrived" in shown.out
    until(lambda: live("receive", "--as", "xar"), lambda ran: "R-1:1" in ran.out)
    until(lambda: live("directives", "show", "R-1", "--as", "fhq"), lambda ran: "(XAR) delivered" in ran.out)

    wrong = live("directives", "readback", "R-1", "--as", "xar", "--time", "0900C-1300Z", "--place", "2.0N 27.0W")
    assert (wrong.code, "your word does not count" in wrong.err) == (1, True)
    difference = "time: ordered 160900ZMAR27-161300ZMAR27, read back 0900C-1300Z (= 160600ZMAR27-161300ZMAR27)"
    assert difference in wrong.out
    assert "place" not in wrong.out
    assert live("directives", "ack", "R-1", "--as", "xar", "--step", "wilco").code == 1  # it is still read back wrong
    for side in ("fhq", "xar"):
        [state] = rows(live("directives", "show", "R-1", "--as", side, "--json"))[1:]
        assert (state["coordinated"], state["performers"][0]["state"]) == (False, "misread")
    assert live("directives", "show", "R-1", "--as", "ocha").out.count("(XAR)") == 0  # it may see the order only

    right = live("directives", "readback", "R-1", "--as", "xar", "--time", "1200C-1600C", "--place", "BRIDGE")
    assert (right.code, right.err) == (0, "")
    assert "R-1:1" in live("directives", "list", "--as", "fhq").out
    assert "coordinated  yes" in live("directives", "show", "R-1", "--as", "fhq").out


def test_a_dry_run_against_the_live_bus_sends_nothing_and_is_logged_itself(live: Run) -> None:
    def written(kind: str) -> int:
        return len(rows(live("log", "show", "--kind", kind, "--json")))

    before = {kind: written(kind) for kind in ("directive", "movement", "finding", "inquiry")}
    ran = live("check", INPUTS / "orders.ndjson", "--as", "fhq")
    assert ran.code == 1, ran.err
    assert "incompatible-activities" in ran.out
    assert "nothing was sent, the question is logged (1 of 20 an hour)" in ran.out.splitlines()[-1]
    assert live("check", INPUTS / "apart.ndjson", "--as", "fhq", "--json").err.count("known at sequence") == 1
    after = {kind: written(kind) for kind in before}
    assert after["inquiry"] >= before.pop("inquiry") + 2
    assert before.items() <= after.items()


def test_who_follows_sees_it_come_and_ends_by_interrupting(live: Run, store: Path, tmp_path: Path) -> None:
    movement = (INPUTS / "orders.ndjson").read_text().splitlines()[1]
    (tmp_path / "later.ndjson").write_text(movement.replace("B-2", "B-3").replace("1410", "1510"))
    command = [sys.executable, "-m", "coordinator", "receive", "--as", "joc", "--follow", "--json"]
    follower = subprocess.Popen([*command, "--store", str(store)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with follower:
        assert live("send", tmp_path / "later.ndjson", "--as", "ocha").code == 0
        assert follower.stdout is not None
        while json.loads(follower.stdout.readline())["envelope"]["id"] != "B-3":
            pass
        follower.send_signal(signal.SIGINT)
        _, errors = follower.communicate(timeout=PATIENCE_S)
    assert (follower.returncode, errors) == (130, b"")


def test_what_is_refused_is_kept_and_can_be_tried_again(live: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.ndjson").write_text('{"kind": "directive"}\n')
    sent = live("send", tmp_path / "bad.ndjson", "--as", "xar")
    assert sent.code == 1
    assert sent.out.startswith("REFUSED   bad.ndjson  line 1: body")
    listed = until(lambda: live("quarantine", "list"), lambda ran: "bad.ndjson" in ran.out)
    refused = listed.out.splitlines()[-1].split()[0]
    assert '{"kind": "directive"}' in live("quarantine", "show", refused).out
    assert "goes through intake again" in live("quarantine", "retry", refused).out
    assert live("quarantine", "show", "i-nothing").code == 5


def test_a_refused_input_is_mended_as_it_is_proposed_and_a_shadow_run_finds_everything_the_same(
    live: Run, tmp_path: Path
) -> None:
    text = "PATROL PLAN\nReference: XAR-MEND-1\nUnit: A Coy\nPlace: BRIDGE\nFrom: 1000\nTo: 1100\nMeans: foot\n"
    (tmp_path / "plan.txt").write_text(text)
    sent = rows(live("send", tmp_path / "plan.txt", "--as", "xar", "--json"))[0]
    shown = until(lambda: live("quarantine", "show", sent["input"]), lambda ran: ran.code == 0)
    assert "  | From: 1000\n  |       ^^^^\n" in shown.out
    assert "would be accepted XAR-MEND-1:1" in shown.out
    dry = live("quarantine", "retry", sent["input"], "--mend", "1", "--dry-run")
    assert (dry.code, "nothing was sent" in dry.out) == (0, True)
    mended = live("quarantine", "retry", sent["input"], "--mend", "1", "--json")
    assert (mended.code, rows(mended)[0]["ids"]) == (0, ["XAR-MEND-1:1"])
    (tmp_path / "plan.txt").write_text(text.replace("1000", "141000Z").replace("1100", "141100Z"))
    edited = live("quarantine", "retry", sent["input"], "--file", tmp_path / "plan.txt", "--dry-run", "--json")
    assert "dry_run" in rows(edited)[0]
    assert live("quarantine", "retry", sent["input"], "--mend", "1", "--as", "xar").code == 4

    compared = live("replay", "--adapter-diff", "--json")
    assert compared.code == 0, compared.out
    summary = rows(compared)[-1]["summary"]
    assert summary["equal"] > 1
    assert set(summary) <= {"equal", "by id only"}
    assert "REPLAY - NOT LIVE" in compared.err
    assert live("replay", "--adapter-diff", "--as", "xar").code == 4
    some = live("replay", "--adapter-diff", "--from", "-1h", "--format", "text")
    assert (some.code, some.out.splitlines()[-1].startswith("2 inputs compared: 2 equal")) == (0, True), some.out


def test_a_file_over_the_limit_is_hashed_and_refused(live: Run, tmp_path: Path) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(50_000_000)
    ran = live("send", large, "--as", "xar", "--json")
    assert ran.code == 1
    assert "50000000 bytes are more than" in rows(ran)[0]["why"]


def test_an_operator_sees_the_log_and_others_do_not(live: Run, tmp_path: Path) -> None:
    until(lambda: live("log", "verify"), lambda ran: ran.code == 0 and "LOG" in ran.out)
    assert "MISMATCH" not in live("log", "verify").out
    assert {row["stream"] for row in rows(live("log", "stat", "--json"))} == {"RAW", "LOG", "TRACKS", "SEALS"}
    assert live("log", "stat", "--as", "xar").code == 4
    assert live("log", "show", "1").code == 0
    assert live("log", "show", "999999").code == 5
    shown = rows(live("log", "show", "--kind", "directive", "--json"))
    assert all(row["subject"].startswith("record.directive.") for row in shown)
    replayed = live("replay", "--speed", "max", "--kind", "directive", "--json")
    assert rows(replayed) == shown
    assert "REPLAY - NOT LIVE" in replayed.err
    assert live("replay", "--speed", "max", "--as-seen-by", "xar").code == 0


def test_what_runs_and_what_is_wrong(live: Run) -> None:
    status = live("status")
    assert status.code == 0
    assert "on disk" in status.out
    assert "not running" not in status.out
    kinds = [next(iter(row)) for row in rows(live("status", "--json"))]
    assert set(kinds) == {"bus", "service", "stream"}
    doctor = live("doctor")
    assert (doctor.code, "WRONG" in doctor.out) == (0, False), doctor.out
    assert live("status", "--as", "nobody").code == 1


def test_many_files_are_one_batch(live: Run, tmp_path: Path) -> None:
    event = (INPUTS / "event.xml").read_text()
    files = [tmp_path / f"{n:03d}.xml" for n in range(299)]
    for n, path in enumerate(files):
        path.write_text(event.replace("TEST-1", f"TEST-{n}"))
    ran = live("send", *files, "--as", "xar", "--format", "cot")
    assert ran.code == 0
    assert ran.out.count("accepted") == 299
