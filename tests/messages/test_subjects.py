"""The grammar of subjects: what is built can be taken apart, and no text can reach beyond its own token."""

import re
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator import topology
from schemas import subjects
from schemas.subjects import Subject, SubjectError


class Built(NamedTuple):
    """How a subject is built from tokens, and what it is when it is taken apart."""

    build: Callable[..., str]
    tokens: int
    apart: Callable[..., Subject]


FAMILIES = {
    "raw": Built(subjects.raw, 2, lambda p, f: Subject("from", p, ("raw", f))),
    "native": Built(subjects.native, 2, lambda p, k: Subject("from", p, ("msg", k))),
    "ask": Built(subjects.ask, 3, lambda p, s, v: Subject("ask", p, (s, v))),
    "record": Built(subjects.record, 2, lambda k, p: Subject("record", p, (k,))),
    "refusal": Built(subjects.refusal, 1, lambda p: Subject("refusal", p, ())),
    "finding": Built(subjects.finding, 2, lambda k, i: Subject("finding", "", (k, i))),
    "alert": Built(subjects.alert, 1, lambda i: Subject("alert", "", (i,))),
    "tick": Built(subjects.tick, 1, lambda s: Subject("tick", "", (s,))),
    "presence": Built(subjects.presence, 1, lambda p: Subject("presence", p, ())),
    "inquiry": Built(subjects.inquiry, 1, lambda p: Subject("inquiry", p, ())),
    "whereabouts": Built(subjects.whereabouts, 1, lambda p: Subject("whereabouts", "", (p,))),
    "position": Built(subjects.position, 1, lambda p: Subject("position", p, ())),
    "seal": Built(subjects.seal, 1, lambda s: Subject("seal", "", (s,))),
}
OPAQUE: dict[str, Callable[[str, str], str]] = {
    "track": subjects.track,
    "board": lambda participant, identity: subjects.board(participant, "finding", identity),
}
PATTERNS: dict[str, Callable[[str], object]] = {
    "records": subjects.records,
    "written_by": subjects.written_by,
    "sent_by": subjects.sent_by,
    "asked_by": subjects.asked_by,
    "inbox_of": subjects.inbox_of,
    "board_of": subjects.board_of,
    "board_of a kind": lambda kind: subjects.board_of("xar", kind or "*"),
    "questions": subjects.questions,
    "delivery": lambda p: subjects.delivery(p, "flash", "alert"),
    "replay": lambda run: subjects.replay(run, subjects.CONFIG),
}

tokens = st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True)
texts = st.text() | st.text(alphabet="ab.*> \n\t-_Aé٣", max_size=6)
_VALID = re.compile(r"[a-z0-9-]{1,64}")
NASTY = [
    "", ".", "*", ">", "xar.>", "*.msg", "xar ", " xar", "xar\n", "xar\r\nPUB", "xar\x00", "XAR", "x_r", "x/r", "$sys",
    "ärv", "хаr", "x٣r", "ⅹar", "a" * 65, "xar\u200b",
]  # fmt: skip


# -- building ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES.keys())
@given(data=st.data())
def test_what_is_built_is_taken_apart_again(family: Built, data: st.DataObject) -> None:
    given_tokens = [data.draw(tokens) for _ in range(family.tokens)]
    assert subjects.parse(family.build(*given_tokens)) == family.apart(*given_tokens)


@given(tokens, tokens, st.sampled_from(subjects.PRECEDENCES))
def test_a_delivery_is_taken_apart_again(participant: str, kind: str, precedence: subjects.Precedence) -> None:
    built = subjects.delivery(participant, precedence, kind)
    assert subjects.parse(built) == Subject("to", participant, (precedence, kind))


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES.keys())
def test_no_token_can_hold_more_than_a_token(family: Built, value: str) -> None:
    if family.build is subjects.seal and _VALID.fullmatch(value.lower()):
        return  # streams are named in capitals
    for place in range(family.tokens):
        arguments = ["xar"] * family.tokens
        arguments[place] = value
        with pytest.raises(SubjectError, match="cannot be a subject token"):
            family.build(*arguments)


