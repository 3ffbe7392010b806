"""What the adapter of C2SIM promises beyond its cases: no time is made up, no credential leaves, ids differ."""

import time

import msgspec
import pytest
from lxml import etree

from adapters.base import Context, Rejected, Translation
from adapters.c2sim import C2SIM, moments, tables
from adapters.c2sim.frame import MADE
from schemas import registry
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Dependency, Directive
from schemas.envelope import Envelope, Reference, UnitRef, Unmapped
from schemas.geo import Circle, Named, Position
from schemas.liaison import LiaisonResponse
from schemas.reports import PositionReport, TextMessage
from schemas.time import TimeValue, TimeWindow
from tests.formats.cases import FOLDER, RECEIVED_AT, read

NS = "http://www.sisostds.org/schemas/C2SIM/1.1"
BEARER = "eyJhbGciOiJub25lIn0.c2VjcmV0.x"
TASK = "00000000-0007-0700-1000-000000000001"
PLACE = (
    "<Location><GeodeticCoordinate><Latitude>2.0</Latitude><Longitude>-27.0</Longitude></GeodeticCoordinate></Location>"
)
WHERE = Position(lat=2.0, lon=-27.0)


def document(body: str, sending: str = "", uri: str = NS, header: str = "") -> bytes:
    sent = f"<SendingTime>{sending}</SendingTime>" if sending else ""
    return (
        f'<Message xmlns="{uri}"><C2SIMHeader>{header}<MessageID>M-1</MessageID>{sent}</C2SIMHeader><MessageBody>'
        f"<DomainMessageBody>{body}</DomainMessageBody></MessageBody></Message>"
    ).encode()


def order(inner: str = "<TaskActionCode>MOVE</TaskActionCode>", **more: str) -> bytes:
    task = f"<Task><ManeuverWarfareTask>{PLACE}<UUID>{TASK}</UUID>{inner}</ManeuverWarfareTask></Task>"
    return document(f"<OrderBody><OrderID>O-1</OrderID>{task}</OrderBody>", **more)


def translated(data: bytes, received_at: int = RECEIVED_AT, zone: str = "") -> Translation:
    return C2SIM.decode(data, Context(participant="xar-batt", received_at=received_at, zone=zone))


def only(data: bytes, received_at: int = RECEIVED_AT, zone: str = "") -> Envelope:
    (message,) = translated(data, received_at, zone).messages
    return message


def directive(data: bytes, **more: int) -> Directive:
    body = registry.body(only(data, **more))
    assert isinstance(body, Directive)
    return body


def sent(body: Directive | PositionReport | Acknowledgement | LiaisonResponse, identity: str = TASK) -> Envelope:
    return registry.pack(body, id=identity, originator="xar-batt", received_at=RECEIVED_AT)


def written(*messages: Envelope) -> etree._Element:
    return etree.fromstring(C2SIM.encode(messages, {}).data)


def texts(root: etree._Element, name: str) -> list[str]:
    return [element.text or "" for element in root.iter(f"{{{NS}}}{name}")]


# -- times ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("received_at", [0, RECEIVED_AT, RECEIVED_AT + 86_400_000_000])
def test_a_placeholder_is_never_now(received_at: int) -> None:
    start = "<StartTime><DateTime><IsoDateTime>0000-00-00T00:00:00Z</IsoDateTime></DateTime></StartTime>"
    (window,) = directive(order(start), received_at=received_at).windows
    assert window == TimeWindow(start=TimeValue(raw="0000-00-00T00:00:00Z", quality="placeholder"))


