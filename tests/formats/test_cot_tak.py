"""TAK protobuf and what steers a TAK link: framing, bounds, typed fields, pings and negotiation."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Context, Rejected, Translation
from adapters.cot import COT, link, protobuf, wire
from schemas import registry
from schemas.reports import TextMessage
from tests.formats import takmessages as tak
from tests.formats.cases import RECEIVED_AT, read

CONTEXT = Context(participant="xar-batt", received_at=RECEIVED_AT)


def test_the_two_forms_of_an_empty_event_hold_the_same_message() -> None:
    (stream,) = protobuf.frames(bytes.fromhex("BF021200"))
    (mesh,) = protobuf.frames(bytes.fromhex("BF01BF1200"))
    assert stream.message == mesh.message == b"\x12\x00"
    assert (stream.dialect, mesh.dialect) == (protobuf.STREAM, protobuf.MESH)


def test_a_length_beyond_all_bounds_is_refused_before_anything_is_kept() -> None:
    tracemalloc.start()
    found = read("cot", bytes.fromhex("BFFFFFFFFF0F"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert isinstance(found, Rejected)
    assert "4294967295" in found.why
    assert peak < 1_000_000


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xbf\x80", "cut off"),
        (b"\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x12\x00", ""),
        (b"\xbf\x02\x12\x05", "cut off"),
        (b"\xbf\x03\x12\x01\x0b", "wire type"),
        (b"\xbf\x02\x10\x05", "no message"),
        (tak.stream(tak.position()) + b"x", "no frame"),
        (b"\0" * 5_000 + tak.stream(tak.position()), "stray"),
        (tak.stream([(2, 2, [(2, 2, b"a")] * 2)]), "twice"),
        (tak.stream([(2, 2, [(n, 0, 1) for n in range(100, 700)])]), "500 fields"),
        (tak.stream(tak.position(lat=float("nan"))), "outside"),
        (tak.stream([(2, 2, [(1, 2, b"a-f-G"), (5, 2, b"A"), (6, 0, 2**63)])]), "9999"),
        (tak.stream([(3, 0, 1)]), "no event"),
    ],
)
def test_what_is_no_frame_says_why(data: bytes, why: str) -> None:
    found = read("cot", data)
    assert isinstance(found, Rejected)
    assert why in found.why


@given(st.integers(0, 2**64 - 1))
def test_numbers_come_back(value: int) -> None:
    assert wire.number(value) == tak.varint(value)
    assert wire.varint(wire.number(value), 0, "") == (value, len(wire.number(value)))


def test_stray_zeros_are_told() -> None:
    found = COT.decode(tak.stream(tak.position()) + b"\0" + tak.stream(tak.position()), CONTEXT)
    assert len(found.messages) == 2
    assert [w.code for w in found.warnings] == ["stray-bytes"]


def test_a_chat_with_line_breaks_keeps_its_detail() -> None:
    xml = b"<__chat senderCallsign='HERON 6'\n chatroom='North'>\n</__chat><remarks>one\ntwo</remarks>"
    (message,) = COT.decode(tak.stream(tak.position(kind="b-t-f", detail=[(1, 2, xml)])), CONTEXT).messages
    body = registry.body(message)
    assert isinstance(body, TextMessage)
    assert (body.text, body.room) == ("one\ntwo", "North")


EVENT = (
    '<event version="2.0" uid="A" type="a-f-G" time="2027-03-14T07:00:00.000Z" start="2027-03-14T07:00:00.000Z"'
    ' stale="2027-03-14T07:05:00.000Z" how="m-g">'
    '<point lat="1.0" lon="2.0" hae="3" ce="4" le="5"/><detail>{}</detail></event>'
)


@pytest.mark.parametrize(
    ("detail", "field", "typed"),
    [
        ('<contact endpoint="x" callsign="H"/>', 2, True),
        ('<contact endpoint="x" callsign="H" phone="1"/>', 2, False),
        ('<__group name="Cyan" role="HQ"/>', 3, True),
        ('<precisionlocation altsrc="GPS"/>', 4, True),
        ('<precisionLocation altsrc="GPS"/>', 4, False),
        ('<status battery="50"/>', 5, True),
        ('<status battery="50.5"/>', 5, False),
        ('<status battery="50" readiness="true"/>', 5, False),
        ('<takv device="d" platform="p" os="o" version="v"/>', 6, True),
        ('<track speed="1.5" course="2.5"/>', 7, True),
        ('<track course="2.5"/>', 7, False),
        ('<track speed="1" course="2" slope="3"/>', 7, False),
        ('<contact callsign="H"><x/></contact>', 2, False),
    ],
)
def test_an_element_is_typed_only_if_all_of_it_fits(detail: str, field: int, typed: bool) -> None:
    found = COT.decode(EVENT.format(detail).encode(), CONTEXT)
    data = COT.encode(found.messages, {}, "protobuf-stream").data
    ((_, message),) = tak.frames(data)
    (event,) = (c for n, _, c in tak.unpacked(message) if n == 2)
    (fields,) = (c for n, _, c in event if n == 15)
    assert (field in [n for n, _, _ in fields]) is typed
    assert (1 in [n for n, _, _ in fields]) is not typed
    (back,) = COT.decode(data, CONTEXT).messages
    assert {(u.path, u.value) for u in back.unmapped} == {(u.path, u.value) for u in found.messages[0].unmapped}
    assert bytes(back.body) == bytes(found.messages[0].body)


# -- what steers the link ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["xml", "protobuf-stream"])
def test_a_pong_answers_a_ping_and_neither_is_published(dialect: str) -> None:
    ping = EVENT.format("").replace("a-f-G", "t-x-c-t").encode()
    pong = link.pong("BUS", RECEIVED_AT, dialect)
    assert (link.control(ping), link.control(pong)) == ("ping", "pong")
    for data in (ping, pong):
        found = COT.decode(data, CONTEXT)
        assert not found.messages
        assert {"event/@uid", "event/@type"} <= {loss.path for loss in found.losses}
        assert all("never published" in loss.why for loss in found.losses)


def test_a_negotiation_goes_through_its_steps() -> None:
    steps = [link.offer("BUS", RECEIVED_AT), link.request("A-1", RECEIVED_AT),
             link.response("BUS", RECEIVED_AT, True), link.response("BUS", RECEIVED_AT, False)]  # fmt: skip
    assert [link.negotiation(s) for s in steps] == [("offer", 1), ("request", 1), ("accepted", 0), ("refused", 0)]
    assert {link.control(s) for s in steps} == {"version"}
    assert not [m for s in steps for m in COT.decode(s, CONTEXT).messages]


def test_other_events_do_not_steer() -> None:
    for data in (
        EVENT.format("").encode(),
        tak.stream(tak.position()),
        b"",
        b"<event ",
        b"\xbf",
        b"\xbf\x03\xff\xff\xff",
    ):
        assert link.control(data) == ""
        assert link.negotiation(data) == ("", 0)


@given(st.binary(max_size=200) | st.sampled_from((b"<event type='t-x-takp-q'", b"<event type='t-x-takp-v'>&")))
def test_any_bytes_steer_or_do_not(data: bytes) -> None:
    assert link.control(data) in ("", "ping", "pong", "version")
    assert len(link.negotiation(data)) == 2


def test_a_mission_package_control_is_not_published() -> None:
    found = read("cot", EVENT.format("<mission name='m'/>").replace("a-f-G", "t-x-m-c").encode())
    assert isinstance(found, Translation)
    assert not found.messages
    assert "event/detail/mission/@name" in {loss.path for loss in found.losses}
