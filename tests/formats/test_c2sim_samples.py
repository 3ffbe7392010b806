"""Real C2SIM documents: two forms of an order of eleven tasks, and two position reports, from a server's own tests.

They are not part of this repository; where they are absent, these tests are skipped.
"""

from collections import Counter
from pathlib import Path

import pytest

from adapters.base import Context, Rejected, Translation
from adapters.c2sim import C2SIM
from adapters.fields import WITHHELD
from schemas import registry
from schemas.directives import Directive
from tests.formats.cases import RECEIVED_AT, SAMPLES, read, said
from tests.formats.enumerate import local_names

FILES = sorted((SAMPLES / "c2sim").glob("*.xml"))
pytestmark = pytest.mark.skipif(not FILES, reason="no sample documents beside the checkout")
CONTEXT = Context(participant="xar-batt", received_at=RECEIVED_AT)


@pytest.fixture(scope="module")
def translated() -> dict[Path, Translation]:
    return {path: C2SIM.decode(path.read_bytes(), CONTEXT) for path in FILES}


def test_they_become_what_they_are(translated: dict[Path, Translation]) -> None:
    kinds = Counter(m.kind for t in translated.values() for m in t.messages)
    assert kinds == {"directive": 22, "position": 2}
    for found in translated.values():
        for message in found.messages:
            registry.body(registry.envelope(registry.encode(message)))


def directives(translated: dict[Path, Translation]) -> list[Directive]:
    bodies = (registry.body(m) for t in translated.values() for m in t.messages)
    return [body for body in bodies if isinstance(body, Directive)]


def test_their_tasks_have_a_performer_a_place_and_no_time_that_was_made_up(
    translated: dict[Path, Translation],
) -> None:
    found = directives(translated)
    assert Counter(b.action_code for b in found) == {"MOVE": 18, "TRANS": 2, "DEFEND": 2}
    assert all(b.performers and (b.area or b.route) and b.constraints.startswith("ROE") for b in found)
    starts = [w.start for b in found for w in b.windows]
    assert len(starts) == 22
    assert all(s and s.utc is None and s.quality == "relative" for s in starts)
    orders = [m for t in translated.values() for m in t.messages if m.kind == "directive"]
    assert {m.reality for m in orders} == {"exercise"}  # they run on the clock of a simulation


def test_one_order_id_in_two_documents_gives_different_ids(translated: dict[Path, Translation]) -> None:
    assert len({body.plan_ref for body in directives(translated)}) == 1
    ids = [m.id for t in translated.values() for m in t.messages]
    assert len(set(ids)) == len(ids)


def test_every_leaf_of_theirs_is_mapped_or_lost(translated: dict[Path, Translation]) -> None:
    """By a second route: a leaf is a loss, or what is read changes with it."""
    for path, found in translated.items():
        data = path.read_bytes()
        lost = Counter((loss.path, loss.value.strip()) for loss in found.losses)
        before = [said(m) for m in found.messages]
        for leaf in local_names(data):
            if lost[leaf.at, leaf.value.strip()] or lost[leaf.at, WITHHELD]:
                continue
            again = read("c2sim", leaf.changed, CONTEXT)
            assert isinstance(again, Rejected) or [said(m) for m in again.messages] != before, (path.name, leaf.at)


def test_they_leave_byte_for_byte_unless_they_carry_credentials(translated: dict[Path, Translation]) -> None:
    for path, found in translated.items():
        data = path.read_bytes()
        out = C2SIM.encode(found.messages, {m.source.sha256: data for m in found.messages if m.source}).data
        assert (out == data) is not any(loss.value == WITHHELD for loss in found.losses), path.name


def test_what_their_fields_give_is_read_back_but_for_comments(translated: dict[Path, Translation]) -> None:
    for path, found in translated.items():
        lost = C2SIM.encode(found.messages, {}).losses
        assert all(loss.path.endswith("comment()") for loss in lost), (path.name, lost)
