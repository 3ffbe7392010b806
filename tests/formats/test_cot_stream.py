"""A TAK connection cut into events: the same events however the bytes arrive, and no good one lost beside a bad one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Context, Rejected, Translation
from adapters.cot import COT
from adapters.cot.stream import MAX_EVENT, Found, Refused, Splitter
from tests.formats import takmessages as tak
from tests.formats.cases import FOLDER, SAMPLES, Case
from tests.support.examples import times

XML = b'<event uid="%s" type="a-f-G" time="2027-03-14T07:00:00Z"><point lat="2" lon="-27"/>%s</event>'
CUT_OFF = XML[:40]
BAD = b'<event uid="X-9" type="a-f-G"><point lat="1"'


def xml(uid: str, detail: str = "") -> bytes:
    return XML % (uid.encode(), detail.encode())


def frame(uid: str) -> bytes:
    return tak.stream(tak.position(uid))


def cut(*pieces: bytes, close: bool = True) -> list[Found | Refused]:
    splitter = Splitter()
    found = [each for piece in pieces for each in splitter.feed(piece)]
    return found + splitter.close() if close else found


def uids(found: list[Found | Refused]) -> list[str]:
    """Return the uids of the events that can be read, in order."""
    read = []
    for each in found:
        if isinstance(each, Found):
            try:
                read += [m.id.split("/")[0] for m in COT.decode(each.data, Context(participant="x")).messages]
            except Rejected:
                continue
    return read


RUNS = {
    "back to back": xml("A-1") + xml("A-2"),
    "with declarations and blank lines": b'<?xml version="1.0"?>\n'
    + xml("A-1")
    + b'\r\n<?xml version="1.0"?>'
    + xml("A-2"),
    "with a byte-order mark": b"\xef\xbb\xbf" + xml("A-1") + b"\xef\xbb\xbf" + xml("A-2"),
    "a cut-off event between them": xml("A-1") + BAD + xml("A-2"),
    "several cut-off events between them": xml("A-1") + BAD * 7 + xml("A-2"),
    "a cut-off event before a declaration": xml("A-1") + BAD + b'<?xml version="1.0"?>' + xml("A-2"),
    "a declaration said twice": xml("A-1") + b'<?xml version="1.0"?><?xml version="1.0"?>' + xml("A-2"),
    "an event that is not well-formed between them": xml("A-1") + xml("X", "<detail>") + xml("A-2"),
    "an impossible place between them": xml("A-1") + xml("X").replace(b'"2"', b'"200"') + xml("A-2"),
    "words between them": xml("A-1") + b"hello \xbf\xef there" + xml("A-2"),
    "another document between them": xml("A-1") + b"<auth><cot username='x'/></auth>" + xml("A-2"),
    "an event within CDATA": xml("A-1", "<detail><![CDATA[<event ]]></detail>") + xml("A-2"),
    "frames": frame("A-1") + frame("A-2"),
    "zeros between frames": frame("A-1") + b"\0\0" + frame("A-2"),
    "a frame that claims too much between them": frame("A-1") + b"\xbf\xff\xff\xff\xff\x0f" + frame("A-2"),
    "a frame longer than it says between them": frame("A-1") + b"\xbf\x10" + frame("X-1")[2:] + frame("A-2"),
    "a frame shorter than it says between them": frame("A-1") + b"\xbf\x7f" + frame("X-1")[2:] + frame("A-2"),
    "a frame that promises a long text between them": frame("A-1") + b"\xbf\xe8\x07\x12\xe0\x07" + frame("A-2"),
    "rubbish between frames": frame("A-1") + b"\xbf\xbf\xbf\xbf rubbish \xbf\x05" + frame("A-2"),
    "a frame that is no message between them": frame("A-1") + b"\xbf\x03\xff\xff\xff" + frame("A-2"),
    "XML, then frames": xml("A-1") + frame("A-2"),
    "frames, then XML": frame("A-1") + xml("A-2"),
    "a cut-off event, then a frame": xml("A-1") + b"<event " + xml("A-2"),
}


@pytest.mark.parametrize("what", RUNS)
def test_two_good_events_come_through(what: str) -> None:
    assert uids(cut(RUNS[what])) == ["A-1", "A-2"]


@pytest.mark.parametrize("what", RUNS)
def test_byte_by_byte_is_the_same(what: str) -> None:
    data = RUNS[what]
    assert shown(cut(*(data[i : i + 1] for i in range(len(data))))) == shown(cut(data))


@pytest.mark.parametrize("what", [w for w in RUNS if "cut-off" in w or "claims" in w or "words" in w])
def test_what_is_no_event_is_refused_and_says_why(what: str) -> None:
    refused = [each for each in cut(RUNS[what]) if isinstance(each, Refused)]
    assert refused
    assert all(each.data and each.error.why and each.error.hint for each in refused)


def shown(found: list[Found | Refused]) -> list[tuple[str, bytes, str]]:
    return [(type(f).__name__, f.data, str(f.error) if isinstance(f, Refused) else "") for f in found]


PIECES = st.sampled_from((
    *RUNS.values(), xml("B-1"), frame("B-2"), BAD, b"<event ", b"<?xml ", b"</event>", b"\xbf", b"\xbf\x01\xbf\x12\0",
    b"\0", b"\xef\xbb", b"\xef", b" ", b"text", b"<a/>", bytes.fromhex("BF021200"), b"\xbf\x05\x12\x80",
))  # fmt: skip


@times(6)
@given(pieces=st.lists(PIECES | st.binary(max_size=30), max_size=8), data=st.data())
def test_any_chunking_gives_the_same_events(pieces: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=12)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    assert shown(cut(*chunks)) == shown(cut(whole))


@times(6)
@given(pieces=st.lists(PIECES | st.binary(max_size=30), max_size=8))
def test_no_byte_that_says_anything_is_lost(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)
    kept = b"".join(each.data for each in cut(whole))
    assert bare(kept) == bare(whole)


def bare(data: bytes) -> bytes:
    """Return bytes without what may stand between events."""
    return bytes(b for b in data if b not in b" \t\r\n\0\xef\xbb\xbf")


def test_what_does_not_end_is_refused_at_the_bound_and_the_next_is_found() -> None:
    endless = b"<event " + b"x" * MAX_EVENT
    for chunk in (1_000, 100_000, 10_000_000):
        data = xml("A-1") + endless + xml("A-2")
        splitter, found = Splitter(), []
        for i in range(0, len(data), chunk):
            found += splitter.feed(data[i : i + chunk])
            assert splitter.held <= max(2 * MAX_EVENT, chunk)
        assert uids(found + splitter.close()) == ["A-1", "A-2"]


def test_stray_zeros_are_counted() -> None:
    splitter = Splitter()
    splitter.feed(frame("A-1") + b"\0" + frame("A-2") + b"\0\0")
    assert splitter.stray == 3


def test_the_end_of_a_connection_says_what_was_cut_off() -> None:
    (last,) = cut(xml("A-1") + CUT_OFF)[1:]
    assert isinstance(last, Refused)
    assert "cut off" in last.error.why


@pytest.mark.parametrize(
    "hostile",
    [b"\xbf" * 600_000, b"\xbf\x80\x80\x04\x12" * 120_000, b"<event " * 90_000, b"</event>" * 80_000,
     b"<?xml " * 90_000,
     b"\xef\xbb" * 300_000, b"<" * 600_000, b"\xbf\xff\xff\x0f\x12\xf0\xff\x0f" * 70_000,
     b"<event " * 37_000 + b"</event>"],
)  # fmt: skip
def test_hostile_bytes_take_bounded_time_and_memory(hostile: bytes) -> None:
    began = time.process_time()
    splitter = Splitter()
    for i in range(0, len(hostile), 4_096):
        splitter.feed(hostile[i : i + 4_096])
        assert splitter.held <= 2 * MAX_EVENT + 4_096
    splitter.close()
    assert time.process_time() - began < 5.0


@pytest.mark.skipif(not (SAMPLES / "cot").exists(), reason="no sample events beside the checkout")
def test_the_sample_events_in_one_stream_are_all_found() -> None:
    files = [path.read_bytes() for path in sorted((SAMPLES / "cot").glob("*.xml"))]
    data = b"".join(files)
    for size in (7, 1_000, 65_536):
        found = cut(*(data[i : i + size] for i in range(0, len(data), size)))
        assert [each.data for each in found] == [each.strip() for each in files]


def test_a_stream_of_frames_reads_as_the_file_of_them_does() -> None:
    case = Case("cot", FOLDER / "cot" / "tak_stray_zeros_between_frames.cot")
    whole = case.read()
    assert isinstance(whole, Translation)
    found = cut(case.data)
    assert uids(found) == [m.id.split("/")[0] for m in whole.messages] == ["T-3", "T-4"]
