"""What is taken out of a message, and what is left."""

import json
from typing import Any

import msgspec
import pytest

from coordinator.core.redact import redact
from schemas import registry
from schemas.base import Message
from schemas.directives import Vehicles
from schemas.label import Label
from schemas.notices import MovementNotice
from schemas.reports import TextMessage
from tests.support.released import Office, order, unit


@pytest.fixture
def office() -> Office:
    return Office()


def redacted(message: Message, *labelled: str, withheld: tuple[tuple[str, ...], ...] = (), **fields: Any) -> Any:
    """What is left for a reader that is cleared for none of these fields, as JSON."""
    labels = {p: Label(releasable_to=()) for p in labelled}
    data = registry.encode(registry.pack(message, id="m", originator="sn-hq", field_labels=labels, **fields))
    result = redact(data, dict.fromkeys(labelled, False), withheld)
    return json.loads(result) if result else None


TWO = order(vehicles=(Vehicles(type="truck", count=7), Vehicles(type="crane", count=9, load_class=60)), task="7 trucks")


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("vehicles[*].count", [{"type": "truck"}, {"type": "crane", "load_class": 60}]),
        ("vehicles.count", [{"type": "truck"}, {"type": "crane", "load_class": 60}]),
        ("$.body.vehicles[0].count", [{"type": "truck"}, {"type": "crane", "count": 9, "load_class": 60}]),
        ("vehicles[0]", [{"type": "crane", "count": 9, "load_class": 60}]),
        ("/vehicles/1", [{"type": "truck", "count": 7}]),
        ("vehicles", None),
        ("vehicles[*]", None),
    ],
)
def test_a_path_takes_out_what_it_leads_to(path: str, left: object) -> None:
    result = redacted(TWO, path)
    assert result["body"].get("vehicles") == left
    assert "field_labels" not in result
    assert "task" not in result["body"]


def test_what_may_repeat_a_field_goes_with_it_and_what_is_unknown_stays() -> None:
    data = msgspec.json.encode(
        {
            "id": "m", "kind": "directive", "originator": "sn-hq", "summary": "70 men", "new": 1,
            "texts": [{"text": "70 men"}], "unmapped": [{"path": "p", "value": "70"}],
            "warnings": [{"code": "c", "path": "strength", "text": "70"}], "source": {"locator": "70"},
            "label": {"raw": "70 men"}, "references": [{"id": "r", "note": "70 men"}],
            "body": {"directive_kind": "frago", "strength": 70, "task": "70 men", "newer": {"x": 1}},
        }
    )  # fmt: skip
    left = json.loads(redact(data, {}, [("strength",)]) or b"")
    assert left == {
        "id": "m", "kind": "directive", "originator": "sn-hq", "new": 1, "references": [{"id": "r"}], "label": {},
        "body": {"directive_kind": "frago", "newer": {"x": 1}},
    }  # fmt: skip


def test_bytes_stay_as_they_are_if_nothing_is_taken_out() -> None:
    data = b'{ "id":"m","kind":"directive","originator":"x",  "body":{"directive_kind":"frago", "task":"7.0"}}'
    assert redact(data, {}, [("strength",)]) is data
    assert redact(data, {"task": True}, []) is data


def test_a_labelled_field_leaves_the_same_whether_it_was_there_or_not() -> None:
    there, absent = redacted(order(strength=9, task="9"), "strength"), redacted(order(), "strength", summary="none")
    assert there == absent


def test_a_message_that_says_nothing_without_a_field_is_not_shown() -> None:
    assert redacted(order(), "directive_kind") is None
    assert redacted(order(), "") is None


def test_a_required_text_becomes_empty() -> None:
    assert redacted(TextMessage(text="x", room="r"), "room")["body"] == {"text": ""}


def test_who_moves_is_not_left_in_the_envelope() -> None:
    assert "unit" not in redacted(MovementNotice(movement_kind="convoy"), "organisation", unit=unit("xar-batt"))


def test_what_is_nested_too_deep_is_not_shown() -> None:
    deep = b"[" * 600 + b"]" * 600
    data = b'{"id":"m","kind":"weather","originator":"x","body":{"a":1,"b":' + deep + b"}}"
    assert redact(data, {"a": False}, []) is None


def test_a_field_label_replaces_the_missions_default(office: Office) -> None:
    labels = {"strength": Label(releasable_to=("ocha-cmc",))}
    everybody = Label(releasable_to=("all",))
    office.record(order(strength=4711), "o", "sn-hq", to=("xar-batt",), label=everybody, field_labels=labels)
    assert b"4711" in office.got("ocha-cmc")
    assert b"4711" not in office.got("xar-batt")
