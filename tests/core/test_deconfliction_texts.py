"""What findings say: every kind and rule has its words, every number is the finding's own, in any language.

Law 9 of design §7; reference deconfliction.md §5 (4). The findings stand in `tests.support.telling`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from msgspec.structs import replace

from coordinator import texts
from coordinator.core import telling as core_telling
from coordinator.core.deconfliction import Engine, explain, explain_options, links, phrases, verdicts
from coordinator.texts import Catalogue, say
from schemas.findings import Evidence, Finding, FindingKind
from schemas.notices import HazardNotice, MovementNotice
from tests.support import telling
from tests.support.released import MISSION, Office, make_finding
from tests.support.telling import FINDINGS, with_another_language
from tests.support.v1 import MESSAGES, logged
from tests.support.v1 import MISSION as V1

CORE = Path(verdicts.__file__).parents[1]
ROOMS = ("findings", "options", "words")
KINDS: tuple[FindingKind, ...] = get_args(FindingKind)


def keys(*rooms: str) -> set[str]:
    sources = [telling.ENGLISH.joinpath(f"{room}.ftl").read_text(encoding="utf-8") for room in rooms]
    return {key for source in sources for key in re.findall(r"(?m)^([a-z][a-z0-9-]*) =", source)}


def templates() -> list[str]:
    sources = [telling.ENGLISH.joinpath(f"{room}.ftl").read_text(encoding="utf-8") for room in ROOMS]
    return [line for source in sources for line in source.splitlines() if not line.startswith("#")]


# -- every kind, every rule -------------------------------------------------------------------------------------------


def test_all_nineteen_kinds_are_told() -> None:
    assert len(KINDS) == 19
    assert set(explain.RULES) == set(explain._KINDS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_with_all_its_evidence_is_told_in_short_sentences_with_its_own_numbers(kind: FindingKind) -> None:
    for f in FINDINGS:
        if f.finding_kind == kind:
            told = explain.sentences(f, say)
            assert told or len(f.parties) == 1 or not f.evidence.place
            assert all(s.endswith(".") and len(s.split()) <= explain.MAX_WORDS for s in told), told
            assert explain.recompute(f, " ".join(told), say), told


@pytest.mark.parametrize(("kind", "rule"), [(k, r) for k in KINDS for r in explain.RULES[k]])
def test_every_rule_changes_what_is_said(kind: FindingKind, rule: str) -> None:
    parties = 1 if rule in (*explain.PROBLEMS, "closed", "load-class", "uncounted", "TABOO", "PROTECTED") else 2
    f = telling.full(kind, rule, parties)
    others = [replace(f, evidence=replace(f.evidence, rule=r)) for r in explain.RULES[kind] if r != rule]
    assert explain.sentence(f, say)
    if kind != "broken-dependency":  # cover in time and in place begin alike, and go on differently
        assert all(explain.phrases(f) != explain.phrases(o) for o in others)


def test_no_text_is_missing_and_none_is_there_for_nothing() -> None:
    used: set[str] = set()

    def noting(key: str, lang: str, **args: Any) -> str:
        used.add(key)
        return say(key, lang, **args)

    for f in FINDINGS:
        explain.sentence(f, noting)
    for option, f in telling.ways_out():
        explain_options.option_sentence(option, f, noting)
    assert used - {"list-and"} == keys(*ROOMS)


def test_every_word_that_a_rule_can_be_is_known_to_the_sentences() -> None:
    known = {rule for rules in explain.RULES.values() for rule in rules}
    found = set(written("rule", {"Problem": 1, "Breach": 0, "Clash": 0, "_clash": 0, "Fault": 0}))
    found |= set(get_args(links.Rule))
    assert {"exclusive", "crowd", "no-extent", "stale", "headway", "outside", "draft"} <= found
    assert found <= known


def test_every_doubt_that_is_written_has_its_words() -> None:
    found = set(written("because", {"Breach": 2, "Shortfall": 4}, within=("_doubts", "_units", "_vehicles", "_scope")))
    assert {"times", "heights", "progress", "extent", "speed", "units", "scope", "position"} <= found
    assert found - {"uncounted"} <= explain.DOUBTS | explain.CAVEAT_DOUBTS


def written(keyword: str, calls: dict[str, int], within: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the words that stand in the code for a value: by its keyword, or by its place in some calls.

    Also what the functions in ``within`` return or yield.
    """
    for file in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if name in calls and len(node.args) > calls[name]:
                    yield from constants(node.args[calls[name]])
                yield from (w for k in node.keywords if k.arg == keyword for w in constants(k.value))
            if isinstance(node, ast.FunctionDef) and node.name in within:
                ends = [n.value for n in ast.walk(node) if isinstance(n, ast.Return | ast.Yield) and n.value]
                yield from (w for end in ends for w in constants(end))
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict) and within:
                named = [t.id for t in node.targets if isinstance(t, ast.Name)] == ["doubts"]
                yield from (w for k in node.value.keys if named and k for w in constants(k))