def test_ten_minutes_of_the_year_0000_are_ten_minutes_after_h_hour() -> None:
    start = "<StartTime><DateTime><IsoDateTime>0000-00-00T00:10:00Z</IsoDateTime></DateTime></StartTime>"
    (window,) = directive(order(start)).windows
    assert window.start is not None
    assert window.start.relative is not None
    assert (window.start.utc, window.start.relative.event, window.start.relative.offset_s) == (None, "H-HOUR", 600)


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("P00Y00M00DT00H00M60S", 60), ("P00Y00M01DT25H61M61S", 180_121), ("PT1H", 3600), ("P2D", 172_800),
        ("PT0.5S", 0.5), ("PT0,5S", 0.5), ("-PT5M", -300), ("P00Y00M00DT00H00M00S", 0), (" PT5M ", 300),
        ("P01Y00M00DT00H00M00S", None), ("P00Y01M00DT00H00M00S", None), ("P", None), ("PT", None), ("5 min", None),
        ("", None), ("PT9999999S", None), ("PT5M5H", None), ("P1Dgarbage", None),
    ],
)  # fmt: skip
def test_the_parts_of_a_duration_are_summed_and_months_have_no_length(written: str, length: float | None) -> None:
    assert moments.seconds(written) == length


@pytest.mark.parametrize(
    ("offset_s", "text"),
    [(0, "P00Y00M00DT00H00M00S"), (180_061, "P00Y00M02DT02H01M01S"), (-1, ""), (0.5, ""), (8_640_000, "")],
)
def test_a_duration_is_written_in_the_form_of_the_standard_or_not_at_all(offset_s: float, text: str) -> None:
    assert moments.written(offset_s) == text
    assert not text or moments.seconds(text) == offset_s


@pytest.mark.parametrize(
    ("sending", "received", "zone", "quality", "offset_s"),
    [
        ("2027-03-14T06:59:58Z", RECEIVED_AT, "", "exact", 2.0),
        ("2027-03-14 06:59:58,500", RECEIVED_AT, "", "zone_inferred", 1.5),  # the zone of receipt: UTC
        ("2027-03-14 10:59:58,500", RECEIVED_AT, "", "zone_inferred", 1.5),  # four hours east
        ("2027-03-14 10:59:58,500", RECEIVED_AT, "D", "zone_inferred", 1.5),  # the mission's zone says the same
        ("2027-03-14 10:59:58,500", RECEIVED_AT, "Z", "zone_inferred", -14_398.5),
        ("2027-03-14 06:29:58,500", RECEIVED_AT, "", "unknown", None),  # half an hour off: no whole zone
        ("2027-03-12 06:59:58,500", RECEIVED_AT, "", "unknown", None),
        ("2027-03-14 06:59:58,500", 0, "", "unknown", None),
        ("0000-00-00T00:00:00Z", RECEIVED_AT, "", "placeholder", None),
    ],
)
def test_a_sending_time_is_kept_and_only_measured(
    sending: str, received: int, zone: str, quality: str, offset_s: float | None
) -> None:
    message = only(order(sending=sending), received, zone)
    assert message.created is not None
    assert message.source is not None
    assert (message.created.raw, message.created.quality) == (sending, quality)
    assert message.source.clock_offset_s == offset_s
    assert any(w.path.endswith("SendingTime") for w in message.warnings) == (quality != "exact")


# -- credentials ------------------------------------------------------------------------------------------------------


def test_credentials_are_neither_carried_nor_sent_on() -> None:
    data = (FOLDER / "c2sim" / "credentials_are_withheld.xml").read_bytes()
    assert data.count(BEARER.encode()) == 2
    found = translated(data)
    assert BEARER not in repr(found)
    assert {loss.value for loss in found.losses if "Authorization" in loss.path} == {"(withheld)"}
    assert not any(leaf.value == "(withheld)" for message in found.messages for leaf in message.unmapped)
    originals = {m.source.sha256: data for m in found.messages if m.source}
    again = C2SIM.encode(found.messages, originals)
    assert BEARER.encode() not in again.data
    assert b"Authorization" not in again.data
    assert BEARER not in repr(again.losses)


