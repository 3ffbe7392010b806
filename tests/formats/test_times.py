"""How times are read: the vectors of the format reference (§13), and what must never be read."""

from datetime import UTC, datetime

import pytest

from adapters import times, vocabulary
from adapters.base import Context, Rejected

RECEIVED = times.micros(datetime(2026, 6, 10, tzinfo=UTC))


def at(text: str) -> int:
    return times.micros(datetime.fromisoformat(text).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("raw", "utc", "quality"),
    [
        ("061730ZJUN26", "2026-06-06T17:30", "exact"),
        ("061730CJUN26", "2026-06-06T14:30", "exact"),
        ("061730ZJUN", "2026-06-06T17:30", "year_inferred"),
        ("061730Z", "2026-06-06T17:30", "month_inferred"),
        ("312400ZMAY26", "2026-06-01T00:00", "exact"),
        ("06 1730 Z JUN 2026", "2026-06-06T17:30", "exact"),
        ("061730zjun26", "2026-06-06T17:30", "exact"),
        ("06173015ZJUN26", "2026-06-06T17:30:15", "exact"),
        ("061730E*JUN26", "2026-06-06T12:00", "zone_inferred"),  # a half-hour zone has no letter
        ("٠٦١٧٣٠ZJUN26", "2026-06-06T17:30", "exact"),
        ("2026-06-06T17:30:00Z", "2026-06-06T17:30", "exact"),
        ("2026-06-06T17:30:00-00:00", "2026-06-06T17:30", "exact"),
        ("2026-06-06 19:30:00,250+02:00", "2026-06-06T17:30:00.250", "exact"),
        ("2026-06-06T24:00:00Z", "2026-06-07T00:00", "exact"),
        ("06 juin 2026 à 17h30 Z", "2026-06-06T17:30", "exact"),
        ("6 June 2026, 1730 UTC", "2026-06-06T17:30", "exact"),
        ("6 de junio de 2026 a las 17:30 Z", "2026-06-06T17:30", "exact"),
        ("6 июня 2026 г. 17:30 Z", "2026-06-06T17:30", "exact"),
        ("061730Z ИЮН 26", "2026-06-06T17:30", "exact"),
        ("٠٦١٧٣٠Z يونيو ٢٠٢٦", "2026-06-06T17:30", "exact"),
        ("2026年6月6日17时30分Z", "2026-06-06T17:30", "exact"),
    ],
)
def test_an_instant_is_read(raw: str, utc: str, quality: str) -> None:
    value = times.read(raw, RECEIVED)
    assert (value.utc, value.quality, value.raw) == (at(utc), quality, raw)


@pytest.mark.parametrize(
    ("month", "number"),
    [("JAN", 1), ("FÉV", 2), ("FEV", 2), ("MARS", 3), ("AVR", 4), ("ABR", 4), ("MAI", 5), ("MAYO", 5), ("JUIN", 6),
     ("JUL", 7), ("AOÛ", 8), ("AGO", 8), ("SET", 9), ("SEP", 9), ("OUT", 10), ("NOV", 11), ("DIC", 12), ("DÉC", 12),
     ("DEZ", 12), ("ENE", 1)],
)  # fmt: skip
def test_months_have_names_in_four_languages(month: str, number: int) -> None:
    assert times.read(f"061730Z{month}26").utc == at(f"2026-{number:02d}-06T17:30")


@pytest.mark.parametrize(
    ("letter", "hours"),
    [("Z", 0), ("A", 1), ("B", 2), ("I", 9), ("K", 10), ("M", 12), ("N", -1), ("Y", -12)],
)
def test_a_zone_letter_is_an_offset(letter: str, hours: int) -> None:
    assert times.read(f"061200{letter}JUN26").utc == at("2026-06-06T12:00") - hours * 3_600_000_000


def test_every_letter_but_j_is_a_zone() -> None:
    assert set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - times.ZONES.keys() == {"J"}


def test_a_time_without_zone_is_read_in_the_missions() -> None:
    value = times.read("230600FEB2007", zone="Z")
    assert (value.utc, value.quality) == (at("2007-02-23T06:00"), "zone_inferred")
    assert times.read("2007-02-23T06:00", zone="B").utc == at("2007-02-23T04:00")


