"""Six languages: every text is there in each, says the same, is short, and keeps names and numbers whole.

Promises about the files in `coordinator/texts`; issue 5, item 7. No promise about style: that is for native speakers.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any, Final, get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, NumberLiteral, SelectExpression, VariableReference, Variant
from fluent.syntax.visitor import Visitor

from coordinator.core.deconfliction import explain, explain_options, phrases
from coordinator.core.friends import false_friends
from coordinator.texts import say
from schemas.alerts import CapCertainty, CapSeverity, CapUrgency, Work
from schemas.findings import Certainty, FindingState, Severity
from tests.support import bidi, telling
from tests.support.telling import FINDINGS

FOLDER: Final = resources.files("coordinator").joinpath("texts")
OTHERS: Final = ("ar", "es", "fr", "ru", "zh")
SIX: Final = (*OTHERS, "en")
ALSO: Final = ("pt",)
"""Languages that are there in part: what they have says the same, what they lack is English."""
CHARACTERS: Final = 250
"""Of a Chinese sentence, names and all. Chinese has no blanks to count words by; a word of it is 1.5 to 2 characters,
so that 25 words are about 45; the names, groups and units of the longest findings take up to 200 Latin letters more."""
TEMPLATE: Final = 45
"""Chinese characters of one sentence of a template, without what is put in."""
PLURALS: Final = {
    "en": {"one", "other"}, "fr": {"one", "other"}, "es": {"one", "other"}, "pt": {"one", "other"}, "zh": {"other"},
    "ru": {"one", "few", "many", "other"}, "ar": {"zero", "one", "two", "few", "many", "other"},
}  # fmt: skip
"""What a whole number can be in a language (CLDR); French and Spanish "many" is for millions, which nobody counts."""
WORDS: Final = frozenset((
    "sha256", "PDF", "CSV", "XLSX", "Outlook", "winmail.dat", "HTML", "TLS", "UTF-8", "ID", "TABOO", "PROTECTED",
    "GUARDED", "WILCO", "MB", "Re", "in", "done", "refused", "out", "README.txt", "report.txt", "report.txt.answer.txt",
    "FLASH", "report.txt.answer.json", "part", "tmp", "filepart", "partial", "crdownload", "chmod", "a+r",
    "ACK", "DOCTYPE", "UTC", ".xlsx", "xlsx",
))  # fmt: skip
"""Latin words that stand in every language: names of files and formats, codes of the mission, units."""


class _Read(Visitor):
    """Reads what stands in a text: the values that it takes, its selectors with their variants, and its words."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        self.selects: dict[str, list[set[str]]] = {}
        self.selected: set[str] = set()

    def visit_SelectExpression(self, node: SelectExpression) -> None:
        name = str(getattr(node.selector, "id").name)  # noqa: B009  # of all that can be chosen by, ours are values
        self.selected.add(name)
        self.selects.setdefault(name, []).append({_key(v) for v in node.variants})
        for variant in node.variants:
            self.visit(variant.value)

    def visit_VariableReference(self, node: VariableReference) -> None:
        self.values.add(node.id.name)


def _key(variant: Variant) -> str:
    return str(variant.key.value if isinstance(variant.key, NumberLiteral) else variant.key.name)


@cache
def read(lang: str) -> dict[str, tuple[str, Any]]:
    """Return the texts of a language by key: the file and the syntax tree."""
    found = {}
    for file in FOLDER.joinpath(lang).iterdir():
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            if isinstance(entry, Message):
                found[entry.id.name] = (file.name, entry)
    return found


def shape(lang: str, key: str) -> _Read:
    reader = _Read()
    reader.visit(read(lang)[key][1])
    return reader


def variants(lang: str, key: str) -> Iterator[str]:
    """Yield a text as it can be, a variant of its first selector each; values are written as ``§``."""
    yield from _written(read(lang)[key][1].value)