@pytest.mark.parametrize("value", NASTY)
@pytest.mark.parametrize("build", PATTERNS.values(), ids=PATTERNS.keys())
def test_no_pattern_can_be_widened(build: Callable[[str], object], value: str) -> None:
    with pytest.raises(SubjectError):
        build(value)


@given(texts)
def test_a_token_is_returned_as_it_is_or_refused(value: str) -> None:
    if _VALID.fullmatch(value):
        assert subjects.token(value) == value
    else:
        with pytest.raises(SubjectError):
            subjects.token(value)


@pytest.mark.parametrize("build", OPAQUE.values(), ids=OPAQUE.keys())
@given(identity=texts)
def test_an_id_of_any_text_becomes_one_token_that_says_nothing(build: Callable[[str, str], str], identity: str) -> None:
    *_, last = build("xar", identity).split(".")
    assert re.fullmatch(r"[0-9a-f]{32}", last)
    assert last == subjects.opaque(identity)


def test_the_opaque_token_never_changes() -> None:
    # Boards are keyed by it: another value would leave the old state standing beside the new one.
    assert subjects.opaque("SN-FRAGO-03-017") == "b226f87f4ddecade71ac0ec1d62e98fd"


@given(texts, texts)
def test_two_ids_have_two_tokens(one: str, other: str) -> None:
    assert (subjects.opaque(one) == subjects.opaque(other)) == (one == other)


# -- patterns ---------------------------------------------------------------------------------------------------------


def as_regex(pattern: str) -> str:
    """What the server means by a pattern."""
    parts = {"*": "[^.]+", ">": r"[^.]+(\.[^.]+)*"}
    return r"\.".join(parts.get(part, re.escape(part)) for part in pattern.split("."))


@given(
    st.lists(st.sampled_from(["a", "b", "*"]), min_size=1, max_size=4),
    st.booleans(),
    st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=5),
)
def test_matching_is_what_the_server_does(parts: list[str], rest: bool, subject: list[str]) -> None:
    pattern = ".".join([*parts, ">"] if rest else parts)
    expected = re.fullmatch(as_regex(pattern), ".".join(subject)) is not None
    assert subjects.matches(pattern, ".".join(subject)) is expected


STORED = {
    subjects.raw("xar", "cot"): "RAW",
    subjects.raw("xar", subjects.OVERSIZE): "RAW",
    subjects.native("xar", "sitrep"): "RAW",
    subjects.record("sitrep", "xar"): "LOG",
    subjects.refusal("xar"): "LOG",
    subjects.finding("caveat", "f-1"): "LOG",
    subjects.alert("c-1"): "LOG",
    subjects.tick("alerting"): "LOG",
    subjects.CONFIG: "LOG",
    subjects.presence("xar"): "LOG",
    subjects.inquiry("xar"): "LOG",
    subjects.whereabouts("xar"): "LOG",
    subjects.position("xar"): "TRACKS",
    subjects.seal("LOG"): "SEALS",
    subjects.delivery("xar", "flash", "alert"): "INBOX",
    subjects.board("xar", "alert", "c-1"): "BOARD",
    subjects.track("xar", "BELIER 6"): "",
    subjects.ask("xar", "log", "replay"): "",
    subjects.replay("run-1", subjects.CONFIG): "",
}


@pytest.mark.parametrize(("subject", "stream"), STORED.items())
def test_a_subject_stands_in_the_stream_of_the_design_and_in_no_other(subject: str, stream: str) -> None:
    declared = topology.build(("xar", "xbl"))
    keeping = {s.name for s in declared.streams if any(subjects.matches(p, subject) for p in s.subjects)}
    assert keeping == ({stream} if stream else set())


@given(tokens, tokens)
def test_nobody_may_write_what_another_may(one: str, other: str) -> None:
    subject = subjects.native(other, "sitrep")
    assert any(subjects.matches(p, subject) for p in subjects.written_by(one)) == (one == other)
