"""EDXL: what is asked and answered comes back; an envelope hands on what it carries and opens no envelope in it."""

import base64
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Context, Rejected, Translation
from adapters.cap import CAP
from adapters.edxl import EDXL, Edxl
from schemas import registry
from schemas.base import Message
from schemas.envelope import Contact, Envelope, Reference
from schemas.geo import Circle, Position
from schemas.liaison import Item, LiaisonRequest, LiaisonResponse
from schemas.notices import Cancellation, HazardNotice
from schemas.reports import Section, SituationReport
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import RECEIVED_AT, read
from tests.formats.test_cap import alert

CONTEXT = Context(participant="xar-batt", received_at=RECEIVED_AT)

words = st.text("abcdefghij éñKLM", min_size=1, max_size=40).map(lambda t: " ".join(t.split())).filter(bool)
names = st.from_regex(r"[A-Z]{3,8}", fullmatch=True)
seconds = st.integers(-10_000_000, 10_000_000).map(lambda n: TimeValue(utc=RECEIVED_AT + n * 1_000_000))
items = st.lists(
    st.builds(Item, ref=names, name=words, quantity=st.integers(0, 9_999).map(float), unit=names, restrictions=words),
    min_size=1, max_size=3, unique_by=lambda i: i.ref,
).map(tuple)  # fmt: skip
requests = st.builds(
    LiaisonRequest, request_kind=st.just("resource"), subject=words, purpose=words, need_by=seconds, items=items,
    contact=st.builds(Contact, role=words, radio=st.just("34.55")),
)  # fmt: skip
responses = st.tuples(items, st.sampled_from(("accept", "decline", "provisional")), words, names).map(
    lambda r: LiaisonResponse(
        request=Reference(id=r[3]), decision=r[1], items=tuple(i.ref for i in r[0]), reason=r[2], offered=r[0]  # type: ignore[arg-type]  # one of the words
    )
)  # fmt: skip
reports = st.tuples(seconds, words, st.lists(words, max_size=3), names).map(
    lambda r: SituationReport(
        period=TimeWindow.between(r[0], TimeValue(utc=(r[0].utc or 0) + 86_400_000_000)), report_no=r[1],
        location=Position(lat=2.05, lon=-26.95), incidents=(r[3],),
        sections=tuple(Section(key="operations", title="OPS", text=t) for t in r[2]),
    )
)  # fmt: skip


def _packed(body: Message, **fields: Any) -> Envelope:
    return registry.pack(body, **{"id": "XAR-1", "originator": "xar-batt", "received_at": RECEIVED_AT, **fields})


@given(body=requests | responses | reports)
def test_what_was_written_is_read_back(body: Message) -> None:
    sent = _packed(body)
    written = EDXL.encode([sent], {})
    (back,) = EDXL.decode(written.data, CONTEXT).messages
    assert not written.losses, written.data.decode()
    assert (back.id, back.kind) == (sent.id, sent.kind)


@given(first=requests, second=requests)
def test_several_go_into_one_envelope(first: LiaisonRequest, second: LiaisonRequest) -> None:
    hazard = HazardNotice(hazard_kind="range", area=Circle(centre=Position(lat=2, lon=-27), radius_m=50))
    sent = [_packed(first, id="A"), _packed(second, id="B"), _packed(hazard, id="C")]
    back = EDXL.decode(EDXL.encode(sent, {}).data, CONTEXT).messages
    assert [(m.id, m.kind) for m in back] == [("A", "liaison-request"), ("B", "liaison-request"), ("C", "hazard")]


def test_a_withdrawal_recalls_the_message() -> None:
    sent = _packed(Cancellation(), kind="liaison-request", status="cancel", revision=2)
    (back,) = EDXL.decode(EDXL.encode([sent], {}).data, CONTEXT).messages
    assert (back.key, back.status, back.kind) == ("XAR-1:2", "cancel", "liaison-request")


def test_what_is_asked_besides_things_says_so_as_a_loss() -> None:
    sent = _packed(LiaisonRequest(request_kind="escort", subject="Convoy to KESSA"))
    assert any(loss.path.endswith("body.request_kind") for loss in EDXL.encode([sent], {}).losses)


def test_what_cannot_be_written_is_refused() -> None:
    sent = _packed(LiaisonRequest(request_kind="escort", subject="a"), kind="agreement")
    with pytest.raises(Rejected):
        EDXL.encode([sent], {})


# -- envelopes --------------------------------------------------------------------------------------------------------

