"""R-23: every card and every finding in one part of 270 bytes, with all that an officer needs, and what it lost."""

import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.base import Rejected
from adapters.short import SHORT, cards
from schemas import registry
from schemas.acknowledgements import Action, Answer, Receipt, Refusal
from schemas.alerts import Alert, AlertKind, Member, Told
from schemas.base import Message
from schemas.findings import Evidence, Finding, FindingKind, Option, Party
from schemas.operations import Presence
from schemas.time import TimeWindow
from tests.formats.cases import RECEIVED_AT
from tests.formats.test_short import read, sent, text_of

MINUTE = 60_000_000
NAMES = list(typing.get_args(FindingKind))
LONGEST = "XARBATT-ALPHA-COY-SECTOR-NORTH-PATROL-0315-17"  # longer than any id of the vignettes
PLACE = "Kessa bridge, north abutment, river crossing of Route LIME"


def card(kind: str, **more: Any) -> Alert:
    fields: dict[str, Any] = {
        "id": "0123456789abcdef0123456789abcdef", "alert_kind": "conflict", "rev": 12, "material_rev": 3,
        "severity": "Extreme", "urgency": "Immediate", "certainty": "Observed", "place": PLACE, "at": (-27.0, 2.0),
        "members": tuple(
            Member(finding=str(n) * 32, finding_kind=k, severity=s, state="open", sentence="words " * 40)
            for n, (k, s) in enumerate(((kind, "CRITICAL"), ("undecidable", "LOW")))
        ),
        "parties": (LONGEST, LONGEST.replace("XAR", "XBL"), "ocha-cmc"), "arbiter": "sector-north-hq",
        "told": (Told(participant="xar-batt", since=RECEIVED_AT, due=RECEIVED_AT + 15 * MINUTE),
                 Told(participant="xbl-batt", since=RECEIVED_AT, due=RECEIVED_AT + 2 * MINUTE),
                 Told(participant="joc", since=RECEIVED_AT, due=RECEIVED_AT, acknowledged_at=RECEIVED_AT)),
        "event_from": RECEIVED_AT + 60 * MINUTE, "event_to": RECEIVED_AT + 90 * MINUTE,
        "headline": "Conflict at Kessa bridge: " + "a closure and a movement " * 9, "next_step": "Acknowledge",
    }  # fmt: skip
    return Alert(**{**fields, **more})


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("reality", ["real", "exercise"])
def test_a_card_of_every_kind_fits_into_one_part_with_all_that_an_officer_needs(kind: str, reality: Any) -> None:
    alert = card(kind)
    written = SHORT.encode([sent(alert, id=alert.id, reality=reality)], {})
    (line,) = written.data.decode().splitlines()
    assert len(line.encode()) <= 270
    assert line.isascii()
    found = cards.parse(line.encode())
    assert (found.head, found.id, found.revision) == ("ALERT", alert.id, alert.rev)
    assert (found.severity, found.kind) == ("EXTREME", kind)
    assert (found.earliest, found.deadline) == (alert.event_from, RECEIVED_AT + 2 * MINUTE)
    assert found.reply == f"ACK {alert.id}:12"
    assert [party.rstrip("~") in full for party, full in zip(found.parties, alert.parties, strict=False)] == [
        True,
        True,
    ]
    assert ("E", "1") in found.others  # one more party
    assert found.place.rstrip("~") in PLACE and len(found.place) >= 12
    lost = {loss.path.partition(": ")[2] for loss in written.losses}
    assert {"body.parties", "body.headline"} <= lost
    assert not {"body.severity", "body.event_from", "body.rev"} & lost
    (answer,) = read(found.reply)
    assert registry.body(answer) == Action(alert=alert.id, verb="acknowledge", seen_rev=12)