@pytest.mark.parametrize("cut", range(250, 1500, 50))
def test_a_refusal_does_not_repeat_credentials(cut: int) -> None:
    data = (FOLDER / "c2sim" / "credentials_are_withheld.xml").read_bytes()
    found = read("c2sim", data[:cut])
    assert isinstance(found, Rejected)
    assert BEARER[:20] not in str(found)


def test_words_that_only_look_like_credentials_are_carried() -> None:
    assert directive(order("<Name>basic training</Name>")).serial == "basic training"


# -- ids --------------------------------------------------------------------------------------------------------------


def test_one_message_id_with_two_contents_gives_two_ids() -> None:
    first, second = only(order()), only(order("<TaskActionCode>PATROL</TaskActionCode>"))
    assert first.id != second.id
    assert [MADE.fullmatch(m.id)[1] for m in (first, second)] == ["M-1", "M-1"]  # type: ignore[index]  # both match


def test_the_same_content_sent_again_keeps_its_id() -> None:
    again = order(sending="2027-03-14T06:59:58Z").replace(b"<Task>", b"\n  <Task>")
    prefixed = order().replace(b"<", b"<c:").replace(b"<c:/", b"</c:").replace(b"xmlns=", b"xmlns:c=")
    assert only(order()).id == only(again).id == only(prefixed).id


def test_tasks_of_one_order_refer_to_it_and_to_each_other() -> None:
    data = (FOLDER / "c2sim" / "one_task_waits_for_another.xml").read_bytes()
    messages = translated(data).messages
    (parent,) = {m.references for m in messages}
    assert all(m.id.startswith(parent[0].id + "/") for m in messages)
    needs = [d.task for m in messages for d in getattr(registry.body(m), "dependencies", ())]
    assert needs.count(messages[0].id) == 2
    assert needs.count(messages[1].id) == 1


def test_an_answer_to_what_was_written_names_it() -> None:
    ours = sent(Directive(directive_kind="opord", action="move", action_code="MOVE"), "XAR-FRAGO-1")
    (number,) = texts(written(ours), "MessageID")
    reply = f"<InReplyToMessageID>{number}</InReplyToMessageID>"
    answer = document("<AcknowledgementBody><AcknowledgeTypeCode>ACKRCVD</AcknowledgeTypeCode></AcknowledgementBody>",
                      header=reply)  # fmt: skip
    said = registry.body(only(answer))
    assert isinstance(said, Acknowledgement)
    assert said.of.id == ours.id


# -- dialects and codes -----------------------------------------------------------------------------------------------


def test_every_dialect_gives_the_same_directive() -> None:
    time_ = "2027-03-14T09:00:00Z"
    modern = order(f"<StartTime><DateTime><IsoDateTime>{time_}</IsoDateTime></DateTime></StartTime>"
                   "<TaskActionCode>MOVE</TaskActionCode>")  # fmt: skip
    flat = modern.replace(b"<DateTime>", b"").replace(b"</DateTime>", b"")
    draft = flat.replace(b"TaskActionCode", b"TaskNameCode").replace(
        b"<GeodeticCoordinate>", b"<Coordinate><GeodeticCoordinate>"
    )
    draft = draft.replace(b"</GeodeticCoordinate>", b"</GeodeticCoordinate></Coordinate>")
    newer = modern.replace(b"C2SIM/1.1", b"C2SIM/2.0.0-cwix2026")
    found = [translated(data) for data in (modern, flat, draft, newer)]
    assert [t.dialect for t in found] == ["1.1", "1.1", "1.1 draft 2019", "2.0.0-cwix2026"]
    assert len({bytes(t.messages[0].body) for t in found}) == 1


