"""A flood as its readers get it: ten cards, one group, at once whatever is EXTREME; nobody learns what it may not."""

from schemas.alerts import Alert
from schemas.findings import Finding, Party
from tests.core.test_alerting_flood import LIMIT, START, far, group
from tests.support.desk import MINUTE, Desk
from tests.support.released import Item, Office

MANY = 40


class Both:
    """Alerting and release, one behind the other."""

    def __init__(self) -> None:
        self.office, self.desk = Office(), Desk()
        self._shown = 0

    def take(self, finding: Finding) -> None:
        self.office.find(finding)
        self.desk.finding(self.desk.now, finding)
        self.show()

    def show(self) -> None:
        for alert in self.desk.published[self._shown :]:
            self.office.alert(alert)
        self._shown = len(self.desk.published)

    def wait(self, minutes: int) -> None:
        self.desk.until(self.desk.now + minutes * MINUTE)
        self.show()

    def cards(self, reader: str) -> list[Item]:
        """What a reader got of cards."""
        return [i for i in self.office.inbox.get(reader, []) if i.subject.endswith(".alert")]

    def group(self, reader: str) -> Alert:
        item = self.office.on_board(reader, "alert", group(self.desk).id)
        assert item is not None
        body = item.body
        assert isinstance(body, Alert)
        return body


def flooded(count: int = MANY, **changes: object) -> Both:
    both = Both()
    both.desk.now = START
    for number in range(count):
        both.take(far(number, **changes))
    both.wait(1)
    return both


def test_a_reader_gets_ten_cards_and_their_group_and_has_all_of_them_on_its_board() -> None:
    both = flooded()
    got = both.cards("xar-batt")
    assert [i.body.alert_kind for i in got] == ["conflict"] * LIMIT + ["flood"]
    on_board = [i for i in both.office.board["xar-batt"].values() if i.body.KIND == "alert"]
    assert len(on_board) == MANY + 1


def test_an_extreme_one_in_the_middle_of_it_is_delivered_before_all_that_come_after_it() -> None:
    both = flooded()
    both.take(far(900, severity="CRITICAL"))
    for number in range(901, 950):
        both.take(far(number))
    last = both.cards("xar-batt")[-1]
    assert (last.precedence, last.body.severity, last.body.grouped) == ("flash", "Extreme", {})


def test_the_group_says_how_many_how_severe_of_what_kind_and_where() -> None:
    card = flooded().group("xar-batt")
    assert "30" in card.headline
    assert [line.text for line in card.lines] == ["Severe: 30", "Conflicts: 30", "In one place, KESSA: 30"]
    assert card.next_step == "Look at the worst cards of the group first, then acknowledge the group"


def test_a_reader_that_may_not_know_how_severe_a_card_is_does_not_learn_it_from_its_group() -> None:
    both = Both()
    both.desk.now = START
    for number in range(MANY):
        finding = far(number, severity="LOW")
        worse = far(number + 300, severity="HIGH", told=("sn-hq",), parties=(*finding.parties, Party(id=f"x{number}")))
        both.take(finding)
        both.take(worse)
    both.wait(1)
    mine = both.group("xar-batt")
    assert mine.severity == "Minor"
    assert "Severe" not in " ".join(line.text for line in mine.lines)


def test_answering_the_group_delivers_nothing_but_its_end() -> None:
    both = flooded()
    before = len(both.cards("xar-batt"))
    both.desk.act(both.desk.now, "xar-batt", group(both.desk))
    both.show()
    assert [i.body.alert_kind for i in both.cards("xar-batt")[before:]] == ["flood"]
    for number in range(LIMIT, MANY):
        both.take(far(number, state="closed"))
    assert len(both.cards("xar-batt")) == before + 1


def test_what_leaves_a_group_because_it_is_extreme_is_delivered() -> None:
    both = flooded()
    both.take(far(20, severity="CRITICAL"))
    last = both.cards("xar-batt")[-1]
    assert (last.precedence, last.body.severity) == ("flash", "Extreme")


def test_whoever_is_away_in_a_flood_finds_the_extreme_first_then_ten_cards_and_the_group() -> None:
    both = Both()
    both.desk.now = START
    both.office.presence("xar-batt", "lost")
    for number in range(MANY):
        both.take(far(number, severity="CRITICAL" if number == 30 else "MEDIUM"))
    both.wait(1)
    back = [i for i in both.office.presence("xar-batt", "regained") if i.subject.endswith(".alert")]
    assert back[0].body.severity == "Extreme"
    assert sorted(i.body.alert_kind for i in back) == ["conflict"] * (LIMIT + 1) + ["flood"]


def test_a_restart_of_release_forgets_nothing_of_a_group() -> None:
    both = flooded()
    again = Office()
    again.core.restore(both.office.core.snapshot())
    again.seq, again.now = both.office.seq, both.office.now
    both.take(far(700))
    said = both.desk.published[-1:]
    both.wait(1)
    for alert in (*said, *both.desk.published[-1:]):
        again.alert(alert)
    item = again.on_board("xar-batt", "alert", group(both.desk).id)
    assert item is not None
    assert item.body.headline == both.group("xar-batt").headline
    assert "31" in item.body.headline


def test_nobody_learns_in_which_groups_others_got_a_card() -> None:
    both = flooded(told=("xar-batt", "sn-hq"))
    groups = {c.about: c.id for c in both.desk.of_kind("flood")}
    got = both.office.got("sn-hq")
    assert groups["sn-hq"].encode() in got
    assert groups["xar-batt"].encode() not in got
