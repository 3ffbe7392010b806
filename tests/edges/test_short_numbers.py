"""Numbers of phones and terminals: as people write them, and as they are compared."""

import pytest

from coordinator.edges import short


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("+999 555 0100", "9995550100"),
        ("00999 555 0100", "9995550100"),
        ("9995550100", "9995550100"),
        ("+000555012", "000555012"),
        (" +00 55", "0055"),
        ("imei:001234567890123", "001234567890123"),
    ],
)
def test_only_the_prefix_of_a_number_is_taken_off_and_only_once(written: str, compared: str) -> None:
    assert short.number(written) == compared


def test_the_zeros_in_front_of_a_terminals_number_belong_to_it() -> None:
    assert short.opened("001234567890123-7.txt", b"x")[0] == "imei:001234567890123"
