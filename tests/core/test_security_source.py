"""A name that is used by somebody else: refused, and said to those who must know; one card a source.

Source: domain.md §5.3 (message 12), R-34; issue 5.
"""

import pytest

from coordinator.core.measures import Security as Tell
from coordinator.core.mission import Mission, Participant
from coordinator.core.occasions.security import GRAVE, Security
from coordinator.services.judge import Input, judge
from schemas import registry, subjects
from schemas.acknowledgements import Refusal, RefusalCode
from schemas.alerts import Alert
from tests.support.desk import MINUTE, Desk

MISSION = Mission(
    name="unmital",
    participants=(
        Participant(id="fhq-u3", role="hq"),
        Participant(id="joc", role="desk", superior="fhq-u3", types_for=("xar-batt",)),
        Participant(id="xar-batt", superior="fhq-u3"),
        Participant(id="xbl-batt", superior="fhq-u3"),
        Participant(id="signals", superior="fhq-u3"),
        Participant(id="mail-gateway", role="guest"),
    ),
    security=Tell(tell=("joc", "signals")),
)
AT = "150450"


def refused(code: RefusalCode = "claimed-author", claims: str = "fhq-u3", number: int = 1) -> Refusal:
    return Refusal(input=f"i-{number}", path="originator", why="it came from another", raw_seq=number, code=code,
                   claims=claims)  # fmt: skip


def desk(mission: Mission = MISSION) -> Desk:
    made = Desk(mission)
    made.until(AT)
    return made


def log(at: Desk, refusal: Refusal, by: str = "mail-gateway") -> list[Alert]:
    return at._take(at.logged(refusal, subjects.refusal(by)))


def told(alert: Alert) -> list[str]:
    return sorted(t.participant for t in alert.told)


def test_a_forged_order_is_a_card_for_whose_name_it_bears_and_for_whom_the_mission_names() -> None:
    [card] = log(desk(), refused())
    assert (card.alert_kind, card.severity, card.about, card.owner) == ("security", "Severe", "mail-gateway", "fhq-u3")
    assert told(card) == ["fhq-u3", "joc", "signals"]
    assert card.args["whom"] == "fhq-u3"


def test_the_card_says_nothing_of_what_was_in_it() -> None:
    [card] = log(desk(), refused())
    assert b"i-1" not in registry.encode(card)
    assert b"originator" not in registry.encode(card)


@pytest.mark.parametrize("code", ["", "may-not-type"])
def test_a_slip_or_somebody_who_types_in_openly_is_no_matter_of_security(code: RefusalCode) -> None:
    assert log(desk(), refused(code)) == []


def test_whoever_sent_it_is_not_told_of_it() -> None:
    [card] = log(desk(), refused(claims="fhq-u3"), by="joc")
    assert told(card) == ["fhq-u3", "signals"]


def test_without_a_word_of_the_mission_the_duty_desks_are_told_else_the_headquarters() -> None:
    silent = Mission(name="m", participants=MISSION.participants)
    assert told(log(desk(silent), refused(claims="xar-batt"))[0]) == ["joc", "xar-batt"]
    bare = Mission(name="m", participants=tuple(p for p in MISSION.participants if p.role != "desk"))
    assert told(log(desk(bare), refused(claims="xar-batt"))[0]) == ["fhq-u3", "xar-batt"]


def test_an_author_that_nobody_is_has_a_card_as_well_and_becomes_worse_with_a_real_name() -> None:
    at = desk()
    [card] = log(at, refused("unknown-author", ""))
    assert (card.severity, card.text_key) == ("Moderate", "security-unknown")
    [card] = log(at, refused(number=2))
    assert (card.severity, card.text_key, card.args["count"]) == ("Severe", "security-claimed", 2)


def test_500_forged_orders_are_one_card_with_a_count_and_few_revisions() -> None:
    at = desk()
    published = [card for n in range(1, 501) for card in log(at, refused(number=n))]
    published += at.until(at.now + 2 * MINUTE)
    assert {card.id for card in published} == {published[0].id}
    assert len(published) == 2
    assert published[-1].args["count"] == 500
    assert at.core.next_wake() is None or published[-1].work == "raised"


def test_what_comes_after_a_person_ended_the_card_raises_it_again_at_once() -> None:
    at = desk()
    [card] = log(at, refused())
    at.act(at.now, "joc", card)
    ended = at.act(at.now, "joc", at.published[-1], "resolve", note="keys were changed", officer="duty officer")
    assert [a.work for a in ended if a.alert_kind == "security"] == ["resolved"]
    [again] = log(at, refused(number=2))
    assert (again.id, again.work, again.args["count"]) == (card.id, "raised", 2)


def test_each_source_has_a_card_of_its_own() -> None:
    at = desk()
    cards = [*log(at, refused()), *log(at, refused(number=2), by="xbl-batt")]
    assert len({card.id for card in cards}) == 2


def test_a_second_name_is_said_at_once_and_told_who_bears_it() -> None:
    at = desk()
    log(at, refused())
    [card] = log(at, refused(claims="xar-batt", number=2))
    assert (card.text_key, card.args["others"]) == ("security-claimed-many", "2")
    assert "xar-batt" in told(card)


def test_after_a_restart_the_count_goes_on() -> None:
    whole, first = Security(), Security()
    at = desk()
    messages = [at.logged(refused(number=n), subjects.refusal("mail-gateway")) for n in range(1, 8)]
    for source in (whole, first):
        source.adopt(MISSION)
    for message in messages[:4]:
        list(first.take(message))
    second = Security()
    second.adopt(MISSION)
    second.restore(first.snapshot())
    for message in messages:
        list(whole.take(message))
    for message in messages[4:]:
        list(second.take(message))
    assert second.snapshot() == whole.snapshot()
    assert list(second.wake(at.now + MINUTE)) == list(whole.wake(at.now + MINUTE)) != []
    with pytest.raises(ValueError, match="no snapshot of security"):
        second.restore(b"[]")


# -- what intake says -------------------------------------------------------------------------------------------------

ORDER = b'{"id": "O-1", "kind": "message", "originator": "%s", "reality": "%s", "body": {"text": "x"}}'


def judged(author: bytes, by: str, behalf: str = "", reality: bytes = b"real") -> Refusal:
    said = Input("i", f"from.{by}.raw.native", ORDER % (author, reality), 1, on_behalf_of=behalf)
    found = judge(said, MISSION, "live", 0)
    assert isinstance(found, Refusal)
    return found


def test_intake_says_in_one_word_why_a_refusal_is_more_than_a_slip() -> None:
    assert (judged(b"fhq-u3", "mail-gateway").code, judged(b"fhq-u3", "mail-gateway").claims) == (
        "claimed-author", "fhq-u3",
    )  # fmt: skip
    assert (judged(b"nobody", "mail-gateway").code, judged(b"nobody", "mail-gateway").claims) == ("unknown-author", "")
    assert judged(b"xbl-batt", "joc", behalf="xbl-batt").code == "may-not-type"


def test_an_exercise_message_on_the_live_bus_is_no_matter_of_security() -> None:
    refusal = judged(b"mail-gateway", "mail-gateway", reality=b"exercise")
    assert (refusal.path, refusal.code) == ("reality", "")
    assert refusal.code not in GRAVE