def constants(node: ast.expr) -> Iterator[str]:
    """Yield the words that a value can be; not those that it is compared with, looked up by or made of."""
    match node:
        case ast.Constant(value=str() as word) if word:
            yield word
        case ast.IfExp(body=body, orelse=other):
            yield from (*constants(body), *constants(other))
        case ast.BoolOp(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (w for part in parts for w in constants(part))


def test_every_activity_that_a_message_can_be_has_its_words() -> None:
    assert {f"{k} movement" for k in get_args(MovementNotice.__annotations__["movement_kind"])} <= phrases.WHATS
    assert {f"{k} hazard" for k in get_args(HazardNotice.__annotations__["hazard_kind"])} <= phrases.WHATS
    assert {p.what.removeprefix("exclusive ") for f in found() for p in f.parties} <= phrases.WHATS


def found() -> list[Finding]:
    engine = Engine(V1)
    effects = [e for step, m in MESSAGES.items() for e in engine.handle(logged(m, step))]
    return [e.body for e in effects if isinstance(e.body, Finding)]


# -- what is never said -----------------------------------------------------------------------------------------------


def test_nothing_is_approved_cleared_or_denied_and_nobody_is_told_to_give_way() -> None:
    words = (
        r"approv\w*|clear(ed|ance)|den(y|ied)|free|safe\w*|must|shall|should|has to|have to|gives? way|yields?|priority"
    )
    never = re.compile(rf"\b({words})\b", re.I)
    assert [line for line in templates() if never.search(line)] == []
    assert never.search("A must give way.")


def test_a_template_holds_no_number_of_its_own() -> None:
    texts_ = [re.sub(r"\{[^}]*\}|\[\w+\] 1 order|^[a-z0-9-]+ =", "", line) for line in templates()]
    assert [t for t in texts_ if re.search(r"\d", t)] == []


# -- law 9: planted faults --------------------------------------------------------------------------------------------


def planted(key: str, text: str) -> Any:
    return lambda k, lang="en", **args: text if k == key else say(k, lang, **args)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("They come within 672.7 m.", True),
        ("They come within 673 m.", False),
        ("Wait 45 min.", False),
        ("Until 141046ZMAR27.", False),
        ("A " + "very " * 24 + "long sentence.", False),
    ],
)
def test_law_9_fails_where_a_number_is_not_the_finding_s_or_a_sentence_is_long(text: str, holds: bool) -> None:
    f = telling.full("incompatible-activities", "CLOSURE/USE")
    fault = planted("said-incompatible-activities-distance", text)
    assert explain.recompute(f, explain.sentence(f, fault), fault) is holds


def test_law_9_fails_where_text_and_finding_are_not_the_same() -> None:
    f = telling.full("route-capacity", "load-class", 1)
    text = explain.sentence(f, say)
    assert explain.recompute(f, text, say)
    assert not explain.recompute(f, text.replace("40", "30"), say)
    assert not explain.recompute(replace(f, evidence=replace(f.evidence, load_class=31)), text, say)
    assert not explain.recompute(f, text + " ", say)


def test_a_rule_of_another_release_is_not_told_in_our_words() -> None:
    f = telling.full("mandate", "colour")
    assert explain.sentence(f, say) == ""


# -- other languages --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return Catalogue(with_another_language(tmp_path_factory.mktemp("texts")))


def test_another_language_is_a_folder_of_texts_and_then_no_english_is_left(catalogue: Catalogue) -> None:
    assert catalogue.languages == ("en", "qq")
    neutral = re.compile(r"\b(min|m|s|h|MHz|m/s)\b")
    for f in FINDINGS:
        text = explain.sentence(f, catalogue.say, "qq")
        assert not re.search(r"[a-z]", neutral.sub("", text)), text
        assert explain.recompute(f, text, catalogue.say, "qq")
    for option, f in telling.ways_out():
        text = explain_options.option_sentence(option, f, catalogue.say, "qq-XX")
        assert not re.search(r"[a-z]", neutral.sub("", text)), text


def test_a_text_that_a_language_lacks_is_given_in_english(tmp_path: Path) -> None:
    folder = with_another_language(tmp_path)
    file = folder / "qq" / "findings.ftl"
    file.write_text(file.read_text().replace("said-arbiter =", "said-somebody ="))
    told = explain.sentences(FINDINGS[0], Catalogue(folder).say, "qq")
    assert told[-1] == "FHQ-U3 can decide."
    assert "жж" in told[0]


@pytest.mark.parametrize("source", ["no text at all", "said = { $x", "arbiter = a\narbiter = b"])
def test_a_catalogue_with_a_line_that_is_no_text_or_a_text_twice_is_refused(source: str, tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.ftl").write_text(source)
    with pytest.raises(texts.Unreadable, match=r"en/a\.ftl"):
        Catalogue(tmp_path).say("arbiter")


def test_release_tells_each_reader_in_its_own_language(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "say", catalogue.say)
    known = tuple(replace(p, language="qq") if p.id == "xbl-batt" else p for p in MISSION.participants)
    office = Office(replace(MISSION, participants=known))
    party = telling.full("route-capacity", "load-class", 1).parties[0]
    evidence = Evidence(rule="load-class", place="KESSA", load_class=30, required_class=40)
    office.find(make_finding("f", replace(party, issuer="xbl-batt"), told=("xbl-batt",), finding_kind="route-capacity",
                             evidence=evidence, arbiter="SC-HQ"))  # fmt: skip
    item = office.on_board("xbl-batt", "finding", "f")
    assert item is not None
    assert {"40", "30"} <= set(re.findall(r"\d+", item.body.sentence))
    assert not re.search(r"[a-z]", item.body.sentence)


def test_what_is_kept_of_a_finding_is_told_anew_when_it_changes(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core_telling, "MOST", 2)
    teller = core_telling.Teller(catalogue.say)
    for f in FINDINGS[:40]:
        for of in (f, replace(f, id=f.evidence.rule), f):
            for lang in ("en", "qq"):
                assert teller.tell(of, lang) == explain.sentence(of, catalogue.say, lang)


def test_the_engine_puts_no_sentence_into_the_log() -> None:
    assert {f.sentence for f in found()} == {""}
