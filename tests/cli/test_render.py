"""Messages as text: complete, safe, the same every time."""

from typing import Literal

import msgspec
import pytest

from coordinator.cli import outcomes, render, saying
from coordinator.client import Outcome
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Refusal
from schemas.base import Message
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.operations import Inquiry, Whereabouts
from schemas.reports import TextMessage
from tests.cli.cases import at, card, envelope, finding, order
from tests.cli.conftest import Golden


def test_a_finding_in_full(golden: Golden) -> None:
    golden("finding", render.finding_block(finding()) + "\n")


def test_findings_in_a_list(golden: Golden) -> None:
    shown = (finding(), finding(severity="LOW", state="acknowledged", sentence=""), finding(sentence="x" * 300))
    golden("findings", "".join(f"{render.finding_line(f)}\n" for f in shown))


def test_an_order_in_full(golden: Golden) -> None:
    of = Reference(id="FHQ-1", revision=1)
    said = [
        ("xar", Acknowledgement(of=of, step="wilco")),
        ("xbl", Acknowledgement(of=of, step="cannot-comply", code="NO-CAPACITY", note="no recovery vehicle")),
    ]
    golden("order", render.order_block(order(), said) + "\n" + render.order_line(order(), "") + "\n")


def test_deliveries(golden: Golden) -> None:
    of = Reference(id="FHQ-1", revision=1)
    sent = (
        (envelope(card()), "flash"), (envelope(finding()), "immediate"), (order(), "priority"),
        (envelope(Acknowledgement(of=of, step="wilco")), "routine"), (order(status="cancel"), "priority"),
        (envelope(TextMessage(text="\x1b[31mred\nalert")), "routine"), (order(summary="Own words"), "routine"),
    )  # fmt: skip
    golden("deliveries", "".join(f"{render.delivered(message, word)}\n" for message, word in sent))


def _seen(state: Literal["left", "away"]) -> Whereabouts:
    unit = UnitRef(name="A Coy", participant="xar")
    return Whereabouts(participant="xar", unit=unit, place="OP 4-7", state=state, seen=at(0), position=1)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (Inquiry(asker="fhq", role="asked", at=0, messages=2), "fhq asked what a plan would clash with"),
        (
            Inquiry(asker="fhq", role="met", at=0, parties=("XAR-7", "XAR-8")),
            "fhq asked what a plan would clash with: met XAR-7, XAR-8",
        ),
        (
            Inquiry(asker="fhq", role="throttled", at=0, asked=20),
            "fhq asked what plans would clash with 20 times in an hour; refused",
        ),
        (_seen("left"), "A Coy left OP 4-7, seen 140400ZMAR27"),
        (_seen("away"), "A Coy away from OP 4-7, seen 140400ZMAR27"),
    ],
)
def test_what_services_write_is_said_in_words(body: Message, says: str) -> None:
    assert saying.saying(envelope(body)) == says


@pytest.mark.parametrize("kind", sorted(registry.KINDS))
def test_every_kind_says_something_even_if_its_body_is_strange(kind: str) -> None:
    strange = Envelope(id="x", kind=kind, originator="xar", body=msgspec.Raw(b'{"later": 1}'))
    assert saying.saying(strange)
    assert render.delivered(strange, "flash").startswith("FLASH")


def test_an_unknown_kind_is_shown_by_its_id() -> None:
    newer = Envelope(id="n-1", kind="drone-swarm", originator="xar", body=msgspec.Raw(b"{}"))
    assert "drone-swarm" in render.delivered(newer, "routine")


def test_a_log_entry_and_a_refusal(golden: Golden) -> None:
    refusal = Refusal(input="i-0123456789abcdef", path="line 3", why='"91.2" is no latitude', bearer_id="bad.txt")
    entries = [
        {
            "stream": "LOG",
            "seq": seq,
            "at": at(seq),
            "subject": subject,
            "data": msgspec.json.decode(registry.encode(m)),
        }
        for seq, subject, m in ((1, "record.directive.fhq", order()), (2, "refusal.xar", envelope(refusal)))
    ]
    entries.append({"stream": "RAW", "seq": 3, "at": at(3), "subject": "from.xar.raw.text", "base64": "AA=="})
    shown = [*map(render.entry_line, entries), render.refused_table([entries[1]])]
    golden("entries", "\n".join(shown) + "\n")


def test_outcomes(golden: Golden) -> None:
    shown = (
        Outcome(
            name="a.txt", input="i-1", accepted=True, ids=("A-1:1",), losses=2, warnings=("line 1: year inferred",)
        ),
        Outcome(name="b.xml", input="i-2", accepted=True, ids=("u1", "u2"), positions=2),
        Outcome(name="c.csv", input="i-3", accepted=True, ids=("1", "2", "3", "4", "5"), duplicate=True),
        Outcome(name="d.txt", input="i-4", accepted=False, path="line 3", why='"91.2" is out', hint="write N or S"),
        Outcome(name="e.txt", input="i-5", accepted=None),
        Outcome(name="A-2:1", input="m-6", accepted=True, ids=("A-2:1",)),
    )
    golden("outcomes", "".join(f"{outcomes.line(outcome)}\n" for outcome in shown))
