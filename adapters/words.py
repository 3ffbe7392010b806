"""Text as it really arrives: bytes in some encoding, digits and marks of many writing systems.

The original text is never changed; `plain` makes the copy that is parsed, `fold` the copy that is looked up.
Source: reference formats.md §2.5.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, Final, NamedTuple, ParamSpec, TypeVar

from adapters.base import Rejected
from schemas.envelope import Warning

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose little-endian mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKS: Final = {
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u3000": " ",  # blanks
    "\u2018": "'", "\u2019": "'", "\u2032": "'", "\u00b4": "'", "\u02bc": "'",  # single quotes and primes
    "\u201c": '"', "\u201d": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\ufe63": "-",
    "\u00ba": "\u00b0", "\u02da": "\u00b0", "\u066b": ".", "\u066c": ",", "\u060c": ",", "\uff1a": ":",
    "\uff0c": ",", "\u3001": ",", "\uff08": "(", "\uff09": ")", "\u3002": ".", "\uff0e": ".", "\uff1b": ";",
    "\u061b": ";", "\uff0f": "/", "\uff0d": "-", "\uff0b": "+", "\uff1d": "=", "\u066a": "%",
    "\u200e": "", "\u200f": "", "\u061c": "", "\u202a": "", "\u202b": "", "\u202c": "", "\u202d": "", "\u202e": "",
    "\u2066": "", "\u2067": "", "\u2068": "", "\u2069": "", "\ufeff": "", "\u00ad": "", "\u0640": "",
}  # fmt: skip
_DIGITS: Final = {
    start + i: str(i)
    for start in (0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10)  # Arabic, Persian, Devanagari, Bangla, full-width
    for i in range(10)
}
_WIDE: Final = {chr(0xFEE0 + ord(c)): c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
_PLAIN: Final = str.maketrans({**_MARKS, **_WIDE, **{chr(k): v for k, v in _DIGITS.items()}})
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd]")
_UNPRINTED: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_MOJIBAKE: Final = 0.1  # this share of control characters: no text in any encoding


class Text(NamedTuple):
    """Decoded text, how it was decoded, and a warning where that was a guess."""

    text: str
    encoding: str
    warnings: tuple[Warning, ...] = ()


def decoded(data: bytes) -> Text:
    """Return bytes as text: by its mark, as UTF-8, or in the Windows encoding that fits best, with a warning.

    Raises:
        Rejected: the bytes are no text in any of them.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(Text(_by_mark(data, encoding), encoding))
    try:
        return _checked(Text(data.decode(), "utf-8"))
    except UnicodeDecodeError as error:
        at = error.start
    encoding = _windows(data)
    text = data.decode(encoding, errors="replace")
    place = f"line {data.count(10, 0, at) + 1}, byte {at}"
    guess = Warning(code="encoding-guessed", path=place, text=f"not UTF-8; read as Windows-{encoding[2:]}")
    return _checked(Text(text, encoding, (guess,)))


def _windows(data: bytes) -> str:
    """Return cp1252, cp1251 (Russian) or cp1256 (Arabic), whichever makes the likeliest letters.

    In Western languages letters beyond ASCII stand alone between others; in Russian and Arabic whole words are made of
    them. Of those bytes every fifth of Arabic is an alef or a lam; in Russian the same two stand for rare letters.
    """
    runs = _RUNS.findall(data[:65536])
    long = [run for run in runs if len(run) >= _WORD]
    if 2 * len(long) < len(runs):
        return "cp1252"
    joined = b"".join(long)
    return "cp1256" if (joined.count(_ALEF) + joined.count(_LAM)) * _FREQUENT > len(joined) else "cp1251"


_RUNS: Final = re.compile(rb"[\x80-\xff]+")
_WORD: Final = 3  # bytes beyond ASCII in a row
_ALEF: Final = "\u0627".encode("cp1256")
_LAM: Final = "\u0644".encode("cp1256")
_FREQUENT: Final = 10  # one byte in at most so many


def _by_mark(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Rejected(
            f"byte {error.start}",
            f"its mark says {encoding}, but it is not",
            "save the text as UTF-8 and send it again",
        ) from None


def _checked(read: Text) -> Text:
    bad = len(_CONTROLS.findall(read.text, 0, 65536))
    if bad > _MOJIBAKE * min(len(read.text), 65536) or "\0" in read.text:
        raise Rejected("input", "it is no text", "send text (UTF-8), or name the format that it is in")
    return read


def plain(text: str) -> str:
    """Return the copy to parse: ASCII digits, plain blanks, quotes, hyphens and minus."""
    return text if text.isascii() else text.translate(_PLAIN)


P = ParamSpec("P")
T = TypeVar("T")


def remembered(most: int) -> Callable[[Callable[Concatenate[str, P], T]], Callable[Concatenate[str, P], T]]:
    """Remember the last ``most`` results of a function of a text; none of long texts: nobody fills the memory so."""

    def remembering(function: Callable[Concatenate[str, P], T]) -> Callable[Concatenate[str, P], T]:
        kept = lru_cache(maxsize=most)(function)

        @wraps(function)
        def remembers(text: str, /, *rest: P.args, **named: P.kwargs) -> T:
            if len(text) > _LONG:
                return function(text, *rest, **named)
            return kept(text, *rest, **named)  # type: ignore[arg-type]  # the rest is hashable: texts and numbers

        return remembers

    return remembering


_LONG: Final = 200  # characters


@remembered(4096)
def fold(text: str) -> str:
    """Return the copy to look up: no accents, no case, single blanks, no closing punctuation."""
    return " ".join(bare(text).replace("_", " ").split()).strip(" .:;-*#")


def bare(text: str) -> str:
    """Return text without accents and case."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", plain(text))
    return "".join([c for c in apart if not unicodedata.combining(c)]).casefold()


_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")


def number(text: str) -> float | None:
    """Return a number written with a decimal point or comma, or None; thousands are not guessed at."""
    flat = plain(text).strip().replace(" ", "")
    if flat.count(",") == 1 and "." not in flat:
        flat = flat.replace(",", ".")
    if not _NUMBER.fullmatch(flat):
        return None
    value = float(flat)
    return value if abs(value) < 1e12 else None


def count(text: str) -> int | None:
    """Return a whole number from 0, or None."""
    value = number(text)
    return int(value) if value is not None and value >= 0 and value == int(value) else None


def revision_of(identity: str) -> tuple[str, int]:
    """Split an id as people write its revision (``XCO-BR-11 v2``, ``... rev 3``, ``... CHANGE 1``) from it.

    A change counts from the first issue: change 1 is revision 2.
    """
    head, _, tail = identity.strip().rpartition(" ")
    word, digits = _word_and_digits(tail)
    if not head or not digits:
        return identity.strip(), 1
    if not word:
        head, _, last = head.rpartition(" ")
        word = fold(last)
    if not head or len(digits) > 4 or word not in _REVISION_WORDS:
        return identity.strip(), 1
    return head.strip(" ,;-"), max(1, int(digits) + _REVISION_WORDS[word])


_REVISION_WORDS: Final = {
    "v": 0, "ver": 0, "version": 0, "r": 0, "rev": 0, "revision": 0, "revisee": 0,
    "change": 1, "chg": 1, "changement": 1, "cambio": 1, "modificatif": 1,
}  # fmt: skip


def _word_and_digits(token: str) -> tuple[str, str]:
    flat = fold(token)
    word = flat.rstrip("0123456789")
    return word.rstrip(". "), flat[len(word) :]


def printable(text: str) -> str:
    """Return text without the control characters that XML and terminals cannot bear."""
    return _UNPRINTED.sub("", text)
