"""The roster: who is on watch at an instant, across midnight, zones and handovers; what happens when nobody is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core import roster
from coordinator.core.duties import Watch
from coordinator.core.mission import Mission, Participant, Place
from coordinator.core.roster import Post
from schemas.alerts import Alert
from tests.support.desk import HOUR, KESSA, MINUTE, Desk, z

PEOPLE = (
    Participant(id="fhq-u3", role="hq"),
    Participant(id="day", role="desk", superior="fhq-u3", watched=True),
    Participant(id="night", role="desk", superior="fhq-u3", watched=True),
    Participant(id="air", role="desk", superior="fhq-u3", watched=True),
    Participant(id="sc-hq", role="hq", superior="fhq-u3"),
    Participant(id="xbl-batt", superior="sc-hq", watched=True),
)
BELOW = tuple(replace(p, superior="fhq-u3" if p.id == "sc-hq" else p.superior) for p in PEOPLE)
KESSA_PLACE = Place(name="KESSA", lat=KESSA[1], lon=KESSA[0])
DUTY, AIR = Post("duty-officer", ""), Post("air", "")


def at(dtg: str) -> datetime:
    """Return an instant of March 2027, as the mission file has it."""
    return datetime.fromtimestamp(z(dtg) / 1_000_000, UTC)


def mission(*rows: Watch) -> Mission:
    """Return a mission with a roster."""
    return Mission(name="m", participants=PEOPLE, places=(KESSA_PLACE,), roster=rows)


def shift(participant: str, *daily: str, role: str = "duty-officer", **more: object) -> Watch:
    """Return a row of the roster."""
    return Watch(role=role, participant=participant, daily=daily, **more)  # type: ignore[arg-type]  # as it is given


def on_watch(of: Mission, when: str, *names: str, areas: tuple[str, ...] = (), languages: tuple[str, ...] = ()) -> str:
    """Return who has some roles at a time of March 2027."""
    return " ".join(roster.resolve(of, names or ("duty-officer",), z(when), areas, languages))


# -- who is on watch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "minute"),
    [("0600Z", 360), ("0600A", 300), ("0000A", 1380), ("2330N", 30), ("0000M", 720), ("0000Y", 720), ("0130Q", 330)],
)
def test_a_time_of_a_shift_is_read_in_its_zone(text: str, minute: int) -> None:
    assert roster.minute(text) == minute


@pytest.mark.parametrize("text", ["", "0600", "0600J", "2400Z", "0660Z", "600Z", "0600z", " 0600Z", "0600ZZ"])
def test_a_time_without_a_zone_letter_or_in_local_time_is_none(text: str) -> None:
    assert roster.minute(text) is None


@pytest.mark.parametrize(
    ("when", "who"),
    [("140459", "night"), ("140500", "day night"), ("140514", "day night"), ("140515", "day"), ("141659", "day"),
     ("141700", "day night"), ("141715", "night"), ("142359", "night"), ("150000", "night"), ("150500", "day night")],
)  # fmt: skip
def test_shifts_run_over_midnight_and_overlap_at_handover(when: str, who: str) -> None:
    """In zone A: 0600 to 1815, and 1800 to 0615 of the next day."""
    rows = mission(shift("day", "0600A", "1815A"), shift("night", "1800A", "0615A"))
    assert on_watch(rows, when) == who


def test_a_shift_that_ends_when_it_begins_is_all_day() -> None:
    assert on_watch(mission(shift("day", "0600A", "0600A")), "140459") == "day"


def test_a_period_limits_a_shift_and_its_end_is_not_in_it() -> None:
    rows = mission(shift("day", "0600Z", "1800Z", start=at("141000"), end=at("151200")))
    assert [on_watch(rows, t) for t in ("140959", "141000", "141800", "150600", "151159", "151200")] == [
        "", "day", "", "day", "day", "",
    ]  # fmt: skip


def test_an_area_has_its_own_watch_and_elsewhere_is_everywhere_else() -> None:
    rows = mission(shift("day", area="KESSA"), shift("night"))
    assert on_watch(rows, "140405", areas=("KESSA",)) == "day"
    assert on_watch(rows, "140405") == "night"


def test_where_nobody_of_the_area_is_on_watch_whoever_has_the_rest_has_it() -> None:
    rows = mission(shift("day", "0600Z", "1800Z", area="KESSA"), shift("night"))
    assert on_watch(rows, "141900", areas=("KESSA",)) == "night"


def test_of_several_on_watch_those_that_speak_the_language_have_it_if_any_does() -> None:
    rows = mission(shift("day", languages=("fr",)), shift("night", languages=("en",)))
    assert on_watch(rows, "140405", languages=("fr",)) == "day"
    assert on_watch(rows, "140405", languages=("ru",)) == "day night"


def test_participants_mean_themselves_and_a_role_that_nobody_has_is_nobody() -> None:
    assert on_watch(mission(shift("day")), "140405", "sc-hq", "nobody-has-this", "duty-officer") == "sc-hq day"


rows = st.builds(
    shift,
    st.sampled_from(["day", "night"]),
    *[st.builds("{:02}{:02}{}".format, st.integers(0, 23), st.integers(0, 59), st.sampled_from("YNZABM"))] * 2,
    start=st.none() | st.integers(0, 90).map(lambda h: at("140000") + timedelta(hours=h)),
    end=st.none() | st.integers(0, 90).map(lambda h: at("140000") + timedelta(hours=h)),
)


@given(st.lists(rows, min_size=1, max_size=3), st.integers(0, 3 * 24 * 60))
def test_between_two_changes_of_the_roster_nothing_changes(shifts: list[Watch], minute: int) -> None:
    of, now = mission(*shifts), z("140000") + minute * MINUTE
    following = roster.next_change(of, now) or now + 48 * HOUR
    assert following > now
    for between in range(now, min(following, now + 24 * HOUR), 37 * MINUTE):
        assert roster.filled(of, DUTY, between) == roster.filled(of, DUTY, now)


@given(rows)
def test_a_gap_is_when_nobody_is_on_watch(row: Watch) -> None:
    of, start = mission(row), z("140000")
    empty = [*roster.gaps(of, DUTY, start, start + 72 * HOUR)]
    assert all(a < b for a, b in empty)
    for minute in range(0, 72 * 60, 97):
        now = start + minute * MINUTE
        assert roster.on(row, now) != any(a <= now < b for a, b in empty)


# -- nobody is --------------------------------------------------------------------------------------------------------


def unwatched(desk: Desk, *, open_only: bool = True) -> list[Alert]:
    """Return the cards about an area or a role without anybody."""
    return desk.of_kind("unwatched", open_only=open_only)


def told(alert: Alert) -> set[str]:
    """Return who was told."""
    return {t.participant for t in alert.told}


GAP = (shift("day", "0600Z", "1200Z", area="KESSA"), shift("night", "1300Z", "0600Z", area="KESSA"))
REST = shift("air", role="air")


def test_a_gap_between_two_shifts_is_said_when_it_begins_and_ends_when_somebody_comes() -> None:
    desk = Desk()
    desk.until("141000")
    desk.config(mission(*GAP, REST))
    desk.until(z("141200") - 1)
    assert unwatched(desk) == []
    desk.until("141200")
    (card,) = unwatched(desk)
    assert (card.text_key, card.args) == ("unwatched-until", {"post": "duty-officer KESSA", "next_at": z("141300")})
    assert (told(card), card.place, card.at, card.severity) == ({"fhq-u3", "air"}, "KESSA", KESSA, "Severe")
    desk.until("141300")
    assert (unwatched(desk), desk.board[card.id].work) == ([], "resolved")
    desk.until("151300")
    assert len(unwatched(desk, open_only=False)) == 2  # one a day


def test_a_role_that_nobody_has_any_more_is_said_with_the_mission() -> None:
    desk = Desk()
    desk.until("141000")
    desk.config(mission(shift("day", end=at("140900")), REST))
    (card,) = unwatched(desk)
    assert (card.text_key, card.args) == ("unwatched-open", {"post": "duty-officer"})


def test_a_mission_without_a_roster_misses_nobody() -> None:
    desk = Desk()
    desk.until("140900")
    desk.config(mission())
    desk.presence("141000", "day", "lost")
    desk.until("150000")
    assert unwatched(desk) == []


def test_whoever_has_the_watch_and_cannot_be_reached_is_missed_after_a_while() -> None:
    desk = Desk()
    desk.until("140900")
    desk.config(mission(shift("day"), REST))
    desk.presence("141000", "day", "lost")
    desk.until(z("141010") - 1)
    assert unwatched(desk) == []
    desk.until("141010")
    (card,) = unwatched(desk)
    assert card.text_key == "unwatched-unreachable"
    assert card.args == {"post": "duty-officer", "whom": "day", "since_at": z("141000")}
    assert told(card) == {"fhq-u3", "air"}
    desk.presence("141020", "day", "regained")
    assert unwatched(desk) == []


def test_one_of_two_on_watch_is_enough() -> None:
    desk = Desk()
    desk.until("140900")
    desk.config(mission(shift("day"), shift("night"), REST))
    desk.presence("141000", "day", "lost")
    desk.until("141100")
    assert unwatched(desk) == []
    desk.presence("141100", "night", "lost")
    desk.until("141110")
    assert len(unwatched(desk)) == 1


def test_an_unreachable_watch_is_over_when_the_next_shift_comes() -> None:
    desk = Desk()
    desk.until("140900")
    desk.config(mission(shift("day", "0600Z", "1800Z"), shift("night", "1800Z", "0600Z"), REST))
    desk.presence("141000", "day", "lost")
    desk.until("141759")
    assert len(unwatched(desk)) == 1
    desk.until("141800")
    assert unwatched(desk) == []


def test_a_roster_that_is_mended_ends_it_at_once() -> None:
    desk = Desk()
    desk.until("141200")
    desk.config(mission(*GAP, REST))
    assert len(unwatched(desk)) == 1
    desk.config(mission(*GAP, shift("air", area="KESSA"), REST))
    assert unwatched(desk) == []


def test_nobody_who_cannot_be_reached_is_told_of_it() -> None:
    desk = Desk()
    desk.until("140900")
    desk.config(mission(shift("day"), shift("night", role="other"), REST))
    desk.presence("141000", "day", "lost")
    desk.presence("141000", "night", "lost")
    desk.until("141010")
    assert [told(card) for card in unwatched(desk)] == [{"fhq-u3", "air"}] * 2


def test_whoever_is_above_and_cannot_be_reached_is_passed_over() -> None:
    desk = Desk()
    desk.until("140900")
    desk.config(replace(mission(shift("xbl-batt")), participants=BELOW))
    for participant in ("xbl-batt", "sc-hq"):
        desk.presence("141000", participant, "lost")
    desk.until("141010")
    assert [told(card) for card in unwatched(desk)] == [{"fhq-u3"}]


def test_an_older_word_of_a_loss_does_not_turn_a_return_back() -> None:
    desk = Desk()
    desk.until("140900")
    desk.config(mission(shift("day"), REST))
    desk.presence("141000", "day", "regained")
    desk.contact("day", "lost", z("140959"))
    desk.until("141100")
    assert unwatched(desk) == []


@pytest.mark.parametrize("minute", [0, 5, 10, 11, 60, 120, 125])
def test_killed_at_any_minute_it_says_the_same(minute: int) -> None:
    straight, killed = Desk(), Desk()
    for desk in (straight, killed):
        desk.until("141050")
        desk.config(mission(*GAP, shift("day"), REST))
        desk.presence("141100", "day", "lost")
        desk.until(z("141100") + minute * MINUTE)
        if desk is killed:
            desk.restart()
        desk.now = z("141400")  # the tick of the shift comes late
        desk.presence("141400", "xbl-batt", "lost")
        desk.until("160000")
    assert straight.published == killed.published
    assert straight.core.snapshot() == killed.core.snapshot()
    assert replace(unwatched(straight, open_only=False)[0], rev=0)
