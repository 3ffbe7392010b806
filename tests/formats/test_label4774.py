"""Labels of STANAG 4774: every oddity has its result beside it; what is written is read back; parts make a whole."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import label4774, markings
from adapters.base import Rejected
from adapters.label4774 import UN, Policy
from schemas.label import Category, Label
from schemas.time import TimeValue
from tests.formats.cases import FOLDER, RECEIVED_AT
from tests.formats.enumerate import marked_leaves

CASES = sorted((FOLDER / "label4774").glob("*.xml"))
MISSION = UN._replace(equals=(("ALLIANCE RESTRICTED", "CONFIDENTIAL"),), groups=("SANDO ALL",))


def result(data: bytes) -> dict[str, Any]:
    try:
        found = label4774.read(data, MISSION, RECEIVED_AT)
    except Rejected as rejected:
        return {"rejected": {"path": rejected.path, "why": rejected.why, "hint": rejected.hint}}
    shown = {
        "bound": [{"label": b.label, "element": b.element, "data": b.data} for b in found.bound],
        "losses": found.losses,
        "warnings": found.warnings,
        "written": [label4774.write(b.label, MISSION, RECEIVED_AT).decode() for b in found.bound],
        "in_words": [markings.write(b.label) for b in found.bound],
    }
    return msgspec.json.decode(msgspec.json.encode(shown))  # type: ignore[no-any-return]  # JSON


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_a_label_gives_its_result(path: Path, update_goldens: bool) -> None:
    found, golden = result(path.read_bytes()), path.with_suffix(".xml.result.json")
    if update_goldens:
        golden.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    assert found == msgspec.json.decode(golden.read_bytes())


@pytest.mark.parametrize("path", [p for p in CASES if "refused" not in p.name], ids=lambda p: p.stem)
def test_every_leaf_of_a_label_is_mapped_or_lost(path: Path) -> None:
    found = label4774.read(path.read_bytes(), MISSION)
    for leaf in marked_leaves(path.read_bytes(), frozenset({label4774.NAMESPACE, label4774.BINDING})):
        if any(loss.path.startswith(leaf.at) and leaf.value in loss.value for loss in found.losses):
            continue
        try:
            assert label4774.read(leaf.changed, MISSION)[:2] != found[:2], leaf.at
        except Rejected:
            continue  # it mattered


@pytest.mark.parametrize("path", [p for p in CASES if "refused" in p.name], ids=lambda p: p.stem)
def test_a_refusal_says_where_why_and_how_to_mend_it(path: Path) -> None:
    with pytest.raises(Rejected) as refused:
        label4774.read(path.read_bytes())
    assert all((refused.value.path, refused.value.why, refused.value.hint))


words = st.text("ABCDEFG hij", min_size=1, max_size=12).map(lambda t: " ".join(t.split())).filter(bool)
codes = st.from_regex(r"X[A-Z]{2}", fullmatch=True)
categories = st.builds(
    Category, tag=words.map(lambda w: f"Handling {w}"),
    type=st.sampled_from(label4774.TYPES), values=st.lists(codes, min_size=1, max_size=3).map(tuple),
)  # fmt: skip
labels = st.builds(
    Label, releasable_to=st.none() | st.lists(codes, max_size=4).map(tuple), policy=st.just("UN"),
    classification=st.sampled_from(UN.classifications), categories=st.lists(categories, max_size=3).map(tuple),
    privacy_mark=st.just("") | words, created=st.just(TimeValue(utc=RECEIVED_AT)),
)  # fmt: skip


@given(label=labels)
def test_a_label_that_was_written_is_read_back(label: Label) -> None:
    (back,) = label4774.read(label4774.write(label)).bound
    assert msgspec.structs.replace(back.label, created=label.created) == label
    assert back.label.created is not None
    assert back.label.created.utc == RECEIVED_AT


@given(data=st.binary(max_size=300))
def test_any_bytes_give_a_label_or_a_refusal(data: bytes) -> None:
    with pytest.raises(Rejected):
        label4774.read(b"<a>" + data)


@given(parts=st.lists(labels, min_size=1, max_size=4))
def test_a_whole_is_never_more_open_than_any_of_its_parts(parts: list[Label]) -> None:
    whole = label4774.combined(parts)
    for part in parts:
        assert UN.level(whole) >= UN.level(part)  # type: ignore[operator]  # both are levels of UN
        if part.releasable_to is not None:
            assert whole.releasable_to is not None
            assert set(whole.releasable_to) <= set(part.releasable_to)
        for category in part.categories:
            same = [c for c in whole.categories if (c.tag, c.type) == (category.tag, category.type)]
            assert any(set(category.values) <= set(c.values) for c in same)


def test_levels_of_two_policies_are_compared_only_where_a_table_says_how() -> None:
    ours = Label(policy="UN", classification="UNCLASSIFIED", releasable_to=("XAR",))
    theirs = Label(policy="ALLIANCE", classification="ALLIANCE RESTRICTED", releasable_to=("XAR",))
    assert label4774.combined([ours, theirs]).releasable_to == ()
    whole = label4774.combined([ours, theirs], MISSION)
    assert (whole.classification, whole.releasable_to) == ("CONFIDENTIAL", ("XAR",))
    assert label4774.combined([]).releasable_to == ()


def test_a_classification_and_a_time_are_never_made_up() -> None:
    with pytest.raises(Rejected, match="classification"):
        label4774.write(Label(releasable_to=("XAR",)), at=RECEIVED_AT)
    with pytest.raises(Rejected, match="created"):
        label4774.write(Label(classification="CONFIDENTIAL"))


def test_another_policy_writes_its_own_release_tag() -> None:
    policy = Policy("SANDO", ("OPEN",), release_tags=("Abgabe an",))
    data = label4774.write(Label(classification="OPEN", releasable_to=("XAR",)), policy, RECEIVED_AT)
    assert b'TagName="Abgabe an"' in data
    assert label4774.read(data, policy).bound[0].label.releasable_to == ("XAR",)


@given(label=labels.map(lambda la: msgspec.structs.replace(la, policy="", categories=(), created=None)))
def test_a_label_in_words_is_read_back(label: Label) -> None:
    assert msgspec.structs.replace(markings.read(markings.write(label)), raw="") == label
