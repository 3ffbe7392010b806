"""Where units are, against the places that matter: a word a change, whatever the feed does."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.core import tracks as tracks_module
from coordinator.core.measures import Coverage
from coordinator.core.mission import Mission, Participant, Place, Rules
from coordinator.core.step import Effect, Logged
from coordinator.core.tracks import Tracks, words
from schemas import registry, subjects
from schemas.directives import Directive, OrderChange
from schemas.envelope import Reference, UnitRef
from schemas.geo import Named, Position
from schemas.operations import Config, Whereabouts
from schemas.reports import PositionReport
from schemas.time import TimeValue, TimeWindow

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
T0 = 1_800_000_000_000_000
POST = Place(name="OP 4-7", lat=2.25, lon=-27.15)
TOWER = Place(name="TOWER", lat=2.30, lon=-27.15)
DEGREE_M = 110_574.0  # of latitude at the equator


def mission(**fields: object) -> Mission:
    given = {"coverage": (Coverage(place="OP 4-7"),)} | fields
    return Mission(
        name="test", participants=(Participant(id="xbl", units=("BELBATT",)), Participant(id="xar", name="ARVBATT")),
        places=(POST, TOWER), rules=Rules(deviation_m=500, coverage_grace_s=1200), **given,
    )  # fmt: skip


def position(seq: int, at: int, metres: float, *, unit: str = "carrier 1", by: str = "xbl", place: Place = POST,
             logged: int | None = None, **fields: object) -> Logged:  # fmt: skip
    """A position some metres north of a place."""
    where = Position(lat=place.lat + metres / DEGREE_M, lon=place.lon, ce_m=fields.pop("ce_m", 5.0))
    body = PositionReport(
        subject=fields.pop("subject", UnitRef(id=unit)), position=where, at=TimeValue(utc=at), **fields
    )
    envelope = registry.pack(body, id=f"{unit}-{seq}", originator=by)
    when = at if logged is None else logged
    return Logged(seq, subjects.position(by), f"{by}/{unit}-{seq}", when, envelope, body)


def order(identity: str, body: Directive, at: int, seq: int = 1, by: str = "hq") -> Logged:
    envelope = registry.pack(body, id=identity, originator=by, created=TimeValue(utc=at))
    return Logged(seq, subjects.record("directive", by), f"{by}/{identity}", at, envelope, body)


def hold(start: int, end: int, *, place: str = "TOWER", action: str = "hold") -> Directive:
    return Directive(
        directive_kind="frago", action=action, area=Named(name=place), windows=(TimeWindow.exact(start, end),),
        performers=(UnitRef(participant="xbl"),),
    )  # fmt: skip


def said(effects: object) -> list[tuple[str, str, int]]:
    return [(e.body.place, e.body.state, e.body.position) for e in effects]  # type: ignore[attr-defined]


def feed(tracks: Tracks, *messages: Logged) -> list[tuple[str, str, int]]:
    return said([e for m in messages for e in tracks.handle(m)])


def test_a_unit_that_stands_at_a_covered_place_gives_one_word_however_often_it_reports() -> None:
    """Ten positions a second for ten minutes, never twice quite the same."""
    tracks = Tracks(mission())
    found = feed(tracks, *(position(i, T0 + i * SECOND // 10, 3.0 * (i % 7)) for i in range(6_000)))
    assert found == [("OP 4-7", "at", 0)]


def test_leaving_and_coming_back_is_said_with_the_sequence_of_the_position_that_says_so() -> None:
    tracks = Tracks(mission())
    found = feed(tracks, position(7, T0, 0), position(8, T0 + MINUTE, 900), position(9, T0 + 2 * MINUTE, 2000),
                 position(11, T0 + 9 * MINUTE, 100))  # fmt: skip
    assert found == [("OP 4-7", "at", 7), ("OP 4-7", "left", 8), ("OP 4-7", "at", 11)]


def test_a_word_is_for_services_and_has_an_id_that_follows_from_unit_and_place() -> None:
    tracks = Tracks(mission())
    first, second = (tracks.handle(position(s, T0 + s * MINUTE, m))[0] for s, m in ((1, 0.0), (2, 900.0)))
    assert isinstance(first, Effect)
    assert first.subject == "whereabouts.xbl"
    assert subjects.parse(first.subject).participant == ""
    assert first.fields["id"] == second.fields["id"]
    assert (first.fields["revision"], second.fields["revision"]) == (1, 2)


@given(st.permutations(list(range(6))))
def test_late_and_repeated_positions_turn_nothing_back(order_: list[int]) -> None:
    """Whatever comes after the newest one, and however often: the last word is that of the newest position."""
    distances = [0.0, 900.0, 2000.0, 100.0, 50.0, 3000.0]
    tracks = Tracks(mission())
    words: list[tuple[str, str, int]] = []
    newest = -1
    for i in (*order_, *order_):
        words += feed(tracks, position(i, T0 + i * 10 * MINUTE, distances[i], logged=T0 + HOUR))
        newest = max(newest, i)
        there = distances[newest] <= 500
        if words:
            assert (words[-1][1] == "at") == there


def test_an_unsteady_position_writes_at_most_two_words_a_minute() -> None:
    tracks = Tracks(mission())
    found = feed(tracks, *(position(i, T0 + i * SECOND // 10, 2000.0 * (i % 2)) for i in range(6_000)))
    assert 10 <= len(found) <= 2 * 10 + 2


def test_a_unit_on_the_line_does_not_come_and_go() -> None:
    tracks = Tracks(mission())
    found = feed(tracks, *(position(i, T0 + i * MINUTE, 490.0 + 10.0 * (i % 5)) for i in range(60)))
    assert [state for _, state, _ in found] == ["at"]


def test_a_clock_that_runs_ahead_is_not_believed() -> None:
    """Else one position of next year would silence a unit until then."""
    tracks = Tracks(mission())
    assert feed(tracks, position(1, T0 + 300 * 24 * HOUR, 0, logged=T0)) == []
    assert feed(tracks, position(2, T0, 0)) == [("OP 4-7", "at", 2)]


@pytest.mark.parametrize("fields", [{"affiliation": "hostile"}, {"subject": UnitRef(name="ARVBATT")}])
def test_nobody_speaks_for_units_that_are_not_its_own(fields: dict[str, object]) -> None:
    assert feed(Tracks(mission()), position(1, T0, 0, **fields)) == []


def test_a_place_that_nobody_covers_or_holds_says_nothing() -> None:
    assert feed(Tracks(mission(coverage=())), position(1, T0, 0), position(2, T0 + MINUTE, 5000)) == []


def test_a_unit_that_was_never_there_is_away_once_its_task_runs() -> None:
    """Before the task and for other participants nothing is said."""
    tracks = Tracks(mission())
    tracks.handle(order("O-1", hold(T0 + HOUR, T0 + 3 * HOUR), T0))
    early = position(1, T0 + HOUR - SECOND, 9000, place=TOWER)
    first = position(2, T0 + HOUR, 9000, place=TOWER)
    again = position(3, T0 + HOUR + MINUTE, 9500, place=TOWER)
    other = position(4, T0 + HOUR, 9000, unit="patrol 1", by="xar", place=TOWER)
    assert feed(tracks, early, first, again, other) == [("TOWER", "away", 2)]


def test_a_task_that_already_runs_when_it_is_issued_leaves_time_to_arrive() -> None:
    tracks = Tracks(mission())
    tracks.handle(order("O-1", hold(T0, T0 + 3 * HOUR), T0 + HOUR))
    grace = T0 + HOUR + 20 * MINUTE
    soon, late = position(1, grace - SECOND, 9000, place=TOWER), position(2, grace, 9000, place=TOWER)
    assert feed(tracks, soon, late) == [("TOWER", "away", 2)]


def test_a_unit_that_left_long_ago_is_said_to_be_gone_again_when_its_task_begins() -> None:
    tracks = Tracks(mission())
    assert feed(tracks, position(1, T0, 0), position(2, T0 + MINUTE, 900)) == [
        ("OP 4-7", "at", 1),
        ("OP 4-7", "left", 2),
    ]
    tracks.handle(order("O-1", hold(T0 + 9 * HOUR, T0 + 12 * HOUR, place="OP 4-7"), T0 + HOUR))
    later = [position(3, T0 + 8 * HOUR, 900), position(4, T0 + 9 * HOUR, 900), position(5, T0 + 10 * HOUR, 900)]
    assert feed(tracks, *later) == [("OP 4-7", "left", 4)]


@pytest.mark.parametrize("amendment_first", [False, True])
def test_an_amendment_counts_in_whatever_order_it_comes(amendment_first: bool) -> None:
    """The order says who, the amendment where: both are needed, and neither has to be first."""
    base = hold(T0 + HOUR, T0 + 3 * HOUR)
    elsewhere = msgspec.structs.replace(base, area=None)
    change = Directive(
        directive_kind="frago", amends=(OrderChange(order=Reference(id="O-1"), area=Named(name="TOWER")),)
    )
    messages = [order("O-1", elsewhere, T0), order("O-2", change, T0)]
    tracks = Tracks(mission())
    for message in reversed(messages) if amendment_first else messages:
        tracks.handle(message)
    assert feed(tracks, position(1, T0 + 2 * HOUR, 9000, place=TOWER)) == [("TOWER", "away", 1)]


def test_a_position_whose_error_reaches_across_the_line_is_doubtful_until_a_better_one_comes() -> None:
    tracks = Tracks(mission())
    first = tracks.handle(position(1, T0, 400, ce_m=300.0))[0].body
    second = tracks.handle(position(2, T0 + MINUTE, 400, ce_m=5.0))[0].body
    assert isinstance(first, Whereabouts)
    assert isinstance(second, Whereabouts)
    assert (first.doubtful, second.doubtful) == (True, False)
    assert feed(tracks, position(3, T0 + 2 * MINUTE, 400, ce_m=300.0)) == []


def test_what_it_said_before_is_its_memory() -> None:
    """A new instance that reads its words in the log, and then every position again, says nothing twice."""
    feed_ = [position(1, T0, 0), position(2, T0 + MINUTE, 900), position(3, T0 + 9 * MINUTE, 0)]
    first, second = Tracks(mission()), Tracks(mission())
    words = [e for m in feed_ for e in first.handle(m)]
    for i, word in enumerate(words):
        envelope = registry.pack(word.body, id=word.fields["id"], originator="coord", revision=word.fields["revision"])
        second.handle(Logged(i, word.subject, f"w{i}", T0, envelope, word.body))
    assert feed(second, *feed_) == []
    assert feed(second, position(4, T0 + 10 * MINUTE, 900)) == [("OP 4-7", "left", 4)]


def test_a_snapshot_goes_on_where_it_was_taken() -> None:
    first = Tracks(mission())
    first.handle(order("O-1", hold(T0, T0 + 9 * HOUR), T0))
    feed(first, position(1, T0, 0))
    second = Tracks(mission())
    second.restore(first.snapshot())
    assert second.snapshot() == first.snapshot()
    later = (
        position(2, T0 + HOUR, 0),
        position(3, T0 + HOUR + MINUTE, 900),
        position(4, T0 + 2 * HOUR, 99, place=TOWER),
    )
    assert feed(second, *later) == feed(first, *later) != []
    with pytest.raises(ValueError, match="no snapshot"):
        second.restore(b"rubbish")


def test_a_new_mission_counts_from_then_on() -> None:
    tracks = Tracks(mission(coverage=()))
    assert feed(tracks, position(1, T0, 0)) == []
    config = Config(mission_hash="h", code="c", mission=msgspec.Raw(registry.encode(mission())))
    envelope = registry.pack(config, id="m", originator="coord")
    tracks.handle(Logged(2, subjects.CONFIG, "m", T0, envelope, config))
    assert feed(tracks, position(2, T0 + MINUTE, 0)) == [("OP 4-7", "at", 2)]


def test_its_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The least recently seen units are forgotten, with what was said of them."""
    monkeypatch.setattr(tracks_module, "UNITS", 20)
    tracks = Tracks(mission())
    for i in range(50):
        tracks.handle(position(i, T0 + i, 0, unit=f"uid-{i}"))
    kept = msgspec.json.decode(tracks.snapshot())
    assert list(kept["units"]) == list(kept["spells"]) == [f"xbl\x1fuid-{i}" for i in range(30, 50)]


def test_positions_among_files_give_the_words_that_the_log_would_hold() -> None:
    """Whatever order the files come in; an order in a later file counts for a position in an earlier one."""
    messages = [m.envelope for m in (position(3, T0 + 2 * HOUR, 9000, place=TOWER), position(2, T0 + MINUTE, 900),
                                     position(1, T0, 0), order("O-1", hold(T0 + HOUR, T0 + 3 * HOUR), T0))]  # fmt: skip
    found = [registry.body(e) for e in words(messages, mission(), T0 + 3 * HOUR)]
    assert [(w.place, w.state) for w in found if isinstance(w, Whereabouts)] == [
        ("OP 4-7", "at"), ("OP 4-7", "left"), ("TOWER", "away"),
    ]  # fmt: skip
