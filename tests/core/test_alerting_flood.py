"""Floods: what is too much for one desk comes as a group; nothing is lost in it, nobody is late silently with it."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.mission import Cards
from schemas.alerts import Alert
from schemas.findings import Finding, Party
from schemas.subjects import opaque
from tests.support.desk import MINUTE, MISSION, Desk, make_evidence, make_finding, z

START = z("140405")
LIMIT = Cards().flood_cards


def far(number: int, **changes: object) -> Finding:
    """A finding that is near no other one, told to one battalion alone."""
    where = (-27.0 + number % 300 * 0.05, -50.0 + number // 300 * 0.05)
    facts: dict[str, object] = {
        "parties": (Party(id=f"o{number}", issuer="xar-batt"),), "told": ("xar-batt",), "arbiter": "",
        "evidence": make_evidence(at=where), "first_at": START,
    }  # fmt: skip
    return make_finding(f"g{number:05}", **(facts | changes))


def flooded(count: int, desk: Desk | None = None, **changes: object) -> Desk:
    """A desk at which so many cards were raised within a minute."""
    desk = desk or Desk()
    for number in range(count):
        desk.finding(START + number * (MINUTE // max(count, 1)), far(number, **changes))
    return desk


def group(desk: Desk) -> Alert:
    """The one group of the battalion that is open."""
    (card,) = [a for a in desk.of_kind("flood") if a.about == "xar-batt"]
    return card


def grouped(desk: Desk) -> list[Alert]:
    return [a for a in desk.board.values() if a.grouped]


def late(desk: Desk) -> list[str]:
    """The cards that the battalion is late with, as somebody was told."""
    return [a.card for a in desk.of_kind("late-acknowledgement") if a.about == "xar-batt"]


# -- what is grouped --------------------------------------------------------------------------------------------------


def test_as_many_as_a_mission_allows_come_one_by_one() -> None:
    desk = flooded(LIMIT)
    assert desk.of_kind("flood") == []
    assert grouped(desk) == []


def test_one_more_begins_a_group_and_everything_stays_on_the_board() -> None:
    desk = flooded(LIMIT + 5)
    desk.until(desk.now + MINUTE)
    card = group(desk)
    assert len(desk.of_kind("conflict")) == LIMIT + 5
    assert {a.grouped["xar-batt"] for a in grouped(desk)} == {card.id}
    assert (len(grouped(desk)), card.args["count"], card.about) == (5, 5, "xar-batt")
    assert (card.severity, [t.participant for t in card.told]) == ("Severe", ["xar-batt"])


def test_what_is_extreme_is_never_in_a_group() -> None:
    desk = flooded(40)
    (said,) = [a for a in desk.finding(desk.now, far(900, severity="CRITICAL")) if a.alert_kind == "conflict"]
    assert (said.severity, said.grouped) == ("Extreme", {})
    assert next(t for t in said.told if t.participant == "xar-batt").due == desk.now + 2 * MINUTE


def test_what_becomes_extreme_leaves_its_group_and_is_asked_about_by_itself() -> None:
    desk = flooded(40)
    desk.until(desk.now + MINUTE)
    before = group(desk).args["count"]
    said = desk.finding(desk.now, far(20, severity="CRITICAL"))
    (card,) = [a for a in said if a.alert_kind == "conflict"]
    assert (card.grouped, card.severity, card.material_rev) == ({}, "Extreme", card.rev)
    assert card.told[0].due == desk.now + 2 * MINUTE
    desk.until(desk.now + MINUTE)
    assert group(desk).args["count"] == int(before) - 1


def test_a_flood_within_a_minute_is_ten_cards_one_group_and_the_extreme_one() -> None:
    desk = Desk()
    alone: list[Alert] = []
    for number in range(800):
        severity = "CRITICAL" if number == 600 else "MEDIUM"
        said = desk.finding(START + number * 75_000, far(number, severity=severity))
        alone += [a for a in said if not a.grouped and (a.alert_kind != "flood" or a.material_rev == a.rev)]
    assert [a.severity for a in alone] == ["Moderate"] * (LIMIT + 1) + ["Extreme"]
    assert len(grouped(desk)) == 800 - LIMIT - 1
    assert len([a for a in desk.published if a.alert_kind == "flood"]) <= 14  # whenever it has doubled, or a minute on


def test_each_participant_has_a_flood_of_its_own() -> None:
    desk = Desk()
    for number in range(30):
        desk.finding(START, far(number, told=("xar-batt", "sn-hq") if number > 24 else ("xar-batt",)))
    assert {p for a in grouped(desk) for p in a.grouped} == {"xar-batt"}
    card = desk.board[grouped(desk)[-1].id]
    assert {t.participant: t.due is None for t in card.told} == {"xar-batt": True, "sn-hq": False}


def test_a_mission_may_want_no_groups_at_all() -> None:
    desk = flooded(50, Desk(replace(MISSION, cards=Cards(flood_cards=0))))
    assert (desk.of_kind("flood"), grouped(desk)) == ([], [])


def test_what_only_some_may_know_of_is_grouped_apart_and_not_counted_for_others() -> None:
    desk = flooded(30, only=("xar-batt",))
    assert group(desk).only == ("xar-batt",)
    desk.finding(desk.now, far(99))
    assert desk.board[desk.published[-1].id].grouped == {}


def test_an_operator_reads_a_group_of_its_own_and_owes_nothing() -> None:
    people = (*MISSION.participants[1:], replace(MISSION.participants[0], operator=True))
    desk = flooded(30, Desk(replace(MISSION, participants=people)), arbiter="", told=("xar-batt",))
    cards = {c.about: c for c in desk.of_kind("flood")}
    assert set(cards) == {"xar-batt", "fhq-u3"}
    assert [(t.participant, t.due) for t in cards["fhq-u3"].told] == [("fhq-u3", None)]


# -- answering --------------------------------------------------------------------------------------------------------


def test_whoever_acknowledges_the_group_acknowledges_what_it_counted() -> None:
    desk = flooded(40)
    desk.until(desk.now + MINUTE)
    desk.act(desk.now, "xar-batt", group(desk))
    members = [a for a in desk.board.values() if a.alert_kind == "conflict" and a.told[0].acknowledged_at]
    assert len(members) == 40 - LIMIT
    assert {a.work for a in members} == {"acknowledged"}
    assert desk.of_kind("flood") == []


def test_what_came_after_the_revision_that_was_seen_is_not_answered_by_it() -> None:
    desk = flooded(LIMIT + 1)
    seen = group(desk)
    desk.finding(desk.now + 1000, far(800))
    desk.act(desk.now + 1000, "xar-batt", seen)
    assert desk.board[grouped(desk)[-1].id].told[0].acknowledged_at is None
    card = group(desk)
    assert (card.args["count"], card.told[0].acknowledged_at) == (1, None)
    assert card.told[0].due is not None


def test_new_cards_after_an_answer_ring_once_more_and_not_for_each() -> None:
    desk = flooded(40)
    desk.until(desk.now + MINUTE)
    desk.act(desk.now, "xar-batt", group(desk))
    for number in range(700, 710):
        desk.finding(desk.now + 1000, far(number))
    rung = [
        a for a in desk.published if a.alert_kind == "flood" and a.material_rev == a.rev and a.changed_at > z("140406")
    ]
    assert [a.why.split()[0] for a in rung] == ["reopened"]
    desk.until(desk.now + MINUTE)
    assert group(desk).args["count"] == 10


def test_a_member_that_is_answered_or_over_leaves_the_group() -> None:
    desk = flooded(LIMIT + 3)
    desk.until(desk.now + MINUTE)
    one, two, _ = grouped(desk)
    desk.act(desk.now, "xar-batt", one)
    number = next(n for n in range(LIMIT + 3) if two.members[0].finding == far(n).id)
    desk.finding(desk.now, far(number, state="closed"))
    desk.until(desk.now + MINUTE)
    assert group(desk).args["count"] == 1


# -- time -------------------------------------------------------------------------------------------------------------


def test_whoever_is_silent_about_a_group_is_called_about_once() -> None:
    desk = flooded(60)
    desk.until(z("140440"))
    alone = {a.id for a in desk.of_kind("conflict") if not a.grouped}
    assert len(late(desk)) == LIMIT + 1
    assert set(late(desk)) == alone | {group(desk).id}


def test_no_member_would_have_been_late_before_its_group() -> None:
    desk = flooded(LIMIT + 1, severity="MEDIUM")
    first = group(desk)
    due = first.told[0].due
    assert due is not None
    desk.until(due - 10 * MINUTE)
    for number in range(600, 601 + LIMIT):  # what is worse has a quarter of an hour, and asks anew
        desk.finding(desk.now, far(number, severity="HIGH"))
    assert (group(desk).id, group(desk).severity) == (first.id, "Severe")
    desk.until(due)
    assert first.id in late(desk)


def test_a_clock_that_a_merger_takes_out_of_a_group_runs_on() -> None:
    desk = Desk()
    desk.finding(START, far(0))
    (alone,) = desk.of_kind("conflict")
    desk.act(START, "xar-batt", alone)
    for number in range(1, LIMIT + 2):
        desk.finding(START, far(number))
    (member,) = [c for c in grouped(desk) if c.members[0].finding == far(LIMIT + 1).id]
    both = (Party(id="o0", issuer="xar-batt"), Party(id=f"o{LIMIT + 1}", issuer="xar-batt"))
    desk.finding(START + MINUTE, far(0, parties=both))
    assert desk.board[member.id].merged_into == alone.id
    told = desk.board[alone.id].told[0]
    assert (told.acknowledged_at, desk.board[alone.id].grouped) == (None, {})
    assert told.due is not None
    assert told.due <= START + 15 * MINUTE


def test_a_member_that_changed_since_the_group_was_seen_is_not_answered_with_it() -> None:
    desk = flooded(LIMIT + 2)
    desk.until(desk.now + MINUTE)
    seen = group(desk)
    more = (*far(LIMIT).parties, Party(id="another", issuer="sn-hq"))
    desk.finding(desk.now, far(LIMIT, parties=more))
    desk.act(desk.now, "xar-batt", seen)
    (left,) = grouped(desk)
    assert left.members[0].finding == far(LIMIT).id
    desk.until(desk.now + MINUTE)
    desk.act(desk.now, "xar-batt", group(desk))
    assert grouped(desk) == []


def test_of_what_is_said_at_once_the_extreme_comes_first() -> None:
    desk = Desk()
    desk.finding(START, far(1))
    (less,) = desk.of_kind("conflict")
    worst = next(n for n in range(2, 100) if opaque(f"card {far(n).id}") > less.id)
    desk.finding(START + 13 * MINUTE, far(worst, severity="CRITICAL"))
    said = desk.until(START + 15 * MINUTE)
    together = [a for a in said if a.changed_at == START + 15 * MINUTE]
    assert {a.severity for a in together} == {"Extreme", "Severe"}
    assert [a.severity for a in together] == sorted(a.severity for a in together)


def test_a_flood_ends_by_itself_and_new_cards_come_one_by_one_again() -> None:
    desk = flooded(40, severity="LOW")
    desk.until(z("140430"))
    assert desk.of_kind("flood") == []
    desk.finding("140431", far(900))
    assert not desk.board[desk.published[-1].id].grouped


def test_what_has_to_be_answered_stays_in_its_group_until_it_is() -> None:
    desk = flooded(40)
    desk.until(z("140700"))
    assert group(desk).args["count"] == 30
    desk.act("140700", "xar-batt", group(desk))
    assert [a for a in desk.of_kind("flood") if a.about == "xar-batt"] == []


def test_nothing_rings_while_its_desk_cannot_be_reached() -> None:
    desk = flooded(40)
    desk.presence(desk.now, "xar-batt", "lost")
    desk.until("140600")
    assert late(desk) == []
    desk.presence("140600", "xar-batt", "regained")
    desk.until("140700")
    assert group(desk).id in late(desk)


# -- laws -------------------------------------------------------------------------------------------------------------

steps = st.lists(
    st.tuples(
        st.sampled_from(["new", "new", "new", "worse", "over", "ack", "ack-group", "wait", "lost", "regained"]),
        st.integers(0, 40), st.integers(0, 3),
    ), max_size=40,
)  # fmt: skip
SEVERITIES = ("LOW", "MEDIUM", "HIGH", "CRITICAL")


def lived(day: list[tuple[str, int, int]], restart_at: int = -1) -> Desk:
    """A desk with a low limit after a day, killed once."""
    desk = Desk(replace(MISSION, cards=Cards(flood_cards=2)))
    desk.now = START
    for i, (what, number, grade) in enumerate(day):
        if i == restart_at:
            desk.restart()
        if what in ("new", "worse", "over"):
            state = "closed" if what == "over" else "open"
            desk.finding(desk.now + 1, far(number, severity=SEVERITIES[grade], state=state))
        elif what in ("lost", "regained"):
            desk.presence(desk.now + 1, "xar-batt", what)
        elif what == "wait":
            desk.until(desk.now + (1, 5, 20, 70)[grade] * MINUTE)
        else:
            wanted = [a for a in desk.board.values() if (a.alert_kind == "flood") == (what == "ack-group")]
            if wanted:
                desk.act(desk.now + 1, "xar-batt", wanted[number % len(wanted)])
    return desk


@given(steps)
def test_every_open_card_rings_by_itself_or_its_group_does(day: list[tuple[str, int, int]]) -> None:
    desk = lived(day)
    groups = {a.id: a for a in desk.of_kind("flood")}
    for card in desk.of_kind("conflict"):
        (told,) = card.told
        if told.acknowledged_at is None and card.severity != "Minor":
            ours = groups.get(card.grouped.get("xar-batt", ""))
            asked = ours.told[0] if ours else told
            assert asked.due is not None or asked.unreachable
            assert card.severity != "Extreme" or not card.grouped
    desk.presence(desk.now + 1, "xar-batt", "regained")
    desk.until(desk.now + 70 * MINUTE)
    called = {a.card for a in desk.of_kind("late-acknowledgement")}
    for card in desk.of_kind("conflict"):
        if card.told[0].acknowledged_at is None and card.severity != "Minor":
            asked = desk.board[card.grouped.get("xar-batt", card.id)]
            assert asked.id in called or asked.told[0].late  # once at each severity


@given(steps, st.integers(0, 39))
def test_a_kill_in_the_middle_of_a_flood_changes_nothing(day: list[tuple[str, int, int]], killed_at: int) -> None:
    straight, killed = lived(day), lived(day, killed_at)
    assert straight.ids == killed.ids
    assert straight.core.snapshot() == killed.core.snapshot()
