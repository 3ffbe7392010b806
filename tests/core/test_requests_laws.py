"""Calls for help as a fold: any order, any restart, one owner, bounded; and the mission's numbers for them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator import lint_requests
from coordinator.core.measures import Requests as Allowed
from coordinator.core.occasions.requests import Requests
from coordinator.core.orders import calls
from coordinator.texts import languages, say
from schemas import registry
from schemas.alerts import Alert
from schemas.envelope import Envelope
from schemas.notices import Cancellation
from tests.support.calls import ASK, MISSION, Line, answer, ask, line, moving, order, said, wilco
from tests.support.v1 import ref, z

# -- laws -------------------------------------------------------------------------------------------------------------

TIMELESS = (
    ask(precedence="immediate"), answer("xco-eng", "accept", "140401"), answer("xco-eng", "decline", "140402"),
    answer("xbl-batt", "decline", "140403"), order("sc-hq", "xga-fpu", "140404"), wilco("xga-fpu", "140405"),
    moving("xga-fpu", "140406"),
    said(Cancellation(), "O-1", "sc-hq", "140407", kind="directive", status="cancel"),
    said(replace(ASK, state="withdrawn"), "R-1", "xar-batt", "140408", revision=2),
)  # fmt: skip


def outcome(messages: list[Envelope], restart: int = -1) -> tuple[Any, ...]:
    """What there is when all came late, at one moment."""
    desk = Line()
    desk.now = z("140500")
    for n, message in enumerate(messages):
        if n == restart:
            desk.restart()
        desk.take(message)
    desk.until("140600")
    cards = [(a.text_key, a.owner, a.args, a.lines, a.work) for a in desk.of_kind("request")]
    return cards, [seen.request for seen in desk.requests.known_to("xar-batt")]


@given(st.sets(st.integers(0, len(TIMELESS) - 1)), st.randoms(use_true_random=False))
def test_any_order_and_any_duplicate_end_the_same(chosen: set[int], random: Any) -> None:
    messages = [TIMELESS[i] for i in sorted(chosen)]
    shuffled = [*messages, *messages[:2]]
    random.shuffle(shuffled)
    assert outcome(messages) == outcome(shuffled)


@pytest.mark.parametrize("restart", range(len(TIMELESS)))
def test_a_restart_in_the_middle_changes_nothing(restart: int) -> None:
    assert outcome(list(TIMELESS[:4]), restart) == outcome(list(TIMELESS[:4]))


def test_a_restart_loses_no_clock_and_says_no_card_twice() -> None:
    plain, killed = line(ask(precedence="flash")), line(ask(precedence="flash"))
    for desk in (plain, killed):
        for when in ("140401", "140402", "140403", "140410"):
            desk.until(when)
            if desk is killed:
                desk.restart()
    assert plain.published == killed.published
    assert plain.ids == killed.ids


@given(st.lists(st.sampled_from(TIMELESS), min_size=1, max_size=9))
def test_whatever_is_not_over_has_one_owner_and_whatever_is_has_no_card(messages: list[Envelope]) -> None:
    desk = line(*sorted(messages, key=lambda m: (m.created and m.created.utc) or 0), until="150400")
    for seen in desk.requests.known_to("xar-batt"):
        over = seen.request.state in ("done", "refused", "withdrawn")
        assert (seen.request.owner == "") is over
        assert not (over and desk.of_kind("request"))


def test_a_message_leads_to_its_own_request_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Line()
    for n in range(50):
        desk.take(said(ASK, f"R-{n}", "xar-batt", "140400", to=("xbl-batt",)))
    looked: list[str] = []
    monkeypatch.setattr(Requests, "_look", lambda self, identity, now: looked.append(identity) or iter(()))
    desk.take(said(registry.body(answer("xbl-batt", "accept", "140405")), "x", "xbl-batt", "140405"))
    assert looked == ["R-1"]


def test_what_waits_for_a_request_that_never_comes_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_WAITING", 5)
    desk = line(*(wilco("xbl-batt", f"1404{n:02d}", of=f"O-{n}") for n in range(20)))
    assert len([*desk.requests._calls.items()]) == 5


def test_what_is_over_is_forgotten_and_what_is_open_is_not() -> None:
    done = said(replace(ASK, state="answered"), "R-1", "xar-batt", "140410", revision=2)
    desk = line(ask(), done, said(ASK, "R-2", "xar-batt", "140400", to=("xbl-batt",)))
    desk.take(said(ASK, "R-3", "xar-batt", "160400", to=("xbl-batt",)))
    assert [seen.request.id for seen in desk.requests.known_to("xar-batt")] == ["R-2", "R-3"]


@pytest.mark.parametrize("lang", languages())
def test_every_card_can_be_told_in_every_language(lang: str) -> None:
    for key, names in Requests.TEXTS.items():
        assert say(key, lang, **dict.fromkeys(names, "X"))


def test_a_snapshot_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="requests"):
        Requests().restore(b'{"messages": 1}')


def test_the_card_names_the_request_that_it_follows_from() -> None:
    card: Alert = line(ask(precedence="flash"), until="140402").call
    assert card.refers == ("R-1",)
    assert ref("R-1").id == card.args["request"]


@pytest.mark.parametrize(
    ("table", "path"),
    [
        (Allowed(flash_s=-1.0), "requests.flash_s"),
        (Allowed(priority_s=1e9), "requests.priority_s"),
        (Allowed(immediate_s=60.0), "requests.immediate_s"),
    ],
)
def test_a_mission_whose_promises_cannot_be_meant_so_is_found(table: Allowed, path: str) -> None:
    [check] = lint_requests.CHECKS
    assert [found.path for found in check(replace(MISSION, requests=table))] == [path]
    assert list(check(MISSION)) == []
