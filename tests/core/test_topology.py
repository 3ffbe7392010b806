"""What the topology declares, checked against the subjects and against the design."""

import itertools

import pytest

from coordinator import topology
from coordinator.topology import BOARD, COORD, INBOX, LOG, RAW, SEALS, SNAPSHOTS, TRACKS, of
from schemas import subjects

DECLARED = topology.build(["ylu", "xar"])
XAR = "xar"

STORED = {
    subjects.raw(XAR, "cot"): (XAR, RAW),
    subjects.raw(XAR, subjects.OVERSIZE): (XAR, RAW),
    subjects.native(XAR, "sitrep"): (XAR, RAW),
    subjects.record("sitrep", XAR): (COORD, LOG),
    subjects.refusal(XAR): (COORD, LOG),
    subjects.finding("caveat", "a"): (COORD, LOG),
    subjects.alert("a"): (COORD, LOG),
    subjects.tick("alerting"): (COORD, LOG),
    subjects.CONFIG: (COORD, LOG),
    subjects.presence(XAR): (COORD, LOG),
    subjects.whereabouts(XAR): (COORD, LOG),
    subjects.position(XAR): (COORD, TRACKS),
    subjects.seal("LOG"): (COORD, SEALS),
    subjects.delivery(XAR, "flash", "alert"): (COORD, of(XAR, INBOX)),
    subjects.board(XAR, "finding", "any id"): (COORD, of(XAR, BOARD)),
    f"{topology.SNAPSHOT_NAMES}.YQ==": (COORD, SNAPSHOTS),
}
NOT_STORED = (
    (XAR, subjects.track(XAR, "unit")),
    (XAR, subjects.ask(XAR, "log", "show")),
    (COORD, subjects.replay("r1", subjects.record("sitrep", XAR))),
)


@pytest.mark.parametrize(("subject", "where"), STORED.items())
def test_each_subject_is_kept_by_exactly_one_stream(subject: str, where: tuple[str, str]) -> None:
    writer, name = where
    account = DECLARED.reach(writer, subject)
    keeping = [
        s.qualified for s in DECLARED.streams
        if s.account == account and any(subjects.matches(p, subject) for p in s.subjects)
    ]  # fmt: skip
    assert keeping == [name]
    assert DECLARED.storing(writer, subject) == DECLARED.stream(COORD, name)


@pytest.mark.parametrize(("writer", "subject"), NOT_STORED)
def test_what_is_live_is_kept_by_no_stream(writer: str, subject: str) -> None:
    assert DECLARED.storing(writer, subject) is None


@pytest.mark.parametrize(
    ("patterns", "stream"),
    [(subjects.ALL_RAW, RAW), (subjects.ALL_LOG, LOG), (subjects.ALL_POSITIONS, TRACKS), (subjects.ALL_SEALS, SEALS)],
)
def test_every_pattern_of_a_service_is_a_stream(patterns: tuple[str, ...], stream: str) -> None:
    assert next(s for s in DECLARED.streams if s.name == stream).subjects == patterns


def test_streams_of_an_account_do_not_overlap() -> None:
    for one, other in itertools.combinations(DECLARED.streams, 2):
        if one.account == other.account:
            firsts = {p.partition(".")[0] for p in one.subjects} & {p.partition(".")[0] for p in other.subjects}
            assert firsts <= {"$O"} or one.name == other.name


def test_ids_are_remembered_as_long_as_the_design_says() -> None:
    windows = {s.name: s.duplicate_window_s for s in DECLARED.streams}
    assert windows[LOG] == 72 * 3600
    assert windows[RAW] == windows[TRACKS] == 600


def test_a_participant_publishes_what_subjects_says_and_little_else() -> None:
    user = DECLARED.user(XAR)
    assert user.publish is not None
    assert set(subjects.written_by(XAR)) < set(user.publish)
    others = set(user.publish) - set(subjects.written_by(XAR))
    assert all(rule.startswith(("JS.xar.API.", "$JS.ACK.")) for rule in others)
    assert not any(word in rule for rule in others for word in ("CREATE", "DELETE", "UPDATE", "PURGE", "LIST", "NAMES"))
    assert user.subscribe == ("_INBOX_xar.>",)


def test_rights_name_nobody_else() -> None:
    for rule in (*(DECLARED.user(XAR).publish or ()), *(DECLARED.user(XAR).subscribe or ())):
        assert "ylu" not in rule


def test_rights_do_not_depend_on_who_else_there_is() -> None:
    assert topology.build([XAR]).user(XAR) == DECLARED.user(XAR)
    assert topology.permitted(XAR, "publish", subjects.native(XAR, "sitrep"))
    assert not topology.permitted(XAR, "publish", subjects.native("ylu", "sitrep"))


def test_nobody_logs_in_where_streams_of_participants_stand() -> None:
    accounts = {u.account for u in DECLARED.users}
    assert accounts == {topology.SYS, COORD, XAR, "ylu"}
    assert {s.account for s in DECLARED.streams} == {COORD, topology.store(XAR), topology.store("ylu")}


def test_of_the_system_account_services_may_only_look_at_accounts_and_connections() -> None:
    borders = {(c.importer, c.subject) for c in DECLARED.crossings if c.exporter == topology.SYS}
    assert borders == {(COORD, topology.SYSTEM_CONTACTS), (COORD, topology.SYSTEM_CONNECTIONS)}
    assert not [f for f in DECLARED.feeds if f.exporter == topology.SYS]


def test_participants_share_no_border() -> None:
    ends = [(b.exporter, b.importer) for b in DECLARED.crossings] + [(b.exporter, b.importer) for b in DECLARED.feeds]
    for pair in ends:
        assert not {XAR, "ylu"} <= {end.removesuffix(".store") for end in pair}


def test_every_border_is_crossed_by_what_its_importer_may_publish() -> None:
    for crossing in DECLARED.crossings:
        if crossing.importer in DECLARED.participants:
            assert crossing.to in (DECLARED.user(crossing.importer).publish or ())


def test_realms_share_no_account() -> None:
    exercise = topology.build(["xar", "ylu"], "exercise")
    assert not {DECLARED.account(a) for a in DECLARED.accounts} & {exercise.account(a) for a in exercise.accounts}


@pytest.mark.parametrize("name", ["coord", "sys", "services", "observer", "XAR", "x.y", "", "x" * 65, "x y", "*"])
def test_a_name_that_would_mean_something_else_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"reserved|token"):
        topology.build(["xar", name])


def test_who_comes_twice_is_there_once() -> None:
    assert topology.build(["xar", "xar"]) == topology.build(["xar"])
