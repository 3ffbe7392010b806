"""What became of an input, in the sender's words: a few lines for a person, one JSON object for a program. Pure.

It is in the sender's language; where no text is known for a reason, that reason is as the adapters say it.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from coordinator.client import Outcome
from coordinator.gates import phrasebook
from coordinator.gates.visible import clean
from coordinator.ports import Answered
from coordinator.texts import say

SHOWN: Final = 3  # ids and warnings that are named; the JSON has all of them
_HEAD: Final = {True: "answer-accepted", False: "answer-refused", None: "answer-kept"}


def answered(outcome: Outcome, language: str) -> Answered:
    """Return an outcome as its sender gets it."""
    return Answered(outcome.accepted, "\n".join(_lines(outcome, language)), msgspec.json.encode(outcome))


def _lines(outcome: Outcome, lang: str) -> Iterator[str]:
    yield say(_HEAD[outcome.accepted], lang, name=clean(outcome.name) or outcome.input)
    if outcome.accepted is False:
        yield say("answer-where", lang, path=clean(outcome.path))
        yield say("answer-why", lang, why=phrasebook.told(clean(outcome.why), lang))
        if outcome.hint:
            yield say("answer-mend", lang, hint=phrasebook.told(clean(outcome.hint), lang, phrasebook.MEND))
    yield from _read(outcome, lang)
    if outcome.duplicate:
        yield say("answer-again", lang)
    yield say("answer-input", lang, input=outcome.input)


def _read(outcome: Outcome, lang: str) -> Iterator[str]:
    """Yield what was read out of an input."""
    if outcome.positions and outcome.positions == len(outcome.ids):
        yield say("answer-positions", lang, count=str(outcome.positions))
    elif outcome.ids:
        yield say("answer-ids", lang, ids=" ".join(map(clean, outcome.ids[:SHOWN]))) + _more(outcome.ids, lang)
    if outcome.losses:
        yield say("answer-losses", lang, count=str(outcome.losses))
    for text in outcome.warnings[:SHOWN]:
        yield say("answer-look", lang, text=clean(text))
    if more := _more(outcome.warnings, lang).strip():
        yield more


def _more(listed: tuple[str, ...], lang: str) -> str:
    left = len(listed) - SHOWN
    return f" {say('answer-more', lang, count=str(left))}" if left > 0 else ""