@pytest.mark.parametrize(
    "raw",
    ["310600ZJUN26", "300000ZFEB26", "061730JJUN26", "061730", "062500ZJUN26", "061760ZJUN26", "062401ZJUN26",
     "1730Z", "soon", "", "2026-06-06T17:30:00", "2026-13-01T00:00:00Z", "061730ZJUNE2O26", "001200ZJUN26"],
)  # fmt: skip
def test_what_names_no_instant_has_none(raw: str) -> None:
    value = times.read(raw, RECEIVED)
    assert (value.utc, value.quality) == (None, "unknown")


def test_a_placeholder_keeps_its_offset() -> None:
    zeros = times.read("0000-00-00T00:00:00Z")
    assert (zeros.utc, zeros.quality, zeros.relative) == (None, "placeholder", None)
    ten = times.read("0000-00-00T00:10:00Z")
    assert ten.utc is None
    assert ten.relative is not None
    assert ten.relative.offset_s == 600


def test_a_missing_month_is_the_nearest_within_bounds() -> None:
    assert times.read("280900Z", RECEIVED).utc == at("2026-05-28T09:00")  # 13 days ago, not in 18
    assert times.read("240900Z", RECEIVED).utc == at("2026-06-24T09:00")  # in 14 days
    assert times.read("061730ZDEC", RECEIVED).utc is None  # neither: nothing is invented
    assert times.read("061730Z", 0).utc is None  # nobody said when it was received


@pytest.mark.parametrize(
    "raw",
    ["141000Z-141045Z", "141000Z - 141045Z", "141000Z/141045Z", "du 141000Z au 141045Z", "141000Z to 141045Z",
     "141200B–141245B", "141000-141045Z", "from 141000Z until 141045Z", "desde 141000Z hasta 141045Z"],
)  # fmt: skip
def test_a_window_is_read(raw: str) -> None:
    context = Context(received_at=at("2027-03-13T18:00"))
    window = times.span(raw, "x", context)
    assert (window.start_earliest, window.end_latest) == (at("2027-03-14T10:00"), at("2027-03-14T10:45"))


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("6 JUN 26", (2026, 6, 6)), ("2026-06-06", (2026, 6, 6)), ("06.06.2026", (2026, 6, 6)),
        ("14/06/2026", (2026, 6, 14)), ("6/7/2026", None), ("31 JUN 26", None), ("2026年6月6日", (2026, 6, 6)),
        ("6 июня 2026 г.", (2026, 6, 6)), ("soon", None),
    ],
)  # fmt: skip
def test_a_date_is_read_or_left_alone(raw: str, day: tuple[int, int, int] | None) -> None:
    assert times.day(raw) == day


def test_every_language_has_a_word_for_an_open_end() -> None:
    for language in vocabulary.LANGUAGES:
        (words, *_) = vocabulary.tables(language)["open_end"].values()
        assert all(times.window("140900ZMAR27", each, "x", Context()).end_latest is None for each in words)


def test_an_open_end_stays_open() -> None:
    window = times.window("140900ZMAR27", "UFN", "x", Context())
    assert window.end_latest is None
    assert window.end is not None
    assert window.end.raw == "UFN"


@pytest.mark.parametrize(
    ("raw", "why", "mend"),
    [
        ("061730JJUN26", "local time (J)", "zone letter"),
        ("061730", "no zone letter", "write 061730Z"),
        ("310600ZJUN26", "does not exist", "140700ZMAR27"),
        ("061730Z", "", ""),
        ("tomorrow", "no time", "date-time group"),
    ],
)
def test_a_time_that_is_needed_says_how_to_mend_it(raw: str, why: str, mend: str) -> None:
    context = Context(received_at=RECEIVED)
    if not why:
        assert times.instant(raw, "x", context).utc is not None
        return
    with pytest.raises(Rejected) as refused:
        times.instant(raw, "line 3: From", context)
    assert refused.value.path == "line 3: From"
    assert why in refused.value.why
    assert mend in refused.value.hint
