"""Findings in words, worked out once a language: every reader, and every card that lists a finding, gets the same."""

from typing import Final

from coordinator.core.deconfliction import explain
from coordinator.core.deconfliction.phrases import Say
from schemas.findings import Finding

MOST: Final = 4096
"""Findings whose words are kept; with one more, all are worked out again."""


class Teller:
    """Tells whole findings. What it keeps changes nothing about what it says."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self._kept: dict[str, tuple[Finding, dict[str, str]]] = {}

    def tell(self, finding: Finding, lang: str) -> str:
        """Return all that a finding says, in a language; nothing if it is not known how to tell it."""
        kept, texts = self._kept.get(finding.id, (None, {}))
        if kept is not finding:
            texts = {}
            if len(self._kept) >= MOST:
                self._kept.clear()
            self._kept[finding.id] = finding, texts
        if lang not in texts:
            texts[lang] = explain.sentence(finding, self.say, lang)
        return texts[lang]
