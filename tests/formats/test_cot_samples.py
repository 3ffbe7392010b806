"""299 events that real devices sent: every leaf comes back when an event is built from its fields alone.

They are not part of this repository; where they are absent, these tests are skipped.
"""

from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from adapters.base import Context, Rejected, Translation
from adapters.cot import COT
from adapters.cot.stream import Splitter
from adapters.native import NATIVE, originals
from schemas import registry
from tests.formats.cases import SAMPLES, read
from tests.formats.test_laws import meaning

FILES = sorted((SAMPLES / "cot").glob("*.xml"))
pytestmark = pytest.mark.skipif(not FILES, reason="no sample events beside the checkout")
_UNKNOWN = {"9999999.0", "999999.0"}


def leaves(data: bytes) -> Counter[tuple[str, str]]:
    """Return the leaves of a document by lxml's own paths; numbers as numbers, "unknown" as nothing."""
    found: Counter[tuple[str, str]] = Counter()
    for element in etree.fromstring(data).iter():
        path = element.getroottree().getpath(element)
        values = [(f"{path}/@{key}", value) for key, value in element.attrib.items()]
        if element.text and element.text.strip():
            values.append((path, element.text.strip()))
        elif not len(element) and not values:
            values.append((path, ""))
        found.update((p, plain(v)) for p, v in values)
    return found


def plain(value: str) -> str:
    try:
        number = repr(float(value))
    except ValueError:
        return value
    return "unknown" if number in _UNKNOWN else number


@pytest.fixture(scope="module")
def translated() -> dict[Path, Translation]:
    return {path: COT.decode(path.read_bytes(), Context(participant="xar-batt")) for path in FILES}


def test_they_become_what_they_are(translated: dict[Path, Translation]) -> None:
    kinds = Counter(m.kind for t in translated.values() for m in t.messages)
    assert kinds == {"position": 294, "observation": 4, "message": 1}
    for found in translated.values():
        for message in found.messages:
            registry.body(registry.envelope(registry.encode(message)))


def test_mapped_and_lost_are_all_leaves(translated: dict[Path, Translation]) -> None:
    """What is lost is exactly what stands there; what is not lost comes back out of the fields."""
    for path, found in translated.items():
        there = leaves(path.read_bytes())
        for loss in found.losses:
            places = (f"/{loss.path}", f"/{loss.path}[1]", f"/{first(loss.path)}")
            assert any(there[place, plain(loss.value.strip())] for place in places), (path.name, loss)
        assert leaves(COT.encode(found.messages, {}).data) == there, path.name


def first(path: str) -> str:
    """Return a path as lxml writes that of the first of several."""
    *steps, last = path.split("/")
    return "/".join((*steps[:-1], f"{steps[-1]}[1]", last)) if last.startswith("@") else f"{path}[1]"


def test_they_leave_byte_for_byte_even_through_native(translated: dict[Path, Translation]) -> None:
    for path, found in translated.items():
        data = path.read_bytes()
        file = NATIVE.encode(found.messages, {m.source.sha256: data for m in found.messages if m.source}).data
        again = NATIVE.decode(file, Context(participant="xar-batt")).messages
        assert COT.encode(again, originals(file)).data == data, path.name


@pytest.mark.parametrize(("dialect", "step"), [("protobuf-stream", 1), ("protobuf-mesh", 10)])
def test_they_say_the_same_in_protobuf(translated: dict[Path, Translation], dialect: str, step: int) -> None:
    for path, found in list(translated.items())[::step]:
        written = COT.encode(found.messages, {}, dialect)
        again = COT.decode(written.data, Context(participant="xar-batt"))
        for message, back in zip(found.messages, again.messages, strict=True):
            assert meaning(back) == meaning(message), path.name
            assert (back.reality, back.label, back.unit) == (message.reality, message.label, message.unit)
            there = Counter((u.path, plain(u.value)) for u in message.unmapped)
            assert Counter((u.path, plain(u.value)) for u in back.unmapped) == there, path.name


def test_they_come_through_one_stream_of_frames(translated: dict[Path, Translation]) -> None:
    everything = [m for found in translated.values() for m in found.messages]
    data = COT.encode(everything, {}, "protobuf-stream").data
    splitter = Splitter()
    found = [each for i in range(0, len(data), 1_000) for each in splitter.feed(data[i : i + 1_000])]
    read_ = [m for each in found for m in COT.decode(each.data, Context(participant="xar-batt")).messages]
    assert [m.created and m.created.utc for m in read_] == [m.created and m.created.utc for m in everything]
    assert not splitter.held


def test_an_impossible_place_or_time_in_one_of_them_is_refused_by_its_name() -> None:
    data = FILES[0].read_bytes()
    for old, new, path in ((b" lat='", b" lat='9", "event/point/@lat"), (b" time='2", b" time='0", "event/@time")):
        found = read("cot", data.replace(old, new, 1))
        assert isinstance(found, Rejected)
        assert found.path == path


def test_the_attack_among_the_samples_is_refused() -> None:
    attack = SAMPLES / "cap" / "xee.cap"
    if not attack.exists():
        pytest.skip("no sample of an attack")
    found = read("cot", attack.read_bytes())
    assert isinstance(found, Rejected)
    assert "DOCTYPE" in found.why