def _written(pattern: Any) -> Iterator[str]:
    done = [""]
    for element in pattern.elements:
        parts = [element.value] if hasattr(element, "value") else list(_placed(element.expression))
        done = [d + p for d in done for p in parts]
    yield from done


def _placed(expression: Any) -> Iterator[str]:
    if isinstance(expression, SelectExpression):
        for variant in expression.variants:
            yield from _written(variant.value)
    else:
        yield expression.parse()["value"] if hasattr(expression, "parse") else "§"


def spoken(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [s for s in re.split(r"(?<=[.!?؟。！？])(?:\s+|$)|(?<=[。！？])|\n", text) if s.strip()]


def words(text: str) -> int:
    """Return how many words a sentence has; a sign that stands alone is none."""
    return len(re.findall(r"\S*[\w§]\S*", text))


KEYS: Final = sorted(read("en"))


def both(lang: str) -> list[str]:
    """Return the keys that a language shares with English: that none is missing is a promise of its own."""
    return [key for key in KEYS if key in read(lang)]


# -- every text, the same in each --------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", OTHERS)
def test_every_text_of_english_is_there_in_the_same_file_and_no_other(lang: str) -> None:
    here = {key: file for key, (file, _) in read(lang).items()}
    assert here == {key: file for key, (file, _) in read("en").items()}


@pytest.mark.parametrize("lang", ALSO)
def test_what_a_language_has_only_in_part_is_known_to_english(lang: str) -> None:
    assert set(read(lang)) < set(KEYS)


@pytest.mark.parametrize("lang", (*OTHERS, *ALSO))
def test_each_text_takes_the_values_that_english_takes(lang: str) -> None:
    for key in read(lang):
        mine, english = shape(lang, key), shape("en", key)
        plurals = {"count"} & (mine.selected | english.selected)
        assert mine.values - plurals == english.values - plurals, key
        assert mine.selected - plurals == english.selected - plurals, key
        for name in mine.selected - plurals:
            assert mine.selects[name] == english.selects[name], key


@pytest.mark.parametrize("lang", (*OTHERS, *ALSO))
def test_a_count_has_every_plural_that_the_language_has(lang: str) -> None:
    for key in read(lang):
        for found in shape(lang, key).selects.get("count", []):
            assert {v for v in found if not v.isdigit()} == PLURALS[lang], key


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("ru", {1: "1 карточка", 3: "3 карточки", 5: "5 карточек", 11: "11 карточек", 21: "21 карточка"}),
        ("ar", {1: "بطاقة واحدة", 2: "بطاقتان", 3: "بطاقات", 11: "بطاقة", 100: "بطاقة"}),
        ("fr", {1: "1 fiche ", 2: "2 fiches "}),
        ("es", {1: "1 ficha ", 2: "2 fichas "}),
        ("zh", {1: "1 张卡片", 2: "2 张卡片"}),
    ],
)
def test_cards_are_counted_as_the_language_counts(lang: str, said: dict[int, str]) -> None:
    for count, words_ in said.items():
        text = plain(say("card-contact-lost", lang, about="X", count=count, severity="HIGH"))
        assert words_ in text
        assert count <= 2 or str(count) in text


# -- from data, complete -----------------------------------------------------------------------------------------------


@cache
def findings(lang: str) -> list[list[str]]:
    """Return the sentences of every finding that there is, in a language."""
    return [explain.sentences(f, say, lang) for f in FINDINGS]


def told(lang: str) -> Iterator[str]:
    """Yield every sentence of every finding and way out that there is, in a language."""
    yield from (s for sentences in findings(lang) for s in sentences)
    for option, f in telling.ways_out():
        yield from (phrases.render(p, say, lang) for p in explain_options.phrases(option, f))


def plain(text: str) -> str:
    return "".join(c for c in text if c not in bidi.ISOLATES)


@pytest.mark.parametrize("lang", OTHERS)
def test_every_finding_is_told_complete_with_the_same_numbers_as_in_english(lang: str) -> None:
    for mine, reference in zip(findings(lang), findings("en"), strict=True):
        here, english = (plain(" ".join(sentences)) for sentences in (mine, reference))
        assert bool(here) is bool(english)
        in_words = {"1", "2"} if lang == "ar" else set()  # Arabic has a dual, and says both without a digit
        assert set(numbers(here)) ^ set(numbers(english)) <= in_words, here


def numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.:]\d+)*(?:Z[A-Z]{3}\d\d)?", text)


@pytest.mark.parametrize("lang", OTHERS)
def test_no_text_is_left_in_english(lang: str) -> None:
    """Nothing but names, codes, units and files; French and Spanish share words with English, but no whole text."""
    same = {
        k for k in both(lang) for t in variants(lang, k) if t in set(variants("en", k)) and re.search(r"[a-z]{4}", t)
    }
    assert same <= SHARED.get(lang, set())
    if lang in ("ar", "ru", "zh"):
        for key in both(lang):
            for text in variants(lang, key):
                latin = re.findall(r"[A-Za-z][A-Za-z0-9.+-]*[A-Za-z0-9]|[A-Za-z]{2,}", plain(text))
                assert set(latin) <= WORDS, key


@pytest.mark.parametrize("lang", ["ar", "es", "fr", "ru"])
def test_no_sentence_has_more_than_25_words(lang: str) -> None:
    long = [s for text in told(lang) for s in spoken(plain(text)) if words(s) > explain.MAX_WORDS]
    assert long == []
    for key in both(lang):
        for text in variants(lang, key):
            assert all(words(s) <= explain.MAX_WORDS for s in spoken(text)), key


def test_no_chinese_sentence_is_longer_than_25_words_would_be() -> None:
    assert [s for text in told("zh") for s in spoken(text) if len(s) > CHARACTERS] == []
    for key in both("zh"):
        for text in variants("zh", key):
            assert all(len(re.findall(r"[\u4e00-\u9fff]", s)) <= TEMPLATE for s in spoken(text)), key


@pytest.mark.parametrize("lang", SIX)
def test_every_word_for_how_something_stands_has_a_text(lang: str) -> None:
    kinds = (CapSeverity, CapUrgency, CapCertainty, Work, Severity, Certainty, FindingState)
    for word in (w for kind in kinds for w in get_args(kind)):
        assert say(f"state-{word.casefold()}", lang)


# -- right to left -----------------------------------------------------------------------------------------------------


def test_groups_coordinates_and_call_signs_stay_whole_in_arabic() -> None:
    for text in told("ar"):
        assert not bidi.unbalanced(text), text
        assert bidi.broken(text) == [], text


def test_every_value_that_is_put_into_an_arabic_text_is_isolated() -> None:
    group, place = "141000:19ZMAR27", "27.0200S 2.0100E"
    for key in both("ar"):
        kinds = shape("ar", key)
        given: dict[str, Any] = dict.fromkeys(kinds.values, f"{group} {place}")
        chosen = [dict.fromkeys(kinds.selected, v) for sets in kinds.selects.values() for s in sets for v in sorted(s)]
        for choice in chosen or [{}]:
            picks = {k: int(v) if v.isdigit() else 7 if k == "count" else v for k, v in choice.items()}
            text = say(key, "ar", **(given | ({"count": 7} if "count" in kinds.values else {}) | picks))
            alone = text == f"{group} {place}"  # is put into another text, and isolated there
            assert alone or bidi.broken(text) == [], (key, ascii(text))
            assert not bidi.unbalanced(text), key


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("أمر \u2068141000Z-141045Z\u2069 هنا", True),
        ("أمر 141000Z-141045Z هنا", False),
        ("أمر \u2068ثم 27.02S 2.01E\u2069", False),
        ("أمر \u2068ثم \u206827.02S 2.01E\u2069\u2069", True),
        ("الملف report.txt هنا", True),
        ("الملف .part هنا", False),
        ("عدد 12 هنا", True),
    ],
)
def test_the_check_of_right_to_left_finds_what_is_broken(text: str, whole: bool) -> None:
    assert (bidi.broken(text) == []) is whole


