"""Laws 7 and 8: any bytes give a translation or a refusal, in bounded time; what was written is read back the same."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import adapters
from adapters.base import Context, Rejected, Translation
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.base import Message
from schemas.directives import Vehicles
from schemas.envelope import Contact, Envelope, Reference, UnitRef
from schemas.geo import Position, Route, RoutePoint
from schemas.notices import MovementNotice, RouteState
from schemas.reports import MedevacRequest, Observation, Patients, PositionReport, Precedences, TextMessage
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import RECEIVED_AT, Case, good_cases, label, read, usual
from tests.support.examples import times

FORMATS = tuple(adapters.BUILTIN)
GOOD = {name: [case.data for case in good_cases() if case.adapter == name] for name in FORMATS}


def total(name: str, data: bytes) -> None:
    """Read bytes; anything but a translation or a refusal fails, and so does a slow one."""
    began = time.process_time()
    found = read(name, data)
    assert time.process_time() - began < 2.0
    assert isinstance(found, Translation | Rejected)
    if isinstance(found, Translation):
        for message in found.messages:
            again = registry.envelope(registry.encode(message))
            if again.kind in registry.KINDS and again.version == 1:
                registry.body(again)
    assert 0 <= adapters.adapter(name).sniff(data[:4096], ".txt") <= 1


@pytest.mark.parametrize("name", FORMATS)
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(lambda t: t.encode("utf-8", "replace"))))
def test_any_bytes_are_read_or_refused(name: str, data: bytes) -> None:
    total(name, data)


@st.composite
def mutated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    """Return a good input after some accidents: bytes replaced, cut, doubled, or mixed with another."""
    data = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        accident = draw(st.sampled_from(("replace", "cut", "double", "insert", "mix")))
        if accident == "replace" and data:
            data[at] = draw(st.integers(0, 255))
        elif accident == "cut":
            del data[at : at + draw(st.integers(1, 40))]
        elif accident == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 80))]
        elif accident == "insert":
            data[at:at] = draw(st.sampled_from(HOSTILE))
        else:
            other = draw(st.sampled_from(originals))
            data[at:] = other[min(at, len(other)) :]
    return bytes(data)


HOSTILE = (
    b"&#0;", b"\0", b"\xff", b"<!DOCTYPE a>", b"]]>", b"<![CDATA[", b"9" * 400, b"-", b"1e400", b"NaN", b"\xe2\x80\xae",
    b'"', b";", b"\t", b"\r", b"\n\n", b": ", b"=", b"{", b"[[[[", b"null", b"0000-00-00T00:00:00Z", b"310600ZJUN26",
    b"\xd9\xa3", b"\xc2\xb2", b"26N NH 99999 99999 9", b"--b\n", b"Content-Type: x/y; charset=rot13\n", b"=?x?q?=ff?=",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
@times(3)
@given(data=st.data())
def test_good_inputs_after_accidents_are_read_or_refused(name: str, data: st.DataObject) -> None:
    total(name, data.draw(mutated(GOOD[name])))


@pytest.mark.parametrize("case", good_cases(), ids=label)
def test_every_beginning_of_a_good_input_is_read_or_refused(case: Case) -> None:
    data = case.data
    for end in range(0, len(data), max(1, len(data) // 25)):
        total(case.adapter, data[:end])


@pytest.mark.parametrize("case", good_cases(), ids=label)
def test_an_unedited_message_leaves_byte_for_byte(case: Case) -> None:
    found = case.read()
    assert isinstance(found, Translation)
    if case.adapter == "native" or case.expected.get("context"):
        return  # native is its own original; what was read with the mission's help is built from its fields
    originals = {m.source.sha256: case.data for m in found.messages if m.source}
    assert case.reader.encode(found.messages, originals).data == case.data


@pytest.mark.parametrize("case", good_cases(), ids=label)
def test_an_edited_message_does_not_leave_as_its_original(case: Case) -> None:
    found = case.read()
    assert isinstance(found, Translation)
    if found.messages[0].kind == "message" and case.adapter == "text":
        return  # words alone have no revision to change; the writer lists it as a loss
    edited = [msgspec.structs.replace(m, revision=m.revision + 5) for m in found.messages]
    originals = {m.source.sha256: case.data for m in found.messages if m.source}
    assert case.reader.encode(edited, originals).data != case.data


# -- law 8 on messages that nobody has written before -----------------------------------------------------------------

words = st.text("abcdefghij éñKLM", min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(bool)
names = st.from_regex(r"[A-Z]{3,8}", fullmatch=True)
minutes = st.integers(-10_000, 15_000).map(lambda n: RECEIVED_AT + n * 60_000_000)
# never 0, 0: that says "nowhere" in CoT
degrees = st.tuples(st.integers(-8_999_999, 8_999_999), st.integers(-17_999_999, 17_999_999)).filter(
    any
)  # 0, 0 says "nowhere" in CoT
instants = minutes.map(lambda utc: TimeValue(utc=utc))
positions = degrees.map(lambda p: Position(lat=p[0] / 1e5, lon=p[1] / 1e5))
windows = st.tuples(minutes, st.integers(1, 900)).map(
    lambda p: TimeWindow.between(TimeValue(utc=p[0]), TimeValue(utc=p[0] + p[1] * 60_000_000))
)
counts = st.integers(0, 9_999)
vehicles = st.builds(
    Vehicles, type=st.sampled_from(("truck", "bus", "crane")), count=counts, load_class=st.integers(0, 150)
)


@st.composite
def movements(draw: st.DrawFn) -> MovementNotice:
    window = draw(windows)
    method: Any = draw(st.sampled_from(("", "foot", "vehicle", "air", "boat")))
    kind: Any = draw(st.sampled_from(("patrol", "humanitarian", "convoy", "recce", "logistics", "admin")))
    return MovementNotice(
        movement_kind=kind,
        route=Route(name=draw(names), method=method, points=(RoutePoint(name=draw(names), window=window),)),
        windows=(window,),
        method=method,
        armed=draw(st.none() | st.booleans()),
        escorted=draw(st.none() | st.booleans()),
        vehicles=draw(st.just(()) | vehicles.map(lambda v: (v,))),
        strength=draw(st.none() | counts),
        purpose=draw(words),
        organisation=draw(st.just("") | words),
        cargo=draw(st.just("") | words),
        contact=draw(st.none() | words.map(lambda w: Contact(name=w, phone="+999 555 0100"))),
    )


@st.composite
def nine_lines(draw: st.DrawFn) -> MedevacRequest:
    return MedevacRequest(
        pickup=draw(positions),
        pickup_name=draw(names),
        callsign=draw(names),
        frequency="34.55",
        precedences=Precedences(urgent=draw(st.integers(0, 9)), routine=draw(st.integers(0, 9))),
        patients=Patients(litter=draw(st.integers(0, 9)), ambulatory=draw(st.integers(0, 9))),
        nationality=draw(words),
        requested_at=draw(instants),
    )


observations = st.builds(
    Observation, observed=instants, size=words, activity=words, place_name=names, equipment=words, position=positions
)
acknowledgements = st.builds(
    Acknowledgement,
    of=st.builds(Reference, id=names),
    step=st.sampled_from(("delivered", "received", "understood", "wilco", "cannot-comply")),
    code=st.just("") | names,
)
route_states = st.builds(
    RouteState, section=names, position=positions, load_class=st.none() | st.integers(0, 150),
    lanes=st.none() | st.integers(0, 9), trafficable=st.sampled_from(("open", "caution", "closed", "unknown")),
    one_at_a_time=st.booleans(), remarks=words,
)  # fmt: skip
reports = st.builds(
    PositionReport, subject=st.builds(UnitRef, id=names, callsign=words, scheme=st.just("cot_uid")), position=positions,
    at=instants, stale_at=instants, hae_m=st.none() | st.floats(-400, 9000), course_deg=st.none() | st.floats(0, 360),
    speed_mps=st.none() | st.floats(0, 300), symbol=st.just("a-f-G-U-C"),
    affiliation=st.just("friend"), how=st.just("m-g"), battery_pct=st.none() | st.integers(0, 100).map(float),
    remarks=st.just("") | words,
)  # fmt: skip
CARRIED: list[tuple[str, st.SearchStrategy[Any]]] = [
    ("text", movements()),
    ("sheet", movements()),
    ("text", nine_lines()),
    ("text", observations),
    ("text", acknowledgements),
    ("text", st.builds(TextMessage, text=words)),
    ("sheet", route_states),
    ("cot", reports),
    ("cot", st.builds(Observation, observed=instants, activity=words, position=positions, symbol=st.just("b-m-p-s-m"))),
    ("cot", st.builds(TextMessage, text=words, room=words, at=instants)),
    ("native", movements()),
    ("native", nine_lines()),
]


@pytest.mark.parametrize(("name", "messages"), CARRIED, ids=[f"{n}-{i}" for i, (n, _) in enumerate(CARRIED)])
@given(data=st.data(), language=st.sampled_from(("", "en", "fr", "es")), revision=st.integers(1, 9))
def test_what_was_written_is_read_back(
    name: str, messages: st.SearchStrategy[Message], data: st.DataObject, language: str, revision: int
) -> None:
    body = data.draw(messages)
    sent = registry.pack(
        body, id="XAR-1", originator="xar-batt", revision=1 if name == "cot" else revision, lang=language,
        received_at=RECEIVED_AT,
    )  # fmt: skip
    written = adapters.adapter(name).encode([sent], {})
    if name == "text" and not isinstance(body, TextMessage):
        assert all(len(line) <= 70 for line in written.data.decode().splitlines())
    (back,) = adapters.adapter(name).decode(written.data, context()).messages
    lost = {loss.path.split(": ", 1)[-1] for loss in written.losses}
    assert not lost - ({"id", "revision"} if isinstance(body, TextMessage) else {"id"}), written.data.decode()
    assert meaning(back) == meaning(sent), written.data.decode()


def context() -> Context:
    return msgspec.convert(usual(""), Context)


def meaning(message: Envelope) -> Any:
    """Return what a body says, without how it was written."""
    return message.kind, bare(registry.body(message))


def bare(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        hidden = {"raw", "form", "precision", "quality", "ce_m", "scheme"}
        return {f: bare(getattr(value, f)) for f in value.__struct_fields__ if f not in hidden}
    if isinstance(value, tuple):
        return [bare(v) for v in value]
    return round(value, 6) if isinstance(value, float) else value


def test_the_writers_say_what_they_cannot_carry() -> None:
    body = MovementNotice(
        movement_kind="patrol",
        route=Route(name="LIME"),
        windows=(TimeWindow.exact(RECEIVED_AT, RECEIVED_AT + 60_000_000),) * 2,
        coordinated_with=(Reference(id="SN-1"),),
    )
    sent = registry.pack(body, id="A", originator="xar-batt")
    for name in ("text", "sheet"):
        with_bounds_only = adapters.adapter(name).encode([sent], {})
        assert with_bounds_only.losses


@pytest.mark.parametrize("name", ["text", "sheet", "cot"])
def test_what_no_writer_knows_is_refused(name: str) -> None:
    sent = registry.pack(Acknowledgement(of=Reference(id="A"), step="wilco"), kind="agreement", id="A", originator="x")
    encode: Callable[..., Any] = adapters.adapter(name).encode
    with pytest.raises(Rejected):
        encode([sent], {})
