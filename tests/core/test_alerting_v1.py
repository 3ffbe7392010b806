"""The first vignette, step by step, as the duty officers see it: one card, five findings, one late, one lost."""

from itertools import permutations

import pytest
from msgspec.structs import replace

from schemas.findings import Evidence, Finding, Party
from tests.support.desk import Desk, make_evidence, make_finding, z

CLOSURE = Party(id="SN-FRAGO-03-017", issuer="sn-hq", units=("xar-batt",))
CONVOY = Party(id="HNS-0314-07", issuer="ocha-cmc")
ESCORT = Party(id="SC-FRAGO-03-022", issuer="sc-hq", units=("xbl-batt",))
BRIDGE = Party(id="XCO-BR-11")
WATER = Party(id="XBL-MOV-0314-3", issuer="xbl-batt", units=("xbl-batt",))
NORTH, CENTRE, OCHA, FHQ = ("sn-hq", "xar-batt"), ("sc-hq", "xbl-batt"), ("ocha-cmc",), ("fhq-u3",)

NAMES = [
    dict(zip(("C1", "C2", "C3", "C4", "C5"), order, strict=True))
    for order in list(permutations(("f1", "f2", "f3", "f4", "f5")))[::17]
]


def vignette(name: dict[str, str]) -> dict[str, Finding]:
    """The five findings, under names that sort in any order."""
    rows = {
        "C1": (CLOSURE, ESCORT, make_evidence("141000", "141100"), "HIGH", (*NORTH, *CENTRE, *FHQ)),
        "C2": (CLOSURE, CONVOY, make_evidence("141000", "141045"), "HIGH", (*NORTH, *OCHA, *FHQ)),
        "C3": (ESCORT, CONVOY, make_evidence("141000", "141045"), "HIGH", (*CENTRE, *OCHA, *FHQ)),
        "C4": (ESCORT, BRIDGE, make_evidence("141000", "141100"), "HIGH", (*CENTRE, *FHQ)),
        "C5": (CLOSURE, WATER, make_evidence("141200", "141220"), "MEDIUM", (*NORTH, "xbl-batt", *FHQ)),
    }
    first = {"C2": "140405", "C5": "140530"}
    return {
        key: make_finding(
            name[key],
            parties=(a, b),
            evidence=evidence,
            severity=severity,
            told=told,
            first_at=z(first.get(key, "140510")),
        )
        for key, (a, b, evidence, severity, told) in rows.items()
    }


@pytest.mark.parametrize("name", NAMES, ids=lambda n: "".join(n.values()))
def test_the_first_vignette_is_one_card_from_first_to_last(name: dict[str, str]) -> None:
    desk, found = Desk(), vignette(name)

    desk.finding("140405", found["C2"])
    assert [t.participant for t in desk.card.told] == ["fhq-u3", "ocha-cmc", "sn-hq", "xar-batt"]
    assert (desk.card.severity, desk.card.urgency, desk.card.certainty) == ("Severe", "Future", "Likely")
    assert (desk.card.work, desk.card.owner, desk.card.arbiter) == ("raised", "fhq-u3", "fhq-u3")
    assert {t.due for t in desk.card.told} == {z("140420")}
    for who in ("sn-hq", "xar-batt", "ocha-cmc", "fhq-u3"):
        desk.act("140412", who, desk.card)
    assert (desk.card.work, desk.card.owner) == ("acknowledged", "sn-hq")

    for key in ("C1", "C3", "C4"):
        desk.finding("140510", found[key])
    assert len(desk.card.members) == 4
    assert desk.card.work == "raised"
    desk.act("140512", "sc-hq", desk.card)
    assert desk.told("xbl-batt").due == z("140525")
    assert desk.told("sn-hq").acknowledged_at == z("140412")
    assert not desk.of_kind("late-acknowledgement")

    desk.until("140525")
    (late,) = desk.of_kind("late-acknowledgement")
    assert (late.about, [t.participant for t in late.told], late.severity) == ("xbl-batt", ["fhq-u3"], "Severe")
    assert (late.card, late.text_key) == (desk.card.id, "late-acknowledgement-call")
    assert desk.told("xbl-batt").late
    assert desk.card.escalation == 1

    desk.finding("140530", found["C5"])
    assert len(desk.card.members) == 5
    assert desk.told("sn-hq").acknowledged_at == z("140412")
    assert desk.told("xbl-batt").due == z("140525")

    desk.presence("140540", "xbl-batt", "lost")
    assert desk.told("xbl-batt").unreachable
    assert not desk.of_kind("contact-lost")
    desk.until("140549")
    assert not desk.of_kind("contact-lost")
    desk.until("140550")
    (lost,) = desk.of_kind("contact-lost")
    assert (lost.about, lost.undelivered, lost.undelivered_severity) == ("xbl-batt", 1, "HIGH")
    assert ([t.participant for t in lost.told], lost.severity) == (["fhq-u3"], "Severe")

    for key in ("C1", "C2", "C3"):
        desk.finding("140640", replace(found[key], state="resolved-if-acknowledged"))
    desk.finding("140655", replace(found["C2"], state="closed"))
    desk.finding("140700", replace(found["C4"], state="closed"))
    assert [m.state for m in desk.card.members].count("closed") == 2
    assert desk.card.severity == "Severe"

    desk.presence("140811", "xbl-batt", "regained")
    assert not desk.of_kind("contact-lost")
    for key in ("C1", "C3"):
        desk.finding("140816", replace(found[key], state="closed"))
    assert desk.card.severity == "Moderate"
    (card,) = desk.of_kind("conflict")
    desk.finding("140820", replace(found["C5"], state="closed"))

    closed = desk.board[card.id]
    assert (closed.work, closed.changed_at, len(closed.members)) == ("resolved", z("140820"), 5)
    assert not any(desk.of_kind(k) for k in ("conflict", "late-acknowledgement", "contact-lost"))
    assert desk.until("150820") == []
    assert len(desk.of_kind("late-acknowledgement", open_only=False)) == 1
    assert len(desk.of_kind("contact-lost", open_only=False)) == 1
    raised = [a for a in desk.published if a.alert_kind != "conflict" and a.work == "raised" and a.why == "raised"]
    assert len(raised) == 2


def test_what_is_six_kilometres_away_is_another_card() -> None:
    desk = Desk()
    desk.finding("140405", make_finding("kessa"))
    desk.finding("140555", make_finding("ford", evidence=make_evidence(at=(-27.045, 1.97))))
    assert len(desk.of_kind("conflict")) == 2


def test_a_finding_without_place_or_window_joins_by_its_message() -> None:
    desk = Desk()
    desk.finding("140405", make_finding("f1"))
    desk.finding("140406", make_finding("f2", parties=(Party(id="f1-a"),), evidence=Evidence(field="window")))
    assert len(desk.card.members) == 2
