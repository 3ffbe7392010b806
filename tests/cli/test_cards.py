"""Cards on a duty desk: everything an officer needs, in words, in the order in which it should be worked on."""

import io

import pytest
from rich.console import Console

from coordinator.cli import cards
from coordinator.cli.watch import table
from schemas.alerts import CapSeverity, Told
from tests.cli.cases import at, card
from tests.cli.conftest import Golden

NOW = at(1)


def test_a_card_in_full(golden: Golden) -> None:
    golden("card", cards.block(card(), NOW) + "\n")


def test_a_card_tells_what_where_how_long_who_and_what_next() -> None:
    line = cards.line(card(), NOW)
    for said in (
        "◆ EXTREME", "Conflict at KESSA", "KESSA", "starts in 59 min", "acknowledge by 140402ZMAR27 (in 60 s)",
        "nobody has it yet; waiting for fhq", "Acknowledge, then settle it with FHQ", "4f2a90c1d2e3 rev 1",
    ):  # fmt: skip
        assert said in line
    assert "\n" not in line


def test_cards_over_their_life(golden: Golden) -> None:
    done = Told(participant="fhq", since=at(0), due=at(2), acknowledged_at=at(1), acknowledged_rev=1)
    life = (
        (card(), NOW),
        (card(), at(3)),
        (card(rev=2, work="acknowledged", owner="fhq", told=(done,), next_step="Settle it with FHQ"), at(61)),
        (card(rev=2, work="acknowledged", owner="fhq", told=(done,), event_to=None), at(61)),
        (card(rev=3, work="resolved", owner="fhq", told=(done,)), at(90)),
        (card(rev=4, merged_into="0011223344556677"), at(90)),
        (card(next_step="", headline="", place="", event_from=None, event_to=None), at(1)),
    )
    golden("cards", "".join(f"{cards.line(c, now)}\n" for c, now in life))


def test_the_queue_has_the_most_pressing_first() -> None:
    wanted = [
        card(id="a", told=(Told(participant="x", since=0, due=at(1)),)),
        card(id="b", told=(Told(participant="x", since=0, due=at(2)),)),
        card(id="c", severity="Severe"),
        card(id="d", urgency="Expected"),
        card(id="e", work="acknowledged"),
        card(id="f", work="resolved"),
    ]
    assert cards.queue(reversed(wanted)) == wanted


@pytest.mark.parametrize(
    ("area", "severity", "wanted"),
    [("", "", True), ("kes", "", True), ("ORBA", "", False), ("", "severe", True), ("", "HIGH", True)],
)
def test_a_filter(area: str, severity: str, wanted: bool) -> None:
    assert cards.fits(card(), area, severity) is wanted


@pytest.mark.parametrize("severity", ["Severe", "Moderate", "Minor", "Unknown"])
def test_what_is_less_severe_than_asked_is_left_out(severity: CapSeverity) -> None:
    assert not cards.fits(card(severity=severity), "", "Extreme")


@pytest.mark.parametrize("width", [80, 120])
def test_the_live_table_fits_and_leaves_out_what_is_over(width: int, golden: Golden) -> None:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    shown = [card(), card(id="over", work="resolved"), card(id="b" * 16, severity="Minor", urgency="Future", place="")]
    console.print(table(shown, NOW, "joc", 2.4))
    written = console.file.getvalue()  # type: ignore[attr-defined]
    assert "over" not in written
    golden(f"watch-{width}", written)
