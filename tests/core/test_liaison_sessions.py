"""A session: proposals in versions and languages, who agrees to which text, and the text that all agreed to.

Source: reference domain.md R-42, §5.3 (V3, steps 10-15).
"""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import item
from coordinator.core.liaison import drafts, sessions
from coordinator.core.liaison.sessions import Session, Version, text_hash
from coordinator.texts import languages, say
from schemas import registry
from schemas.directives import Directive
from schemas.envelope import Addressee, Envelope, LangText
from schemas.liaison import LiaisonRequest, LiaisonResponse
from schemas.time import TimeValue
from tests.support.calls import said
from tests.support.v1 import ref, z

MEETING = LiaisonRequest(request_kind="meeting", subject="Relief at OP 4-7", findings=("f-1",))
FR = LangText(text="La section à pied reste jusqu'à 0630Z", lang="fr")
EN = LangText(text="The foot section stays until 0630Z", lang="en")
OTHER = LangText(text="The foot section stays until 0645Z", lang="en")
TO = tuple(Addressee(to=p) for p in ("xbl-lo", "xar-lo"))
INFO = (Addressee(to="ocha-cmc", role="info"),)


def opened(body: LiaisonRequest = MEETING, at: str = "150435", **fields: Any) -> Envelope:
    return replace(said(body, "LN-1", "fhq-u3", at, **fields), addressees=(*TO, *INFO))


def proposed(by: str, at: str, *texts: LangText, version: int = 1, name: str = "P2") -> Envelope:
    body = LiaisonResponse(request=ref("LN-1"), decision="propose", proposal=name, version=version, texts=texts)
    return said(body, f"{by}-{at}", by, at)


def voice(by: str, word: Any, at: str, version: int = 1, digest: str = "", reason: str = "") -> Envelope:
    body = LiaisonResponse(
        request=ref("LN-1"), decision=word, proposal="P2", version=version, text_sha256=digest, reason=reason
    )
    return said(body, f"{by}-{at}-{word}", by, at)


def session(*messages: Envelope, now: str = "150600") -> Session:
    [found] = sessions.sessions([item(m, registry.body(m), m.created.utc or 0) for m in messages if m.created], z(now))
    return found


def agreed(*messages: Envelope) -> str:
    return session(opened(), *messages).agreed


def only(found: Session) -> Version:
    [version] = found.versions
    return version


P2 = proposed("xbl-lo", "150455", FR, EN)


def test_it_has_members_and_those_who_must_agree() -> None:
    found = session(opened())
    assert (found.members, found.must_agree) == (
        ("fhq-u3", "ocha-cmc", "xar-lo", "xbl-lo"), ("fhq-u3", "xar-lo", "xbl-lo"),
    )  # fmt: skip
    assert (found.state, found.findings) == ("open", ("f-1",))
    named = session(opened(replace(MEETING, must_agree=("xar-lo", "nobody"))))
    assert named.must_agree == ("xar-lo",)


