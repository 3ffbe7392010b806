"""The catalogue: every text is there, says what it must, and never what the bus must not say."""

import re
from importlib import resources
from typing import get_args

import pytest

from coordinator import texts
from coordinator.core import crowding
from coordinator.core.faces import NEXT
from coordinator.core.handling import faces as handling
from coordinator.core.notices import TEXTS
from coordinator.core.occasions import SOURCES
from coordinator.core.tearline import NOUNS, effect_of
from schemas.alerts import AlertKind
from schemas.findings import FindingKind

ARGS = {
    "scene": "", "call": "", "parties": "a", "party": "a", "own": "yes", "what": "order", "about": "X", "count": 2,
    "severity": "HIGH", "arbiter": "A", "known": "yes", "names": "N", "place": "P", "first": "a", "next": "b",
    "who": "X", "limit": 1000, "until_at": "141000ZMAR27", "latest_at": "141000ZMAR27",
}  # fmt: skip
OF_SOURCES = dict.fromkeys((name for s in SOURCES for names in s.TEXTS.values() for name in names), 1)
OF_SOURCES |= dict.fromkeys((name for names in crowding.TEXTS.values() for name in names), 1)
USED = {
    "scene-place", "call", "list-and", "another-activity", "kind-other", "torn-nothing", "card-affected", "card-torn",
    "card-misread", "next-wait", "next-wait-for", "next-nothing", "finding-misread",
    *(f"kind-{noun}" for noun in NOUNS),
    *(f"finding-{kind}" for kind in get_args(FindingKind)),
    *(f"torn-{effect_of(kind)}" for kind in get_args(FindingKind)),
    *(f"card-{kind}" for kind in get_args(AlertKind)),
    *NEXT.values(),
    *TEXTS,
    *handling.TEXTS,
    *crowding.TEXTS,
    *(key for source in SOURCES for key in source.TEXTS),
}  # fmt: skip


def catalogue(lang: str, *rooms: str) -> str:
    folder = resources.files("coordinator").joinpath("texts", lang)
    files = [f for f in folder.iterdir() if not rooms or f.name.removesuffix(".ftl") in rooms]
    return "\n".join(f.read_text(encoding="utf-8") for f in files)


def test_english_has_every_text_that_release_uses() -> None:
    assert set(re.findall(r"(?m)^([a-z][a-z0-9-]*) =", catalogue("en"))) >= USED


@pytest.mark.parametrize("lang", texts.languages())
@pytest.mark.parametrize("key", sorted(USED))
def test_every_text_can_be_written_in_every_language(key: str, lang: str) -> None:
    assert texts.say(key, lang, **(OF_SOURCES | ARGS))


def test_the_bus_never_approves_clears_denies_or_orders() -> None:
    words = re.compile(
        r"\b(approved?|cleared?|denied|permission|safe|must|gives? way|neutrali[sz]e|collateral)\b", re.I
    )
    said = [
        line
        for line in catalogue("en", "release", "cards", "handling", "flood").splitlines()
        if not line.startswith("#")
    ]
    assert [line for line in said if words.search(line)] == []


def test_a_language_without_a_catalogue_reads_english() -> None:
    assert texts.say("next-nothing", "tlh") == texts.say("next-nothing", "en-GB") == "Nothing to do"


def test_a_text_that_is_not_there_is_our_mistake() -> None:
    with pytest.raises(texts.NoText):
        texts.say("no-such-text")
    with pytest.raises(texts.NoText):
        texts.say("call")


def test_large_counts_are_written_without_grouping() -> None:
    assert "1200 cards" in texts.say("card-contact-lost", about="X", count=1200, severity="HIGH")