def test_the_order_of_elements_does_not_matter() -> None:
    task = f"<TaskActionCode>MOVE</TaskActionCode><UUID>{TASK}</UUID>{PLACE}"
    data = document(
        f"<OrderBody><Task><ManeuverWarfareTask>{task}</ManeuverWarfareTask></Task><OrderID>O-1</OrderID></OrderBody>"
    )
    assert bytes(only(data).body) == bytes(only(order()).body)


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("MOVE", "move"), ("MoveToLocation", "move"), ("RECCE", "patrol"), ("Observe", "observe"),
        ("HoldInPlace", "hold"), ("GUARD", "secure"), ("ESCRT", "escort"), ("DENY", "block"), ("MINSWP", "clear"),
        ("REPAIR", "engineer"), ("REFUEL", "resupply"), ("EVACTN", "medevac"), ("AIRSUP", "air-mission"),
        ("SERCH", "search"), ("INTDCT", "use-of-force"), ("JAM", "comms"), ("PRVHLT", "aid"), ("REINF", "other"),
        ("move", "move"), ("", "other"), ("<!---->", "other"),
    ],
)  # fmt: skip
def test_a_code_becomes_an_action_and_is_kept(code: str, action: str) -> None:
    found = directive(order(f"<TaskActionCode>{code}</TaskActionCode>"))
    assert (found.action, found.action_code) == (action, "" if "<" in code else code)


def test_each_action_is_written_with_a_code_that_is_read_as_that_action() -> None:
    assert all(tables.ACTIONS[code.upper()] == action for action, code in tables.CODES.items())
    assert all(tables.RELATIONS[code] == relation for relation, code in tables.ASSOCIATIONS.items())


# -- writing ----------------------------------------------------------------------------------------------------------


def test_elements_stand_in_the_order_of_the_standard() -> None:
    (task,) = written(sent(Directive(
        directive_kind="opord", action="move", action_code="MOVE", serial="A", constraints="ROEHold, ROETight",
        performers=(UnitRef(id="U-1"), UnitRef(id="U-2")), area=Named(name="G-1"),
        windows=(TimeWindow.exact(RECEIVED_AT, RECEIVED_AT + 10**9),), dependencies=(Dependency(task="T-2"),),
    ))).iter(f"{{{NS}}}ManeuverWarfareTask")  # fmt: skip
    assert [etree.QName(child).localname for child in task] == [
        "ActionTemporalRelationship", "MapGraphicID", "Name", "UUID", "EndTime", "PerformingEntity",
        "PerformingEntity", "StartTime", "TaskActionCode", "RuleOfEngagement", "RuleOfEngagement",
    ]  # fmt: skip


def test_what_has_no_place_is_said() -> None:
    body = Directive(
        directive_kind="frago", action="other", area=Circle(centre=WHERE, radius_m=50.0), exclusive=True,
        dependencies=(Dependency(task="T-2", relation="covered-by"),), performers=(UnitRef(name="2 COY"),),
    )  # fmt: skip
    lost = {loss.path.partition(": ")[2] for loss in C2SIM.encode([sent(body)], {}).losses}
    assert lost >= {"body.directive_kind", "body.area.radius_m", "body.exclusive", "body.performers[0].name"}
    assert any(path.startswith("body.dependencies") for path in lost)


def test_a_document_holds_orders_or_reports_and_the_others_are_losses() -> None:
    task = sent(Directive(directive_kind="opord"))
    at = sent(PositionReport(subject=UnitRef(id="U-1"), position=WHERE, at=TimeValue(utc=RECEIVED_AT)), "P-1")
    both = C2SIM.encode([task, at], {})
    assert [m.kind for m in translated(both.data).messages] == ["directive"]
    assert [loss.value for loss in both.losses if loss.path == at.key] == ["position"]


def test_a_step_that_has_no_code_is_written_as_less_and_said() -> None:
    wilco = sent(Acknowledgement(of=Reference(id="M-7"), step="wilco"), "A-1")
    encoded = C2SIM.encode([wilco], {})
    assert texts(etree.fromstring(encoded.data), "AcknowledgeTypeCode") == ["ACKRCVD"]
    assert "A-1:1: body.step" in {loss.path for loss in encoded.losses}


