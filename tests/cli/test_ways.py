"""How far deliveries are and how channels do, as people read it; and when the doctor has something to say."""

from typing import Any

import pytest

from coordinator.cli import channels, checkways, deliveries

NOW = 1_805_011_200_000_000
MINUTE = 60_000_000
CARD = {"kind": "alert", "id": "4f2a" * 8, "participant": "xar", "state": "sent", "at": NOW, "what": "CLASH at KESSA"}
ROW = {"participant": "xar", "channel": "mail", "kind": "smtp", "waiting": 3}


def test_a_line_says_who_by_which_way_how_far_since_when_and_why() -> None:
    rows = [
        {**CARD, "channel": "mail", "bearer": "smtp"},
        {**CARD, "bearer": "own", "state": "delivered"},
        {**CARD, "participant": "xbl", "state": "failed", "why": "550 \x1b[31mno mailbox"},
        {**CARD, "channel": "sms", "bearer": "short", "repeated": True},
    ]
    lines = deliveries.table(rows).splitlines()
    assert [line.split("  ")[0] for line in lines[1:]] == ["xar", "xar", "xbl", "xar"]
    assert "mail (smtp)" in lines[1] and "14080000ZMAR27" in lines[1] and "CLASH at KESSA" in lines[1]
    assert "own connection" in lines[2]
    assert "any" in lines[3] and "\\x1b[31mno mailbox" in lines[3]
    assert "sent (repeated)" in lines[4]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({}, "nothing went out yet"),
        ({"out": 2, "out_at": NOW}, "works"),
        ({"down_since": NOW, "failure": "no relay"}, "nothing goes out since 14080000ZMAR27: no relay"),
        ({"out": 2, "failed": 1, "failed_at": NOW, "failure": "550"}, "1 thing not taken, last 140800ZMAR27: 550"),
    ],
)
def test_a_channel_is_said_to_work_only_if_something_went_out(row: dict[str, Any], said: str) -> None:
    assert channels.state({**ROW, **row}) == said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("sent", "OK      xar/mail (smtp): sent within 0.5 s"),
        ("failed", "FAILED  xar/mail (smtp): refused for good: 550"),
        ("queued", "FAILED  xar/mail (smtp): not taken within 0.5 s: 550"),
    ],
)
def test_a_test_says_what_the_bearer_said(state: str, said: str) -> None:
    row = {**ROW, "state": state, "seconds": 0.5, "why": "550", "id": "test-1"}
    assert channels.said(row).startswith(said)


def test_the_doctor_names_a_channel_that_takes_nothing_for_minutes() -> None:
    short = {**ROW, "down_since": NOW - MINUTE, "failure": "no relay"}
    assert checkways.judge_channels([ROW, short], NOW).state == "ok"
    found = checkways.judge_channels([ROW, {**short, "down_since": NOW - 3 * MINUTE}], NOW)
    assert (found.state, found.what) == ("wrong", "xar/mail takes nothing, 3 wait: no relay")
    assert "channels test" in found.mend


def test_the_doctor_names_what_failed_for_good_the_newest_first_and_counts_the_rest() -> None:
    assert checkways.judge_failures([]).state == "ok"
    rows = [{**CARD, "at": NOW + n, "channel": "mail", "why": f"550 {n}"} for n in range(8)]
    found = checkways.judge_failures(rows)
    assert found.state == "wrong"
    assert found.what.startswith("8 failed for good within a day: alert 4f2a4f2a4f2a to xar by mail: 550 7; ")
    assert "550 2" not in found.what
