"""Why an input was refused, in the sender's language."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordinator import texts
from coordinator.client import Outcome
from coordinator.gates import phrasebook, words

OTHERS = ("ar", "es", "fr", "ru", "zh")
CASES = Path(__file__).parent.parent / "formats" / "cases"
BY_PEOPLE = ("text", "sheet", "short")
"""Formats that people write by hand; the others are written by programs, whose programmers read English."""
ISOLATES = re.compile("[\u2066-\u2069]")


def refusals(*formats: str) -> list[tuple[str, str]]:
    """Reasons and mends of the golden files of some formats."""
    found = [
        json.loads(f.read_text(encoding="utf-8")).get("rejected")
        for name in formats
        for f in sorted((CASES / name).glob("*.result.json"))
    ]
    return [(r["why"], r["hint"]) for r in found if r]


def plain(text: str) -> str:
    return ISOLATES.sub("", text)


@pytest.mark.parametrize("lang", OTHERS)
def test_a_reason_is_told_in_the_language_with_the_senders_own_words_in_it(lang: str) -> None:
    said = plain(phrasebook.told('"140900" has no zone letter', lang))
    assert "140900" in said
    assert "zone letter" not in said


@pytest.mark.parametrize("lang", OTHERS)
def test_most_of_what_people_get_wrong_is_told_in_their_language(lang: str) -> None:
    pairs = refusals(*BY_PEOPLE)
    reasons = [why for why, _ in pairs if phrasebook.told(why, lang) != why]
    mends = [hint for _, hint in pairs if phrasebook.told(hint, lang, phrasebook.MEND) != hint]
    assert len(pairs) >= 50
    assert len(reasons) >= 0.85 * len(pairs)
    assert len(mends) >= 0.75 * len(pairs)


def test_in_english_a_reason_stays_as_it_is() -> None:
    for why, hint in refusals(*BY_PEOPLE):
        assert phrasebook.told(why, "en") == why
        assert phrasebook.told(hint, "en-GB", phrasebook.MEND) == hint


@pytest.mark.parametrize("lang", ("de", "", "x" * 80, "pt"))
def test_in_a_language_without_these_texts_a_reason_stays_in_english(lang: str) -> None:
    assert phrasebook.told("it is missing", lang) == "it is missing"


@pytest.mark.parametrize("lang", OTHERS)
def test_what_no_text_is_known_for_stays_as_it_is(lang: str) -> None:
    assert phrasebook.told("the flux is out of phase", lang) == "the flux is out of phase"
    assert phrasebook.told("x" * (phrasebook.LONGEST + 1), lang) == "x" * (phrasebook.LONGEST + 1)


@given(st.text(max_size=phrasebook.LONGEST), st.sampled_from(OTHERS), st.sampled_from(["refused-", "mend-"]))
def test_any_reason_is_told_without_a_fault(reason: str, lang: str, family: str) -> None:
    assert isinstance(phrasebook.told(reason, lang, family), str)


@given(st.text(st.characters(codec="utf-8", exclude_characters='"\n', exclude_categories=["C", "Z"]), min_size=1))
def test_a_value_comes_through_whole(value: str) -> None:
    assert value in plain(phrasebook.told(f'"{value}" is no place', "ru"))


def test_every_pattern_recognises_the_text_that_it_was_made_from() -> None:
    for family in (phrasebook.REFUSED, phrasebook.MEND):
        for key, text in texts.own().written("en", family):
            said = re.sub(r"\{ \$([a-z]+) \}", r"\1", text)
            names = set(re.findall(r"\{ \$([a-z]+) \}", text))
            assert plain(phrasebook.told(said, "fr", family)) == texts.say(key, "fr", **{n: n for n in names}), key


def test_a_refusal_is_answered_in_the_senders_language_from_head_to_mend() -> None:
    outcome = Outcome(
        name="sitrep.txt", input="in-1", accepted=False, path="line 3: DTG", why='"140900" has no zone letter',
        hint="check both times",
    )  # fmt: skip
    said = words.answered(outcome, "fr").text
    assert "n’a pas de lettre de fuseau" in said
    assert "vérifiez les deux heures" in said
    assert "zone letter" not in said


@pytest.mark.parametrize("hostile", ['"' * 600, '", but it came from "' * 28, "in " * 200, " is outside " * 50])
def test_a_hostile_reason_costs_no_time(hostile: str) -> None:
    assert phrasebook.told(hostile[: phrasebook.LONGEST], "ru")
