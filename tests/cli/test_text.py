"""Text for people is safe, aligned and in the words of a duty room."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.cli import text

SECOND = 1_000_000


@given(st.text())
def test_what_is_cleaned_can_do_nothing_to_a_terminal(said: str) -> None:
    shown = text.clean(said)
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cs", "Co")]
    assert not set("\u202a\u202b\u202d\u202e").intersection(shown)
    assert "\n" not in shown
    assert text.clean(shown) == shown


def test_an_escape_sequence_is_shown_and_not_obeyed() -> None:
    assert text.clean("\x1b[2Jfree\u202etxt") == "\\x1b[2Jfree\\u202etxt"


def test_arabic_stays_as_it_is() -> None:
    assert text.clean("جسر كيسا مغلق") == "جسر كيسا مغلق"


@given(st.text(), st.integers(2, 40))
def test_what_is_cut_fits(said: str, width: int) -> None:
    assert len(text.short(said, width)) <= width


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"), (89, "89 s"), (90, "2 min"), (119 * 60, "119 min"), (120 * 60, "2 h"), (125 * 60, "2 h 5 min"),
        (47 * 3600, "47 h"), (48 * 3600, "2 d"), (50 * 3600, "2 d 2 h"), (-120, "2 min"),
    ],
)  # fmt: skip
def test_a_length_of_time_has_two_units_at_most(seconds: int, said: str) -> None:
    assert text.span(seconds * SECOND) == said


def test_an_instant_is_a_date_time_group() -> None:
    assert text.dtg(1_804_996_800 * SECOND) == "140400ZMAR27"
    assert text.dtg(1_804_996_807 * SECOND, seconds=True) == "14040007ZMAR27"
    assert text.dtg(None) == "-"


@given(st.integers(0, 4_000_000_000))
def test_a_date_time_group_is_read_back(seconds: int) -> None:
    from coordinator.cli import times

    written = text.dtg(seconds * SECOND, seconds=True)
    if 1970 <= text.moment(seconds * SECOND).year < 2070:
        assert times.parse(written, 1) == seconds * SECOND


def test_a_table_is_aligned() -> None:
    shown = text.table(("A", "LONG"), [("wide", "x"), ("", "longer than that")])
    assert shown.splitlines() == ["A     LONG", "wide  x", "      longer than that"]


def test_fields_without_a_value_are_left_out() -> None:
    shown = text.fields((("who", "xar"), ("nothing", ""), ("where", "a b " * 40)), width=40)
    assert "nothing" not in shown
    assert max(map(len, shown.splitlines())) <= 40
    assert shown.splitlines()[2].startswith("         a b")


@pytest.mark.parametrize(("bytes_", "said"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (2_500_000_000, "2.5 GB")])
def test_bytes_for_people(bytes_: int, said: str) -> None:
    assert text.size(bytes_) == said
