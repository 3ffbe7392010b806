"""Why an input was refused, in the sender's language: a reason is known by the English text that it was made from.

Adapters give their reasons in English, with the sender's own words in them. Each text ``refused-*`` and ``mend-*`` of
the English catalogue is a pattern of such reasons; what stands in the place of its values is put into the text of the
other language. A reason without a text stays as it is: nothing is guessed. Pure.
"""

import re
from functools import cache
from typing import Final, NamedTuple

from coordinator import texts

REFUSED: Final = "refused-"
MEND: Final = "mend-"
LONGEST: Final = 600
"""Characters of a reason that is looked up; a longer one stays as it is."""

_VALUE: Final = re.compile(r"\{ \$([a-z]+) \}")


class _Phrase(NamedTuple):
    key: str
    pattern: re.Pattern[str]


def told(reason: str, lang: str, family: str = REFUSED) -> str:
    """Return a reason (``family`` REFUSED) or its mend (MEND) in a language, or as it is if no text is known for it."""
    tongue = lang.partition("-")[0].casefold()
    if tongue == texts.ENGLISH or tongue not in texts.languages() or len(reason) > LONGEST:
        return reason
    for phrase in _phrases(family):
        if found := phrase.pattern.fullmatch(reason):
            return texts.say(phrase.key, lang, **found.groupdict())
    return reason


@cache
def _phrases(family: str) -> tuple[_Phrase, ...]:
    """Return the patterns of a family, those with the most words of their own first."""
    found = ((key, text) for key, text in texts.own().written(texts.ENGLISH, family))
    ranked = sorted(found, key=lambda one: (-len(_VALUE.sub("", one[1])), one[0]))
    return tuple(_Phrase(key, _pattern(text)) for key, text in ranked)


def _pattern(text: str) -> re.Pattern[str]:
    """Return a pattern in which each value is one line, as short as it can be."""
    parts = _VALUE.split(text)
    return re.compile("".join(f"(?P<{p}>.+?)" if i % 2 else re.escape(p) for i, p in enumerate(parts)))
