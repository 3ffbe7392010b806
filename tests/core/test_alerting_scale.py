"""Very many open cards: what one more costs does not follow their number, since nothing goes through all of them."""

from collections.abc import Iterator
from typing import Any, NoReturn

from msgspec.structs import replace

from coordinator.core.cards import Card
from coordinator.core.occasions.occasion import Occasion
from schemas.findings import Finding
from tests.core.test_alerting_flood import far
from tests.support.desk import MINUTE, Desk, z

MANY = 40


class Guarded(dict[str, Any]):
    """Things that can be asked for by name, and not gone through."""

    def _refuse(self) -> NoReturn:
        raise AssertionError("all of them were gone through")

    def __iter__(self) -> Iterator[str]:
        self._refuse()

    def keys(self) -> Any:
        """Refuse."""
        self._refuse()

    def values(self) -> Any:
        """Refuse."""
        self._refuse()

    def items(self) -> Any:
        """Refuse."""
        self._refuse()


def guarded() -> Desk:
    """A desk with open cards, one of them EXTREME, a lost contact that was noticed, and a group."""
    desk = Desk()
    desk.now = z("140400")
    desk.presence("140400", "xbl-batt", "lost")
    desk.until("140415")
    for number in range(MANY):
        told = ("xbl-batt",) if number % 2 else ("xar-batt",)
        desk.finding(desk.now, far(number, told=told, severity="HIGH" if number else "CRITICAL"))
    state = desk.core._book.state
    state.swept_at = desk.now  # once an hour it is looked for what may be forgotten
    state.cards, state.findings, state.home = Guarded(state.cards), Guarded(state.findings), Guarded(state.home)
    return desk


def far_one(number: int, **changes: Any) -> Finding:
    return far(number, **({"told": ("xar-batt", "xbl-batt", "sn-hq")} | changes))


def test_a_new_card_a_worse_one_and_one_that_is_over_look_at_no_other() -> None:
    desk = guarded()
    assert desk.finding(desk.now, far_one(900))
    assert desk.finding(desk.now, far_one(900, severity="CRITICAL"))
    assert desk.finding(desk.now, far_one(900, state="closed"))


def test_an_answer_looks_at_no_other_card() -> None:
    desk = guarded()
    desk.finding(desk.now, far_one(900))
    (card,) = [a for a in desk.board.values() if a.alert_kind == "conflict" and a.members[0].finding == far(900).id]
    assert desk.act(desk.now, "sn-hq", card)


def test_time_looks_at_what_is_due_alone() -> None:
    desk = guarded()
    assert desk.until(desk.now + 3 * MINUTE)


def test_contact_that_is_lost_or_regained_looks_at_the_cards_of_that_participant_alone() -> None:
    desk = guarded()
    looked: list[Card] = []
    refresh = desk.core._book.refresh
    desk.core._book.refresh = lambda card, now, **more: (looked.append(card), refresh(card, now, **more))[1]  # type: ignore[method-assign]
    desk.presence(desk.now + 1, "ocha-cmc", "lost")
    desk.presence(desk.now + 1, "ocha-cmc", "regained")
    assert [c for c in looked if c.occasion is None] == []
    desk.presence(desk.now + 1, "xbl-batt", "regained")
    concerned = {c.alert.id for c in looked if c.occasion is None}
    assert len(concerned) == MANY // 2


def test_what_a_lost_contact_owes_is_counted_as_it_changes() -> None:
    desk = guarded()
    (notice,) = desk.of_kind("contact-lost")
    assert (notice.undelivered, notice.undelivered_severity) == (MANY // 2, "HIGH")
    desk.finding(desk.now, far_one(900, severity="CRITICAL", told=("xbl-batt",)))
    (notice,) = desk.of_kind("contact-lost")
    assert (notice.undelivered, notice.undelivered_severity) == (MANY // 2 + 1, "CRITICAL")
    desk.finding(desk.now, far_one(900, state="closed", told=("xbl-batt",)))
    (notice,) = desk.of_kind("contact-lost")
    assert (notice.undelivered, notice.undelivered_severity) == (MANY // 2, "HIGH")


def test_a_card_that_is_over_is_not_looked_at_when_contact_is_regained() -> None:
    desk = guarded()
    desk.finding(desk.now, far(1, told=("xbl-batt",), state="closed"))
    (over,) = [a for a in desk.board.values() if a.alert_kind == "conflict" and a.work == "resolved"]
    desk.presence(desk.now + 1, "xbl-batt", "regained")
    assert over.id not in [c.alert.id for c in desk.core._book.open_cards("xbl-batt")]


def test_only_silences_are_looked_at_after_each_message() -> None:
    desk = guarded()
    book = desk.core._book
    book.occur(Occasion(id="dark", kind="unwatched", severity="Minor", text_key="x", told=("fhq-u3",)), desk.now)
    assert {o.kind for o in book.occasions_on({""})} == {"contact-lost"}


def test_what_was_loaded_is_counted_as_what_was_there() -> None:
    straight, loaded = guarded(), guarded()
    loaded.restart()
    for desk in (straight, loaded):
        for number in (3, 4, 900):
            desk.finding(desk.now, replace(far_one(number), severity="CRITICAL"))
    assert straight.ids == loaded.ids
