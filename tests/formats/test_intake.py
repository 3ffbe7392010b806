"""What a format reads gets through the door of the bus: ids, revisions, sizes and realities that intake accepts."""

from typing import Final

import pytest

from coordinator.services.judge import MAX_AHEAD, MAX_REVISION, Accepted, Input, judge
from schemas import registry, subjects
from schemas.acknowledgements import Refusal
from schemas.reports import TextMessage
from tests.formats.cases import RECEIVED_AT, Case, good_cases, label
from tests.support.v1 import MISSION

OTHERS: Final = ("native",)  # names its originators itself
CASES: Final = [c for c in good_cases() if c.adapter not in OTHERS and not c.expected.get("context")]


@pytest.mark.parametrize("case", CASES, ids=label)
def test_what_a_format_reads_is_accepted_unless_it_is_an_exercise(case: Case) -> None:
    item = Input("i", subjects.raw("xar-batt", case.adapter), case.data, 1, bearer_id="case")
    verdict = judge(item, MISSION, "live", RECEIVED_AT)
    if any(m.reality == "exercise" for m in case.read().messages):  # type: ignore[union-attr]  # good ones only
        assert isinstance(verdict, Refusal)
        assert verdict.path == "reality"
    else:
        assert isinstance(verdict, Accepted), verdict


@pytest.mark.parametrize(
    ("revision", "accepted"),
    [
        (MAX_REVISION, True),
        (RECEIVED_AT // 1000, True),  # counted by the time in milliseconds, as Cursor on Target does
        ((RECEIVED_AT + MAX_AHEAD) // 1000, True),
        ((RECEIVED_AT + MAX_AHEAD) // 1000 + 1, False),
        (1 << 62, False),
    ],
)
def test_a_revision_is_refused_if_nothing_could_ever_replace_it(revision: int, accepted: bool) -> None:
    said = registry.pack(TextMessage(text="x"), id="A", originator="xar-batt", revision=revision)
    item = Input("i", subjects.native("xar-batt", "message"), registry.encode(said), 1)
    verdict = judge(item, MISSION, "live", RECEIVED_AT)
    assert isinstance(verdict, Accepted) is accepted
    if isinstance(verdict, Refusal):
        assert verdict.path == "revision"