@pytest.mark.parametrize("kind", NAMES)
def test_a_finding_of_every_kind_fits_into_one_part(kind: Any) -> None:
    parties = tuple(Party(id=name, what="closure") for name in (LONGEST, LONGEST.replace("XAR", "XBL")))
    window = TimeWindow.exact(RECEIVED_AT, RECEIVED_AT + MINUTE)
    finding = Finding(
        id="0123456789abcdef0123456789abcdef", finding_kind=kind, severity="CRITICAL", certainty="definite",
        state="resolved-if-acknowledged", parties=parties,
        evidence=Evidence(place=PLACE, overlap=window, distance_m=1.5),
        arbiter="sector-north-hq", waits_for=("xar-batt", "xbl-batt"), sentence="words " * 60,
        options=(Option(option="liaison", party="", who="xbl-batt"),),
    )  # fmt: skip
    written = SHORT.encode([sent(finding, id=finding.id, revision=4)], {})
    (line,) = written.data.decode().splitlines()
    assert len(line.encode()) <= 270
    found = cards.parse(line.encode())
    assert (found.id, found.revision, found.kind, found.severity) == (finding.id, 4, kind, "CRITICAL")
    assert (found.state, found.earliest) == ("resolved-if-acknowledged", RECEIVED_AT)
    assert [p.rstrip("~") in full.id for p, full in zip(found.parties, parties, strict=True)] == [True, True]
    assert found.reply.startswith("settle with")
    assert "body.options[].option" in {loss.path.partition(": ")[2] for loss in written.losses}


@pytest.mark.parametrize("kind", typing.get_args(AlertKind))
def test_a_notice_of_every_kind_is_read_again_as_it_was_meant(kind: str) -> None:
    alert = card("caveat", alert_kind=kind, members=(), parties=(), about="xar-batt", place="KESSA", headline="short")
    found = cards.parse(text_of(sent(alert, id=alert.id)).encode())
    assert (found.kind, found.parties, found.place, found.words) == (kind, ("xar-batt",), "KESSA", "short")
    assert found.at == (-27.0, 2.0)


@given(
    names_=st.lists(st.text(min_size=1, max_size=200), min_size=1, max_size=6), place=st.text(max_size=200),
    words_=st.text(max_size=300), kind=st.sampled_from(NAMES),
)  # fmt: skip
def test_no_name_is_so_long_that_a_card_does_not_fit(names_: list[str], place: str, words_: str, kind: str) -> None:
    alert = card(kind, parties=tuple(names_), place=place, headline=words_, arbiter="", rev=999_999)
    try:
        line = text_of(sent(alert, id=alert.id)).strip()
    except UnicodeEncodeError:
        return  # half a surrogate is no text, and cannot have come over the bus
    assert len(line.encode()) <= 270
    found = cards.parse(line.encode())
    assert (found.id, found.kind, found.reply) == (alert.id, kind, f"ACK {alert.id}:999999")


def test_a_card_that_is_settled_asks_for_nothing() -> None:
    alert = card("caveat", work="resolved")
    found = cards.parse(text_of(sent(alert, id=alert.id)).encode())
    assert (found.state, found.reply) == ("resolved", "")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (Receipt(answers=(Answer(input="i", ids=("XAR-1:1", "XAR-2:1"), losses=2),)), "/IXAR-1:1,XAR-2:1/L2"),
        (
            Refusal(input="i-1", path="field 2 (T)", why="no zone letter", hint="write Z"),
            "/Ffield 2 (T)/Wno zone letter/H",
        ),
        (Presence(participant="xar-batt", state="lost", at=RECEIVED_AT), "PRESENCE xar-batt/Olost/T140700ZMAR27"),
        (Refusal(input="i" * 200, path="p" * 300, why="w" * 900, hint="h" * 900), "~/W"),
    ],
)
def test_what_else_the_bus_says_fits_into_one_part(body: Message, says: str) -> None:
    line = text_of(sent(body, id="r-1")).strip()
    assert says in line
    assert len(line.encode()) <= 270
    assert cards.parse(line.encode()).head


def test_a_card_is_not_read_as_a_message_of_a_participant() -> None:
    with pytest.raises(Rejected, match="send ACK"):
        read(text_of(sent(card("caveat"), id="0" * 32)))
