"""Messages made by hand, as boards and answers hold them. Times in minutes after 0400Z on 14 March 2027."""

from typing import Any

from schemas import registry
from schemas.alerts import Alert, Member, Told
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Evidence, Finding, Option, Party
from schemas.geo import Named
from schemas.time import TimeWindow

START = 1_804_996_800_000_000


def at(minutes: float) -> int:
    """Return an instant, microseconds UTC."""
    return START + round(minutes * 60_000_000)


def envelope(body: Message, identity: str = "x-1", **fields: Any) -> Envelope:
    """Return a message around a body."""
    return registry.pack(body, id=identity, originator=fields.pop("originator", "fhq"), received_at=at(0), **fields)


def card(**fields: Any) -> Alert:
    """Return a card as it is right after it came up."""
    said: dict[str, Any] = {
        "id": "4f2a90c1d2e3f4a5", "alert_kind": "conflict", "rev": 1, "material_rev": 1, "severity": "Extreme",
        "urgency": "Immediate", "certainty": "Likely", "place": "KESSA", "at": (-27.0, 2.0),
        "headline": "Conflict at KESSA: A-1, B-2", "next_step": "Acknowledge, then settle it with FHQ",
        "event_from": at(60), "event_to": at(105), "raised_at": at(0), "changed_at": at(0), "parties": ("xar", "xbl"),
        "arbiter": "fhq",
        "members": (Member(finding="81c0aa", finding_kind="incompatible-activities", severity="CRITICAL",
                           state="open", sentence="A-1 closes what B-2 uses"),),
        "told": (Told(participant="fhq", since=at(0), due=at(2)), Told(participant="joc", since=at(0))),
    }  # fmt: skip
    return Alert(**(said | fields))


def finding(**fields: Any) -> Finding:
    """Return a finding with numbers and a way out."""
    window = TimeWindow.exact(at(60), at(105))
    said: dict[str, Any] = {
        "id": "81c0aa52d4a9", "finding_kind": "incompatible-activities", "severity": "CRITICAL",
        "certainty": "definite", "state": "open", "sentence": "A-1 closes the bridge that B-2 uses.",
        "parties": (
            Party(id="A-1", what="closure", issuer="fhq", units=("xar",), window=window),
            Party(id="", what=""),
        ),
        "evidence": Evidence(rule="closure/use", place="KESSA", at=(-27.0, 2.0), overlap=window, relation="during",
                             distance_m=12.5, required_m=500.0, gap_s=0.0, required_gap_s=1800.0),
        "options": (Option(option="shift", party="A-1", shift_s=-1800.0), Option(option="liaison", party="B-2")),
        "arbiter": "fhq",
    }  # fmt: skip
    return Finding(**(said | fields))


def order(identity: str = "FHQ-1", **fields: Any) -> Envelope:
    """Return an order to close a bridge."""
    body = Directive(
        directive_kind="frago",
        action="block",
        task="Close KESSA bridge for a search",
        performers=(UnitRef(name="A Coy"),),
        windows=(TimeWindow.exact(at(0), at(240)),),
        area=Named(name="KESSA"),
    )
    return envelope(body, identity, **({"precedence": "priority"} | fields))