DE = (
    '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><distributionID>D</distributionID>'
    "<senderID>s@sando.example</senderID><dateTimeSent>2027-03-14T06:05:00-00:00</dateTimeSent>"
    "<distributionStatus>{status}</distributionStatus><distributionType>Report</distributionType>"
    "<combinedConfidentiality>{label}</combinedConfidentiality>{content}</EDXLDistribution>"
)
OBJECT = "<contentObject><xmlContent><embeddedXMLContent>{}</embeddedXMLContent></xmlContent></contentObject>"


def envelope(content: str, status: str = "Actual", label: str = "UNCLASSIFIED") -> bytes:
    return DE.format(content=content, status=status, label=label).encode()


def test_the_content_of_an_exercise_is_an_exercise_whatever_it_says() -> None:
    found = EDXL.decode(envelope(OBJECT.format(alert().decode()), status="Exercise"), CONTEXT)
    assert [m.reality for m in found.messages] == ["exercise"]
    inside = alert().replace(b"<status>Actual", b"<status>Test").decode()
    found = EDXL.decode(envelope(OBJECT.format(inside)), CONTEXT)
    assert [m.reality for m in found.messages] == ["test"]


def test_the_marking_of_an_envelope_holds_for_what_says_nothing_itself() -> None:
    found = EDXL.decode(envelope(OBJECT.format(alert().decode()), label="UN CONFIDENTIAL REL TO XAR"), CONTEXT)
    assert found.messages[0].label.releasable_to == ("XAR",)
    closed = alert().replace(b"<scope>Public</scope>", b"<scope>Private</scope><addresses>xbl</addresses>").decode()
    found = EDXL.decode(envelope(OBJECT.format(closed), label="UNCLASSIFIED REL TO XAR"), CONTEXT)
    assert found.messages[0].label.releasable_to == ("xbl",)


def test_the_way_to_open_a_content_is_handed_in() -> None:
    seen: list[bytes] = []

    def opener(data: bytes, context: Context) -> Translation:
        seen.append(data)
        return CAP.decode(data, context)

    content = f"<contentObject><nonXMLContent><mimeType>a/b</mimeType><contentData>{base64.b64encode(alert()).decode()}"
    adapter = Edxl(opener, lambda m: b"")
    found = adapter.decode(envelope(f"{content}</contentData></nonXMLContent></contentObject>"), CONTEXT)
    assert seen == [alert()]
    assert [m.kind for m in found.messages] == ["hazard"]


DEEP = envelope(OBJECT.format(envelope(OBJECT.format(alert().decode())).decode()))
HOSTILE = {
    "too many contents": envelope(OBJECT.format("<a/>") * 300),
    "a bad alert in it": envelope(OBJECT.format(alert(area="<circle>99,0 1</circle>").decode())),
    "a DOCTYPE": b"<!DOCTYPE a>" + DEEP,
    "a DOCTYPE in base64": envelope(
        "<contentObject><nonXMLContent><contentData>"
        + base64.b64encode(b"<!DOCTYPE a>" + alert()).decode()
        + "</contentData></nonXMLContent></contentObject>"
    ),
    "a status of its own": envelope("", status="Maybe"),
    "another format": alert(),
    "nested as deep as a megabyte holds": b'<sitRep xmlns="urn:oasis:names:tc:emergency:EDXL:SitRep:1.0">' * 15_000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_at_once_with_where_why_and_how_to_mend_it(what: str) -> None:
    began = time.process_time()
    found = read("edxl", HOSTILE[what])
    assert time.process_time() - began < 1.0
    assert isinstance(found, Rejected), what
    assert all((found.path, found.why, found.hint)), found
    assert len(str(found)) < 2_000


def test_an_envelope_in_an_envelope_stays_shut_and_is_listed() -> None:
    found = EDXL.decode(DEEP, CONTEXT)
    assert [m.kind for m in found.messages] == ["message"]
    assert any(w.code == "content-shut" for w in found.warnings)
    assert any("embeddedXMLContent" in loss.path for loss in found.losses)


@pytest.mark.parametrize("decision", ["propose", "agree", "object"])
def test_what_is_said_in_a_session_is_no_answer_of_this_format(decision: Any) -> None:
    body = LiaisonResponse(request=Reference(id="LN-1"), decision=decision, proposal="P2", version=1)
    with pytest.raises(Rejected, match="none of them can be EDXL"):
        EDXL.encode([_packed(body)], {})
    asked = _packed(LiaisonRequest(request_kind="resource", subject="Water"), id="A")
    [lost] = [x for x in EDXL.encode([asked, _packed(body)], {}).losses if x.value == "liaison-response"]
    assert "session" in lost.why
