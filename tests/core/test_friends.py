"""False friends in order texts: each form is found, told once, and nothing is refused. Source: domain.md R-26."""

from typing import Any

import pytest

from coordinator.core.friends import FRIENDS, LONGEST, false_friends
from coordinator.services.judge import Accepted, Input, judge
from schemas import registry, subjects
from schemas.directives import Directive
from tests.support.v1 import MISSION


@pytest.mark.parametrize("friend", FRIENDS, ids=lambda f: f"{f.lang}-{f.word}")
def test_a_false_friend_is_found_in_each_of_its_forms(friend: Any) -> None:
    for stem in friend.stems:
        assert false_friends(f"2 COY {stem.upper()}x KESSA", friend.lang) == (friend,)
        assert false_friends(f"2 COY a{stem} KESSA", friend.lang) == ()
    assert friend.means != friend.taken_for


@pytest.mark.parametrize(
    ("lang", "text", "found"),
    [
        ("fr", "Contrôler le pont, éventuellement dans un délai de 2 h.", ["contrôler", "éventuel", "délai"]),
        ("fr-CA", "Contrôlez, contrôlez.", ["contrôler"]),
        ("es", "Asistir al convoy en el puesto actual.", ["asistir", "actual"]),
        ("en", "Control the bridge. Delay the convoy.", ["control", "delay"]),
        ("en", "Hold the bridge.", []),
        ("ar", "control", []),
        ("tlh", "control", []),
        ("", "control", []),
        ("en", "x " * LONGEST + "control", []),
    ],
)
def test_false_friends_are_told_once_each_as_they_come(lang: str, text: str, found: list[str]) -> None:
    assert [f.word for f in false_friends(text, lang)] == found


@pytest.mark.parametrize(
    ("sender", "lang", "task", "warned"),
    [
        ("sn-hq", "fr", "Contrôler le pont dans un délai de 2 h", ["contrôler", "délai"]),
        ("xga-fpu", "", "Contrôler le pont", ["contrôler"]),
        ("sn-hq", "fr", "Tenir le pont", []),
        ("sn-hq", "en", "Hold the bridge", []),
    ],
)
def test_an_order_with_a_false_friend_is_accepted_and_its_sender_is_told(
    sender: str, lang: str, task: str, warned: list[str]
) -> None:
    order = registry.pack(Directive(directive_kind="frago", task=task), id="A", originator=sender, lang=lang)
    verdict = judge(Input("i", subjects.native(sender, "directive"), registry.encode(order), 1), MISSION, "live", 1)
    assert isinstance(verdict, Accepted)
    told_ = [w for w in verdict.answer.warnings if w.code == "false-friend"]
    assert [w.text.split('"')[1] for w in told_] == warned
    assert all(w.path == "task" and len(w.text) <= 200 for w in told_)
