"""Reading XML by the plan of its markup: the same as reading it as a tree, whatever came before, in bounded memory."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import documents, xml
from adapters.base import Rejected
from adapters.cap.tables import NAMESPACES
from adapters.documents import MAX_PLANS, Document, Reader
from tests.formats.cases import SAMPLES, Case, all_cases, label
from tests.formats.test_laws import HOSTILE, mutated

CAP = frozenset(NAMESPACES)
LONGEST = 200_000
TIMES = 4  # after so many readings a markup has its plan, if it gets one
XML_FORMATS = ("cap", "cot", "c2sim", "edxl", "gpx", "kml", "nvg")
CASES = [case for case in all_cases() if case.adapter in XML_FORMATS and case.data.lstrip()[:1] == b"<"]
REAL = [path.read_bytes() for name in ("cap", "cot") for path in sorted((SAMPLES / name).glob("*"))[:40]]
DOCUMENTS = [*(case.data for case in CASES), *REAL]
EVENT = b"<event uid='%s' type='a-f-G'><detail><remarks>%s</remarks><track speed='%s' course=''/></detail></event>"
PIECES = (
    b"<!-- a -->", b"<![CDATA[a]]>", b"&amp;", b"&#38;", b"&lt;", b"<a/>", b"<a b='c'/>", b"<b>  </b>", b"\r\n", b">",
    b"</a>", b'"', b"'", b" x='>'", b"<?p q?>", b"\xc2\xa0", b"\xef\xbf\xbf", b"\xef\xbf\xbd", b"<!-- <a> -->", b"\x01",
    b" xmlns='urn:x'", b" xmlns:c='urn:oasis:names:tc:emergency:cap:1.2'", b"<c:a/>", b"\t", b"\n", b"/", b"<", b"=",
)  # fmt: skip


def as_tree(data: bytes, own: frozenset[str] | None) -> Document | str:
    try:
        return documents.of_element(xml.parse(data, namespaces=own is not None, longest=LONGEST), own)
    except Rejected as error:
        return str(error)


def by_plan(reader: Reader, data: bytes) -> Document | str:
    try:
        return reader.read(data)
    except Rejected as error:
        return str(error)


def known(reader: Reader, data: bytes) -> None:
    for _ in range(TIMES):
        by_plan(reader, data)


def same(data: bytes, own: frozenset[str] | None, reader: Reader) -> None:
    """Compare both ways, the order of leaves included; after the first times there may be a plan."""
    expected = as_tree(data, own)
    for found in [by_plan(reader, data) for _ in range(TIMES)]:
        assert found == expected
        if isinstance(found, Document) and isinstance(expected, Document):
            assert [*found.leaves] == [*expected.leaves]


@pytest.mark.parametrize("own", [None, CAP], ids=["names as written", "names by namespace"])
@pytest.mark.parametrize("case", CASES, ids=label)
def test_a_case_reads_the_same_by_plan_and_as_a_tree(case: Case, own: frozenset[str] | None) -> None:
    same(case.data, own, Reader(own, LONGEST))


@pytest.mark.parametrize("own", [None, CAP], ids=["names as written", "names by namespace"])
@given(data=st.data())
def test_a_plan_lets_nothing_through_that_a_tree_would_refuse(own: frozenset[str] | None, data: st.DataObject) -> None:
    reader = Reader(own, LONGEST)
    original = data.draw(st.sampled_from(DOCUMENTS))
    known(reader, original)
    changed = data.draw(mutated([original]))
    at = data.draw(st.integers(0, len(changed)))
    with_piece = changed[:at] + data.draw(st.sampled_from((*PIECES, *HOSTILE))) + changed[at:]
    at = data.draw(st.integers(0, len(original)))
    for one in (changed, with_piece, original[:at] + data.draw(st.sampled_from(PIECES)) + original[at:]):
        same(one, own, reader)


@pytest.mark.parametrize(
    "forged",
    [
        b"<a>x<y><b/></y></a>".replace(b"x<y>", b"x>y<"),
        b"<a><b/></a",
        b"<a><b/></a'c>",
        b"<a c='d/></a'><b/></a>",
        b"<a><b/></a><!DOCTYPE a>",
        b"<!DOCTYPE a><a><b/></a>",
        b"<a><b/></a>x",
        b"<a><b/></a>\xc2\xa0",
        b"<a><b/>\xef\xbf\xbf</a>",
        b"<a><b/>\x02</a>",
        b"<a><b/>&b;</a>",
    ],
)
def test_markup_that_only_looks_known_is_refused(forged: bytes) -> None:
    reader = Reader()
    for one in (b"<a><b/></a>", b"<a>x<y><b/></y></a>", b"<a c='d'><b/></a>"):
        known(reader, one)
    with pytest.raises(Rejected):
        reader.read(forged)


def test_quotes_of_the_other_kind_belong_to_the_value() -> None:
    reader = Reader()
    known(reader, b"""<a x="1" y="2"><b/></a>""")
    assert reader.read(b"""<a x="1' y='2"><b/></a>""").leaves["a/@x"] == "1' y='2"
    assert reader.read(b"""<a x='1' y='2'><b/></a>""").leaves == {"a/@x": "1", "a/@y": "2", "a/b": ""}


def test_references_in_known_markup_are_resolved_once() -> None:
    reader = Reader()
    known(reader, EVENT % (b"u", b"x", b"1"))
    for text, meant in ((b"a", "a"), (b"a &amp; b", "a & b"), (b"&amp;lt;", "&lt;"), (b"&lt;b/&gt;", "<b/>")):
        assert reader.read(EVENT % (b"u", text, b"&quot;")).leaves["event/detail/remarks"] == meant


def test_a_known_document_is_not_changed_by_who_read_it() -> None:
    reader = Reader()
    known(reader, EVENT % (b"u", b"a", b"1"))
    first = reader.read(EVENT % (b"u", b"a", b"1"))
    first.leaves.clear()
    assert len(reader.read(EVENT % (b"v", b"b", b"2")).leaves) == 5


def test_made_up_markup_leaves_few_plans_and_little_memory() -> None:
    """lxml would keep every name; expat and the plans keep none but the last."""
    reader = Reader()
    wide = b"".join(b"<n%d/>" % n for n in range(40))
    for n in range(2 * MAX_PLANS):
        known(reader, b"<a%d>%s</a%d>" % (n, wide, n))
    tracemalloc.start()
    try:
        for n in range(300):
            known(reader, b"<b%d>%s</b%d>" % (n, wide, n))
        assert len(reader._plans) == MAX_PLANS
        assert tracemalloc.get_traced_memory()[0] < MAX_PLANS * 20_000
    finally:
        tracemalloc.stop()


def test_a_document_with_too_much_markup_for_a_plan_is_read_as_a_tree() -> None:
    reader = Reader()
    deep = b"<a>" * 60 + b"<b/>" * 1_000 + b"</a>" * 60
    known(reader, deep)
    assert len(reader.read(deep).leaves) == 1_000
    assert not reader._plans
    with pytest.raises(Rejected, match="nested deeper"):
        reader.read(b"<a>" * 70 + b"</a>" * 70)
