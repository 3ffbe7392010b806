"""The messages of the first vignette that come as e-mail and as tables, read as their senders meant them."""

from datetime import UTC, datetime

import msgspec

from adapters.base import Translation
from adapters.times import micros
from schemas import registry
from schemas.envelope import Envelope
from schemas.notices import MovementNotice, RouteState
from tests.formats.cases import FOLDER, Case


def message(adapter: str, name: str) -> Envelope:
    found = Case(adapter, FOLDER / adapter / name).read()
    assert isinstance(found, Translation)
    (only,) = found.messages
    return only


def movement(adapter: str, name: str) -> MovementNotice:
    body = registry.body(message(adapter, name))
    assert isinstance(body, MovementNotice)
    return body


def march(day: int, hour: int, minute: int) -> int:
    return micros(datetime(2027, 3, day, hour, minute, tzinfo=UTC))


def test_the_notice_is_on_its_route_at_its_time_and_keeps_who_moves_to_itself() -> None:
    sent = message("text", "v1_01_humanitarian_notice.eml")
    body = movement("text", "v1_01_humanitarian_notice.eml")
    assert sent.key == "HNS-0314-07:1"
    assert body.route is not None
    (point,) = body.route.points
    assert (body.route.name, point.name, point.position) == ("LIME", "KESSA", None)
    assert point.window is not None
    assert (point.window.start_earliest, point.window.end_latest) == (march(14, 10, 0), march(14, 10, 45))
    assert (body.armed, body.escorted) == (False, False)
    assert set(sent.field_labels) == {"organisation", "drivers", "cargo"}
    assert all(label.releasable_to == () for label in sent.field_labels.values())


def test_the_copy_by_another_gateway_says_the_same() -> None:
    first, copy = (
        message("text", "v1_01_humanitarian_notice.eml"),
        message("text", "v1_04_same_notice_by_another_gateway.eml"),
    )
    assert (first.key, bytes(first.body)) == (copy.key, bytes(copy.body))


def test_french_local_time_is_two_hours_ahead() -> None:
    body = movement("text", "v1_05_patrouille.eml")
    (window,) = body.windows
    assert (window.start_earliest, window.end_latest) == (march(14, 13, 30), march(14, 14, 0))
    assert (body.movement_kind, body.method, body.strength) == ("patrol", "vehicle", 8)
    assert message("text", "v1_05_patrouille.eml").lang == "fr"


def test_the_spanish_table_crosses_before_nine() -> None:
    body = movement("sheet", "v1_06_movimiento.csv")
    (window,) = body.windows
    assert (window.start_earliest, window.end_latest) == (march(14, 8, 30), march(14, 8, 50))
    assert [(v.type, v.count, v.load_class) for v in body.vehicles] == [("truck", 2, 20)]


def test_the_bridge_is_rerated_under_the_same_name() -> None:
    before, after = message("sheet", "v1_02_bridge.csv"), message("sheet", "v1_16_rerated_bridge.csv")
    assert (before.id, before.revision, after.id, after.revision) == ("XCO-BR-11", 1, "XCO-BR-11", 2)
    now = registry.body(after)
    assert isinstance(now, RouteState)
    assert (now.load_class, now.trafficable, now.one_at_a_time) == (40, "caution", True)
    assert now.speed_limit_mps == 2.778


def test_reading_depends_on_nothing_but_bytes_and_context() -> None:
    case = Case("text", FOLDER / "text" / "v1_05_patrouille.eml")
    later = msgspec.structs.replace(case.context, received_at=case.context.received_at + 3_600_000_000)
    one, two = case.reader.decode(case.data, case.context), case.reader.decode(case.data, later)
    assert [bytes(m.body) for m in one.messages] == [bytes(m.body) for m in two.messages]
