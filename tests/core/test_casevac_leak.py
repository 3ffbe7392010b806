"""Law 6 for evacuations and refusals: whoever may not read a message cannot tell from any card that it came."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core import audience
from coordinator.core.measures import Casevac
from coordinator.core.recall import Records
from schemas import registry
from schemas.alerts import Alert
from schemas.envelope import Envelope
from schemas.label import Label
from tests.core.test_refusing import V3, answer, order, refusal
from tests.support.examples import times
from tests.support.medical import MISSION, Ward, airtask, asked, status

WHO = sorted(MISSION.by_id)
labels = st.sets(st.sampled_from(WHO), max_size=4).map(lambda s: Label(releasable_to=tuple(sorted(s))))
heard = st.lists(st.sampled_from((
    asked(), airtask(), status("planned", "fhq-maoc", "142013"), status("refused", "xhu-l2", "142014"),
    status("ordered", "fhq-maoc", "142021"), status("in-motion", "xdr-avn", "142023"),
)), min_size=1, max_size=5, unique_by=lambda e: e.id + e.kind)  # fmt: skip
said_in_secret = st.sampled_from((
    status("ordered", "fhq-u3", "142015"), status("done", "xhu-l2", "142020"), status("refused", "fhq-u3", "142016"),
    asked("142016", to=("fhq-u3", "xdr-avn"), injured_at=None, envelope={"revision": 2, "status": "update"}),
    replace(airtask("142013"), id="AIRTASK-2"),
))  # fmt: skip


def seen(messages: list[Envelope], reader: str, mission: Any, until: str) -> list[tuple[Any, ...]]:
    """Return everything that a reader is shown of cards behind some messages."""
    ward = Ward(mission)
    for message in messages:
        ward.say(message, "142025")
    ward.until(until)
    mine = [a for a in ward.published if _is_for(a, reader)]
    return [(a.id, a.rev, a.text_key, a.args, a.lines, a.work, a.severity, a.owner, a.arbiter, a.refers) for a in mine]


def _is_for(alert: Alert, reader: str) -> bool:
    return any(t.participant == reader for t in alert.told) and (alert.only is None or reader in alert.only)


def readers(message: Envelope, mission: Any) -> frozenset[str]:
    return audience.decide(message, registry.body(message), mission, Records()).readers


STORIES: Any = (heard, said_in_secret, labels, st.sampled_from(("142025", "142028", "142109")), st.data())


@times(1 / 4)
@given(*STORIES)
def test_who_may_not_read_a_word_on_an_evacuation_sees_no_trace_of_it(
    known: list[Envelope], secret: Envelope, label: Label, until: str, data: st.DataObject
) -> None:
    unseen(known, secret, label, until, data)


@pytest.mark.slow
@settings(max_examples=2000)
@given(*STORIES)
def test_who_may_not_read_a_word_on_an_evacuation_sees_no_trace_of_it_in_many_stories(
    known: list[Envelope], secret: Envelope, label: Label, until: str, data: st.DataObject
) -> None:
    unseen(known, secret, label, until, data)


def unseen(known: list[Envelope], secret: Envelope, label: Label, until: str, data: st.DataObject) -> None:
    """Compare what everybody outside a label is shown with and without a message, which comes at any time."""
    mission = replace(MISSION, casevac=data.draw(st.sampled_from((Casevac(), MISSION.casevac))))
    hidden = replace(secret, label=label)
    at = data.draw(st.integers(0, len(known)))
    with_it = [*known[:at], hidden, *known[at:]]
    for reader in sorted(set(WHO) - readers(hidden, mission)):
        assert seen(with_it, reader, mission, until) == seen(known, reader, mission, until), reader


@times(1 / 4)
@given(st.sets(st.sampled_from(sorted(V3.mission.by_id)), max_size=4), st.booleans())
def test_who_may_not_read_a_refusal_sees_no_trace_of_it(to: set[str], before: bool) -> None:
    hidden = refusal(label=Label(releasable_to=tuple(sorted(to))))
    known = [order(), answer("received", "150400")]
    with_it = [hidden, *known] if before else [*known, hidden]
    outsiders = set(V3.mission.by_id) - readers(hidden, V3.mission)
    for reader in sorted(outsiders - to - {"xbl-batt"}):
        assert seen(with_it, reader, V3.mission, "150600") == []
