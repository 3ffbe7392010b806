"""False friends in order texts: a word that a reader of another language takes for another one.

A word of an order is not wrong for it: whoever wrote it is told once, with a plainer word, and decides. Only languages
that share roots have them; a table, so that a mission's linguists can read it. Source: reference domain.md R-26.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

LONGEST: Final = 20_000
"""Characters of a text that are looked at: an order is a page or two."""


class Friend(NamedTuple):
    """A word of a language, its meaning there, what others read in it (in English), and a plainer word."""

    lang: str
    word: str
    means: str
    taken_for: str
    instead: str
    stems: tuple[str, ...]
    """How its forms begin, in small letters."""


FRIENDS: Final = (
    Friend("en", "control", "direct, or hold ground", "check (contrôler, controlar)", "hold, direct or check",
           ("control",)),
    Friend("en", "eventually", "in the end", "perhaps (éventuellement)", "in the end, or perhaps", ("eventual",)),
    Friend("en", "demand", "require", "ask for (demander)", "require, or ask for", ("demand",)),
    Friend("en", "delay", "lateness; to hold up", "time allowed (délai)", "late by, or slow down", ("delay",)),
    Friend("en", "actual", "real", "present (actuel, actual)", "real, or present", ("actual",)),
    Friend("en", "assist", "help", "be present (assister, asistir)", "help, or attend", ("assist",)),
    Friend("en", "sanction", "permit; or a penalty", "punish (sanctionner)", "permit, or penalty", ("sanction",)),
    Friend("fr", "contrôler", "vérifier", "hold, direct (control)", "vérifier, tenir ou diriger",
           ("contrôl", "control")),
    Friend("fr", "éventuel", "possible", "in the end (eventual)", "possible, ou à la fin", ("éventuel", "eventuel")),
    Friend("fr", "demander", "prier de", "require (demand)", "prier de, ou exiger", ("demand",)),
    Friend("fr", "délai", "temps accordé", "lateness (delay)", "temps accordé, ou retard", ("délai", "delai")),
    Friend("fr", "actuel", "présent", "real (actual)", "présent, ou réel", ("actuel",)),
    Friend("fr", "assister", "aider, ou être présent", "help (assist)", "aider, ou être présent", ("assist",)),
    Friend("fr", "prévenir", "avertir", "keep from happening (prevent)", "avertir, ou empêcher",
           ("préven", "prévien", "preven", "previen")),
    Friend("fr", "sanctionner", "punir, ou approuver", "permit (sanction)", "punir, ou approuver", ("sanction",)),
    Friend("es", "controlar", "verificar, o dominar", "hold, direct (control)", "verificar, dominar o dirigir",
           ("control",)),
    Friend("es", "eventual", "posible", "in the end (eventual)", "posible, o al final", ("eventual",)),
    Friend("es", "actual", "presente", "real (actual)", "presente, o real", ("actual",)),
    Friend("es", "asistir", "estar presente", "help (assist)", "estar presente, o ayudar", ("asist",)),
    Friend("es", "demandar", "exigir", "ask for (demander)", "exigir, o pedir", ("demand",)),
    Friend("es", "pretender", "tener intención", "feign (pretend)", "tener intención, o simular", ("pretend",)),
    Friend("es", "compromiso", "obligación", "middle way (compromise)", "obligación, o acuerdo", ("compromis",)),
    Friend("ru", "контролировать", "проверять", "hold, direct (control)", "проверять, удерживать или руководить",
           ("контрол",)),
    Friend("ru", "актуальный", "существенный сейчас", "real (actual)", "нынешний, или действительный", ("актуальн",)),
    Friend("ru", "декада", "десять дней", "ten years (decade)", "десять дней, или десять лет", ("декад",)),
    Friend("ru", "претендовать", "добиваться", "feign (pretend)", "добиваться, или притворяться", ("претенд",)),
)  # fmt: skip


def _spotter(lang: str) -> re.Pattern[str]:
    stems = sorted({s for f in FRIENDS if f.lang == lang for s in f.stems}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, stems))})\w*")


_SPOTTERS: Final[Mapping[str, re.Pattern[str]]] = {lang: _spotter(lang) for lang in {f.lang for f in FRIENDS}}
_BY_STEM: Final[Mapping[tuple[str, str], Friend]] = {(f.lang, s): f for f in FRIENDS for s in f.stems}


def false_friends(text: str, lang: str) -> tuple[Friend, ...]:
    """Return the false friends in a text of a language (``fr`` or ``fr-CA``), each once, as they come; none if the
    language has no table. Only the first `LONGEST` characters are looked at."""
    tongue = lang.partition("-")[0].casefold()
    spotter = _SPOTTERS.get(tongue)
    found = spotter.findall(text[:LONGEST].casefold()) if spotter else []
    return tuple(dict.fromkeys(_BY_STEM[tongue, stem] for stem in found))
