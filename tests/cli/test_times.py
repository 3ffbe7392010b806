"""Times as people type them."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator.cli import times
from coordinator.errors import UsageError

NOON = int(datetime(2027, 3, 14, 12, tzinfo=UTC).timestamp()) * times.SECOND
HOUR = 3600 * times.SECOND


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("now", 0),
        ("2027-03-14T14:00:00Z", 2),
        ("2027-03-14T14:00", 2),
        ("2027-03-14 14:00", 2),
        ("2027-03-14T16:00:00+02:00", 2),
        ("2027-03-14", -12),
        ("140400ZMAR27", -8),
        ("140400Z", -8),
        ("140500A MAR 27", -8),
        ("-2h", -2),
        ("+30m", 0.5),
        ("-1d12h", -36),
        ("-5400s", -1.5),
        ("-1.5h", -1.5),
        (" -2H ", -2),
    ],
)
def test_what_is_understood(text: str, hours: float) -> None:
    assert times.parse(text, NOON) == NOON + round(hours * HOUR)


@pytest.mark.parametrize("text", ["", "yesterday", "2h", "-2", "-2h3", "--2h", "310400ZFEB27", "140400J", "25:00"])
def test_what_is_not_says_how_to_write_it(text: str) -> None:
    with pytest.raises(UsageError, match="140400ZMAR27"):
        times.parse(text, NOON)


def test_no_time_is_zero() -> None:
    assert times.optional("", NOON) == 0


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_a_usage_error(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(times.parse(text, NOON), int)
