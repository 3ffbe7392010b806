"""Laws of lost contact, returns and disagreements over random days: restarts, silence, one card a thing, an end."""

from hypothesis import given

from schemas.alerts import Alert
from tests.support.desk import MINUTE
from tests.support.examples import times
from tests.support.reporting import SILENT, START, Step, days, play

OVER = ("resolved", "cancelled", "superseded")


@times(0.4)
@given(days(10))
def test_however_often_alerting_dies_it_says_the_same(day: list[Step]) -> None:
    assert play(day, restarts=True).published == play(day).published


@times(0.4)
@given(days(10))
def test_no_notice_is_raised_within_planned_silence_unless_an_emergency_broke_it(day: list[Step]) -> None:
    now, plans, emergencies = START, list[tuple[str, int]](), list[tuple[str, int]]()
    for step in day:
        now += step.minutes * MINUTE
        if step.what == 9:
            plans.append((step.by, now))
        if step.what in (3, 5):
            emergencies.append((step.by, now))
    raised = [
        a for a in play(day).published if a.alert_kind == "contact-lost" and {"raised", "reopened"} & {*a.why.split()}
    ]
    for who, at in plans:
        if not any(by == who for by, _ in emergencies):
            assert not [a for a in raised if a.about == who and at <= a.changed_at < at + SILENT]


@times(0.4)
@given(days(10))
def test_at_every_moment_there_is_one_card_a_thing_and_a_covered_one_has_its_cover(day: list[Step]) -> None:
    board: dict[str, Alert] = {}
    published = play(day).published
    for place, alert in enumerate(published):
        board[alert.id] = alert
        if place + 1 < len(published) and published[place + 1].changed_at == alert.changed_at:
            continue  # one step is not over
        open_ = [a for a in board.values() if a.work not in OVER]
        things = [(a.alert_kind, a.about) for a in open_ if a.alert_kind in ("contact-lost", "bearer-down")]
        assert len(things) == len(set(things))
        covers = {a.id: a for a in open_ if a.alert_kind == "bearer-down"}
        for covered in (a for a in open_ if a.inhibited_by):
            assert covered.id in covers[covered.inhibited_by].children
            assert covered.severity != "Extreme"
            assert all(t.due is None for t in covered.told)