@pytest.mark.parametrize(
    "message",
    [
        sent(LiaisonResponse(request=Reference(id="M-7"), decision="clarify"), "A-1"),
        registry.pack(TextMessage(text="a"), id="A", originator="xar-batt"),
    ],
)
def test_what_has_no_code_at_all_is_refused(message: Envelope) -> None:
    with pytest.raises(Rejected):
        C2SIM.encode([message], {})


def test_leaves_go_back_only_to_places_that_can_be() -> None:
    """A message may come with any paths: none of them breaks the document or fills the memory."""
    first = only(order())
    header = "Message/C2SIMHeader/"
    odd = ["../..", "", "a b", "OrderBody/<x>", header + "@a:b", header + "ReplyToSystem[9999]", header + "a/" * 90,
           header + "@x/y", header + "ReplyToSystem"]  # fmt: skip
    unmapped = tuple(Unmapped(path=path, value="v") for path in odd)
    encoded = C2SIM.encode([msgspec.structs.replace(first, unmapped=unmapped)], {})
    root = etree.fromstring(encoded.data)
    assert texts(root, "ReplyToSystem") == ["v"]
    assert sum(loss.value == "v" for loss in encoded.losses) == len(odd) - 1


def test_a_leaf_that_would_make_a_document_unreadable_is_left_out_and_said() -> None:
    odd = Unmapped(path="Message/MessageBody/DomainMessageBody/OrderBody/Task/ManeuverWarfareTask/Route/RouteLocation"
                   "/GeodeticCoordinate/Longitude", value="-27.0")  # fmt: skip
    encoded = C2SIM.encode([msgspec.structs.replace(only(order()), unmapped=(odd,))], {})
    assert directive(encoded.data).area == directive(order()).area
    assert [loss.value for loss in encoded.losses] == ["-27.0"]


def test_an_order_in_the_header_orders_nothing() -> None:
    inside = "<OrderBody><Task><UUID>T-9</UUID></Task></OrderBody>"
    assert [m.kind for m in translated(order(header=inside)).messages] == ["directive"]
    assert only(order(header=inside)).id.endswith(TASK)
    with pytest.raises(Rejected, match="no body"):
        translated(document("", header=inside))


# -- hostile ----------------------------------------------------------------------------------------------------------


def test_an_order_of_thousands_of_tasks_is_read_in_time_that_grows_with_it() -> None:
    tasks = "".join(
        f"<Task><ManeuverWarfareTask>{PLACE}<UUID>T-{n}</UUID><StartTime><RelativeTime><EventReference>T-{n - 1}"
        "</EventReference></RelativeTime></StartTime></ManeuverWarfareTask></Task>" for n in range(3_000)
    )  # fmt: skip
    data = document(f"<OrderBody>{tasks}</OrderBody>")
    began = time.process_time()
    found = translated(data)
    assert len(found.messages) == 3_000
    assert time.process_time() - began < 5.0


HOSTILE = {
    "a DOCTYPE": b'<!DOCTYPE Message [<!ENTITY a "b">]>' + order(),
    "too many tasks": document("<OrderBody>" + "<Task><UUID>a</UUID></Task>" * 6_000 + "</OrderBody>"),
    "nested too deep": document("<OrderBody>" + "<a>" * 80 + "</a>" * 80 + "</OrderBody>"),
    "a latitude that is no number": order().replace(b">2.0<", b">NaN<"),
    "a latitude of other digits": order().replace(b">2.0<", ">\u0662<".encode()),
    "a truncated order": order()[:200],
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=list(HOSTILE))
def test_it_is_refused_at_once(data: bytes) -> None:
    began = time.process_time()
    found = read("c2sim", data)
    assert time.process_time() - began < 1.5
    assert isinstance(found, Rejected)
    assert all((found.path, found.why, found.hint)), found
    assert len(str(found)) < 2_000