def test_a_text_is_agreed_once_all_that_must_have_agreed_to_the_same_version() -> None:
    two = [voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520")]
    assert agreed(P2, two[0]) == ""
    found = session(opened(), P2, *two)
    assert (found.state, found.agreed, found.agreed_at) == ("agreed", "P2 v1", z("150520"))
    assert only(found).texts == (FR, EN)


def test_whoever_proposes_a_version_agrees_to_it_and_may_think_again() -> None:
    rest = [voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520")]
    assert only(session(opened(), P2)).missing == ("fhq-u3", "xar-lo")
    assert agreed(P2, *rest, voice("xbl-lo", "object", "150510")) == ""


def test_agreeing_to_one_version_is_not_agreeing_to_the_next() -> None:
    second = proposed("fhq-u3", "150500", FR, OTHER, version=2)
    old = [voice("fhq-u3", "agree", "150456"), voice("xar-lo", "agree", "150457")]
    assert agreed(P2, *old, second) == "P2 v1"
    assert agreed(P2, second, voice("xar-lo", "agree", "150510", version=2)) == ""
    both = [voice("xar-lo", "agree", "150510", version=2), voice("xbl-lo", "agree", "150511", version=2)]
    assert agreed(P2, *old, second, *both) == "P2 v2"


def test_the_latest_word_of_a_member_counts() -> None:
    words = [
        voice("fhq-u3", "agree", "150515"),
        voice("xar-lo", "object", "150516"),
        voice("xar-lo", "agree", "150520"),
    ]
    assert agreed(P2, *words) == "P2 v1"
    assert agreed(P2, *words, voice("xar-lo", "object", "150521", reason="no")) == ""


def test_an_objection_of_who_need_not_agree_is_shown_and_stops_nothing() -> None:
    words = [voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520")]
    found = session(opened(), P2, *words, voice("ocha-cmc", "object", "150521", reason="the convoy"))
    assert found.agreed == "P2 v1"
    assert [(v.by, v.reason) for v in only(found).voices if v.word == "object"] == [("ocha-cmc", "the convoy")]


def test_nobody_but_members_is_heard() -> None:
    assert session(opened(), proposed("xga-fpu", "150440", EN), voice("xga-fpu", "agree", "150441")).versions == ()


def test_a_word_to_another_text_of_the_version_does_not_count_and_is_shown() -> None:
    words = [voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520", digest=text_hash((FR,)))]
    found = session(opened(), P2, *words)
    assert (found.agreed, only(found).missing) == ("", ("xar-lo",))
    assert [v.by for v in only(found).voices if v.other_text] == ["xar-lo"]
    assert agreed(P2, words[0], voice("xar-lo", "agree", "150520", digest=text_hash((EN, FR)))) == "P2 v1"


def test_two_texts_under_one_version_are_nobodys() -> None:
    twice = proposed("xar-lo", "150456", OTHER)
    words = [voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520")]
    found = session(opened(), P2, twice, *words)
    assert (found.agreed, only(found).doubled) == ("", True)


def test_a_proposal_without_a_text_or_a_version_is_none() -> None:
    words = [voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520")]
    assert agreed(proposed("xbl-lo", "150455"), *words) == ""
    assert session(opened(), proposed("xbl-lo", "150455", EN, version=0)).versions == ()
    assert session(opened(), proposed("xbl-lo", "150455", EN, name="")).versions == ()


def test_it_is_closed_by_whoever_opened_it_and_expires_by_its_deadline() -> None:
    assert session(opened(), opened(replace(MEETING, state="withdrawn"), at="150500", revision=2)).state == "withdrawn"
    late = opened(replace(MEETING, reply_by=TimeValue(utc=z("150530"))))
    assert session(late, now="150529").state == "open"
    assert session(late, now="150530").state == "expired"
    done = [P2, voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520")]
    assert session(late, *done, now="150700").state == "agreed"


def test_a_text_has_the_same_hash_in_any_order_of_its_languages_and_no_other_text_has_it() -> None:
    assert text_hash((FR, EN)) == text_hash((EN, FR))
    assert len({text_hash(t) for t in ((FR,), (EN,), (FR, EN), (FR, OTHER), ())}) == 5


WORDS = (
    P2, proposed("fhq-u3", "150500", FR, OTHER, version=2), proposed("xar-lo", "150456", OTHER),
    voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150516"), voice("xar-lo", "object", "150516"),
    voice("xbl-lo", "agree", "150517", version=2), voice("xar-lo", "agree", "150518", version=2),
    opened(replace(MEETING, state="withdrawn"), at="150530", revision=2),
)  # fmt: skip


@given(st.sets(st.integers(0, len(WORDS) - 1)), st.randoms(use_true_random=False))
def test_any_order_and_number_of_the_same_messages_end_the_same(chosen: set[int], random: Any) -> None:
    messages = [opened(), *(WORDS[i] for i in sorted(chosen))]
    shuffled = [*messages, *messages[:3]]
    random.shuffle(shuffled)
    assert session(*messages) == session(*shuffled)


@given(st.sets(st.integers(0, len(WORDS) - 1)))
def test_what_is_agreed_has_the_word_of_everybody_that_must(chosen: set[int]) -> None:
    found = session(opened(), *(WORDS[i] for i in chosen))
    if text := found.text:
        assert {v.by for v in text.voices if v.word == "agree"} >= {*found.must_agree}


@pytest.mark.parametrize("lang", languages())
def test_no_two_states_of_a_session_are_worded_alike(lang: str) -> None:
    assert len({say(f"session-{state}", lang) for state in get_args(sessions.State)}) == 4


# -- the draft of an order --------------------------------------------------------------------------------------------


def draft(lang: str = "en") -> Envelope:
    found = session(opened(), P2, voice("fhq-u3", "agree", "150515"), voice("xar-lo", "agree", "150520"))
    assert found.text
    return drafts.draft(found, found.text, "fhq-u3", lang)


def test_the_agreed_text_becomes_a_draft_that_orders_nobody_anything() -> None:
    envelope = draft()
    body = registry.body(envelope)
    assert isinstance(body, Directive)
    assert (body.draft, body.task, body.performers, body.windows) == (True, EN.text, (), ())
    assert (envelope.originator, envelope.texts) == ("fhq-u3", (FR, EN))
    [linked] = envelope.references
    assert (linked.id, linked.originator) == ("LN-1", "fhq-u3")
    assert text_hash((FR, EN)) in linked.note


@pytest.mark.parametrize(("lang", "task"), [("fr", FR.text), ("en", EN.text), ("zh", FR.text)])
def test_its_task_is_the_text_in_the_language_of_the_officer_if_there_is_one(lang: str, task: str) -> None:
    body = registry.body(draft(lang))
    assert isinstance(body, Directive)
    assert body.task == task


def test_the_same_agreement_gives_the_same_draft() -> None:
    assert registry.encode(draft()) == registry.encode(draft())