def test_a_scene_of_a_card_keeps_its_two_groups_in_order_in_arabic() -> None:
    scene = say("scene-place", "ar", place="KESSA") + " " + say("scene-time", "ar", window="141000Z-141045Z")
    assert bidi.broken(say("card-conflict", "ar", scene=" " + scene, parties="A-1")) == []


# -- what is never said, what is said alike ----------------------------------------------------------------------------


NEVER: Final = {
    "fr": r"approuv|autoris|doit\b|doivent|devez|priorit|cède|sûr\b|sans danger|coupable|faute",
    "es": r"aprob|autoriz|\bdebe[ns]?\b|priorid|\bceder|\bsegur[oa]s?\b(?! que)|culpa",
    "ru": r"одобр|должн|приоритет|уступ|безопасно\b|вина\b|виноват",
    "ar": r"\bوافق|\bموافقة|يجب أن|أولوية|آمن\b|خطأ من|مذنب",
    "zh": r"批准|必须|优先|让路|安全通过|过错|责任方",
}  # fmt: skip


@pytest.mark.parametrize("lang", OTHERS)
def test_nothing_is_approved_and_nobody_is_ranked_or_blamed(lang: str) -> None:
    never = re.compile(NEVER[lang], re.IGNORECASE)
    said = {k: t for k in both(lang) for t in variants(lang, k) if read(lang)[k][0] in ROOMS and never.search(t)}
    assert said == {}


SHARED: Final = {
    "es": {"what-convoy-movement", "mail-part"},
    "fr": {"what-incident", "what-mine-hazard", "what-recce-movement", "state-possible"},
}
"""Texts that are the same in two languages because the word is."""
ROOMS: Final = (
    "cards.ftl", "findings.ftl", "options.ftl", "presence.ftl", "release.ftl", "returns.ftl", "statements.ftl",
    "words.ftl",
)  # fmt: skip


@pytest.mark.parametrize("lang", SIX)
def test_not_confirmed_no_information_and_valid_as_of_are_three_phrases(lang: str) -> None:
    said = [say(k, lang, **({"at": ""} if k == "valid-as-of" else {})) for k in UNSURE]
    assert len({plain(s).strip() for s in said}) == 3
    assert not any(a in b for a in said for b in said if a is not b)
    assert "141000ZMAR27" in say("valid-as-of", lang, at="141000ZMAR27")


UNSURE: Final = ("not-confirmed", "no-information", "valid-as-of")


def glossary() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(FOLDER.joinpath("glossary.toml").read_text(encoding="utf-8"))["term"]
    return found


def test_the_glossary_has_one_word_of_each_language_for_each_term() -> None:
    assert len(glossary()) >= 40
    assert all(set(term) == set(SIX) and all(term.values()) for term in glossary())
    for lang in SIX:
        heads = [term[lang].split("|")[0] for term in glossary()]
        assert len(heads) == len(set(heads))


@pytest.mark.parametrize("term", glossary(), ids=lambda t: t["en"].split("|")[0])
def test_a_staff_term_is_said_by_its_word_in_every_language(term: dict[str, str]) -> None:
    english = re.compile(rf"\b(?:{term['en']})\b", re.IGNORECASE)
    using = [k for k in KEYS if read("en")[k][0] not in CHANNELS and any(english.search(t) for t in variants("en", k))]
    assert using
    for lang in OTHERS:
        forms = [form.casefold() for form in term[lang].split("|")]
        for key in set(using) & set(both(lang)):
            text = " ".join(variants(lang, key)).casefold()
            assert any(form in text for form in forms), (lang, key, text)


CHANNELS: Final = ("mail.ftl", "answers.ftl", "files.ftl")
"""What is said of mails and files, where "order" and the like are everyday words."""


# -- false friends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", OTHERS)
def test_our_own_texts_have_no_false_friends(lang: str) -> None:
    assert {k: f for k in both(lang) for t in variants(lang, k) for f in false_friends(t, lang)} == {}
