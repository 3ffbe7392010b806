"""How positions are read: latitude first, the error from the digits, nothing swapped and nothing guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygeodesy import utm
from pygeodesy.mgrs import parseMGRS

from adapters import places
from adapters.base import Context, Rejected


@pytest.mark.parametrize(
    ("raw", "lat", "lon", "ce_m", "form"),
    [
        ("2.0000N 27.0000W", 2.0, -27.0, 11.12, "decimal"),
        ("2.0000, -27.0000", 2.0, -27.0, 11.12, "decimal"),
        ("2,0000 N 27,0000 O", 2.0, -27.0, 11.12, "decimal"),  # ouest, oeste
        ("N2.00 W27.00", 2.0, -27.0, 1111.95, "decimal"),
        ("–2.5, 27.1", -2.5, 27.1, 11119.5, "decimal"),
        ("٢٫٠٠٠٠N ٢٧٫٠٠٠٠W", 2.0, -27.0, 11.12, "decimal"),
        ("02°00'00\"N 027°00'00\"W", 2.0, -27.0, 30.887, "dms"),
        ("26N NH 00000 21060", 2.0, -27.0, 1.0, "mgrs"),
        ("26nnh0000021060", 2.0, -27.0, 1.0, "mgrs"),
        ("26N MH 99999 21060", 2.0, -27.0, 1.0, "mgrs"),  # the other side of the edge between two squares
        ("26N MH 83321 48694", 2.25, -27.15, 1.0, "mgrs"),
        ("26N NH 07784 27693", 2.06, -26.93, 1.0, "mgrs"),
        ("UTM:18SUD1440341523", 34.69891, -77.02636, 1.0, "mgrs"),
        ("31PDR 12345 67890", 14.18095, 2.18770, 1.0, "mgrs"),
        ("31PDR12346789", 14.18098, 2.18769, 10.0, "mgrs"),
        ("33N XF 123 456", 4.93577, 16.01334, 100.0, "mgrs"),
        ("32UMU1234", 48.15772, 7.82341, 1000.0, "mgrs"),  # a square that begins below its band
        ("LATM:1325N00210E", 13.416667, 2.166667, 1853.25, "latm"),
        ("LATS:133030N0021515E", 13.508333, 2.254167, 30.887, "lats"),
        ("151000N0590900E", 15.166667, 59.15, 30.887, "lats"),
        ("2840N08040W", 28.666667, -80.666667, 1853.25, "latm"),
        ("351600N2-0822200W8", 35.266667, -82.366667, 30.887, "lats"),
    ],
)
def test_a_position_is_read(raw: str, lat: float, lon: float, ce_m: float, form: str) -> None:
    found = places.read(raw)
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=2e-5)
    assert (found.ce_m, found.form, found.raw, found.quality) == (ce_m, form, raw, "exact")


def test_the_two_sides_of_the_square_edge_are_a_metre_apart() -> None:
    west, east = places.read("26N MH 99999 21060"), places.read("26N NH 00000 21060")
    assert west.lon < -27.0 < east.lon
    assert abs(west.lon - east.lon) < 1.1 / 111_000


@pytest.mark.parametrize("raw", ["000 210", "GR 000210", "NH 000 210"])
def test_a_grid_without_zone_is_read_in_the_missions_square(raw: str) -> None:
    found = places.read(raw, "26NNH")
    assert found.quality == "zone_inferred"
    assert (found.lat, found.lon) == pytest.approx((2.0, -27.0), abs=1e-3)
    with pytest.raises(places.Unreadable):
        places.read(raw)


@pytest.mark.parametrize(
    "raw",
    ["91.2 10.0", "2.0 181.5", "2840N05982E", "26N ZZ 00000 00000", "26N NH 12345", "61N NH 000 000", "00N AA 00 00",
     "02°61'00\"N 027°00'00\"W", "456789"],
)  # fmt: skip
def test_an_impossible_position_is_refused_and_not_taken_for_a_name(raw: str) -> None:
    with pytest.raises(Rejected) as refused:
        places.named(raw, "x", Context())
    assert refused.value.hint


@pytest.mark.parametrize("raw", ["KESSA", "OP 4-7", "pont KESSA", "Camp Heron", "HQ 12", "القاعدة"])
def test_a_name_stays_a_name(raw: str) -> None:
    assert places.named(raw, "x", Context(mgrs_square="26NNH")) == raw


@given(st.floats(-79.9, 83.9), st.floats(-179.9, 179.9))
def test_a_grid_reference_leads_back_to_where_it_was_taken(lat: float, lon: float) -> None:
    grid = utm.toUtm8(lat, lon).toMgrs()
    raw = f"{grid.zone:02d}{grid.band} {grid.EN} {int(grid.easting):05d} {int(grid.northing):05d}"
    ours, theirs = places.read(raw), parseMGRS(raw).toLatLon()
    assert ours.lat == pytest.approx(theirs.lat, abs=1e-5)
    assert abs((ours.lon - theirs.lon + 180) % 360 - 180) < 1e-4


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_decimal_degrees_keep_their_digits(lat: float, lon: float) -> None:
    found = places.read(f"{lat:.5f}, {lon:.5f}")
    assert (found.lat, found.lon) == (float(f"{lat:.5f}"), float(f"{lon:.5f}"))
