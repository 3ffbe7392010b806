"""The leaves of the short form, by slashes only: no table of letters, no codecs; the check is worked out bit by bit."""

import re
from collections.abc import Iterator

_SEAL = re.compile(r"\*[0-9A-F]{4}\s*$")
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩٫０１２３４５６７８９", "0123456789.0123456789")
_WIDE = {chr(0xFEE0 + n): chr(n) for n in range(ord("!"), ord("~") + 1)} | {"\u3000": " "}


def fields(data: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Yield where each field stands, its value, and the input with another value."""
    messages = _messages(data.decode())
    for n, text in enumerate(messages):
        where = f"message {n + 1}: " if len(messages) > 1 else ""
        pieces = re.split(r"(?<!/)[/\uff0f](?!/)", _SEAL.sub("", text))
        for i, piece in enumerate(pieces):
            for at, value, changed in _changes(i, " ".join(piece.split())):
                edited = "/".join((*pieces[:i], changed, *pieces[i + 1 :]))
                whole = [*messages[:n], _sealed(edited, text), *messages[n + 1 :]]
                yield where + at, value, "\n".join(whole).encode()


def _changes(number: int, piece: str) -> Iterator[tuple[str, str, str]]:
    """Yield the leaves of a field, or of the head: its id, and each word behind it."""
    if number:
        size = 2 if piece[0].translate(str.maketrans(_WIDE)).upper() in "XY" else 1
        code = piece[:size].translate(str.maketrans(_WIDE)).upper()
        yield f"field {number} ({code})", piece[size:].strip().replace("//", "/"), f"{piece[:size]}zz9 {piece[size:]}"
        return
    words = piece.split()
    for i, word in enumerate(words[1:], 1):
        if word != "-" and word.upper() not in ("HAZ", "MEDEVAC"):
            yield "words", word, " ".join((*words[:i], f"zz9{word}", *words[i + 1 :]))


def _messages(text: str) -> list[str]:
    """Return the messages of an input: parts put in order, other lines that begin with a word and an id apart."""
    found = [re.match(r"(\d)/\d \S+ (.*)", line) for line in text.splitlines()]
    if found and all(found):
        return ["".join(m[2] for m in sorted((m for m in found if m), key=lambda m: m[1]))]
    starts = [m.start() for m in re.finditer(r"^[A-Z]{3} \S+/[A-Z]", text, re.MULTILINE)]
    return [text[a:b].strip() for a, b in zip([0, *starts[1:]], [*starts[1:], len(text)], strict=True)]


def _sealed(edited: str, before: str) -> str:
    """Return a text with a check of its own, if it had one."""
    if not _SEAL.search(before):
        return edited
    flat = "".join(edited.translate(str.maketrans(_WIDE)).translate(_DIGITS).split()).upper()
    register = 0
    for byte in flat.encode():
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ 0x1021 if register & 0x8000 else register << 1) & 0xFFFF
    return f"{edited}*{register:04X}"
