"""What happens to inputs on their way: bits, pieces and members of archives are lost, doubled, swapped or replaced."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Final

from tests.formats.test_laws import HOSTILE

_SEPARATORS: Final = (b"<", b">", b"\n", b",", b";", b"/", b'"', b"{", b" ", b":", b"=", b"|")
_TOKEN: Final = re.compile(rb"[\w.:@#-]{2,24}")
_MOST: Final = 200_000  # bytes of an input
_TOKENS: Final = 5_000


class Accidents:
    """Accidents as the dice fall; ``seeds`` may grow meanwhile."""

    def __init__(self, dice: random.Random, seeds: Sequence[bytes]) -> None:
        self._dice = dice
        self._seeds = seeds
        said = {token for seed in seeds for token in _TOKEN.findall(seed)}
        self._tokens = [*HOSTILE, *sorted(said)[:_TOKENS]]

    def happen(self, data: bytes) -> bytes:
        """Return an input after one to four accidents; in an archive they may befall a member."""
        if data.startswith(b"PK") and self._dice.random() < 0.7 and (packed := self._in_archive(data)):
            return packed
        for _ in range(self._dice.randint(1, 4)):
            data = self._dice.choice(_ACCIDENTS)(self, data)
        return data[:_MOST]

    def _at(self, data: bytes) -> int:
        return self._dice.randint(0, len(data))

    def _flip(self, data: bytes) -> bytes:
        if not data:
            return data
        at = self._dice.randrange(len(data))
        return data[:at] + bytes([data[at] ^ (1 << self._dice.randrange(8))]) + data[at + 1 :]

    def _replace(self, data: bytes) -> bytes:
        at = self._at(data)
        return data[:at] + bytes([self._dice.randrange(256)]) + data[at + 1 :]

    def _cut(self, data: bytes) -> bytes:
        at = self._at(data)
        return data[:at] + data[at + self._dice.randint(1, 60) :]

    def _double(self, data: bytes) -> bytes:
        at = self._at(data)
        part = data[at : at + self._dice.randint(1, 120)]
        return data[:at] + part * self._dice.choice((2, 2, 3, 50)) + data[at + len(part) :]

    def _token(self, data: bytes) -> bytes:
        at = self._at(data)
        return data[:at] + self._dice.choice(self._tokens) + data[at:]

    def _word(self, data: bytes) -> bytes:
        """Replace one word by another."""
        found = list(_TOKEN.finditer(data[:20_000]))
        if not found:
            return self._token(data)
        word = self._dice.choice(found)
        return data[: word.start()] + self._dice.choice(self._tokens) + data[word.end() :]

    def _splice(self, data: bytes) -> bytes:
        other = self._dice.choice(self._seeds)
        return data[: self._at(data)] + other[self._at(other) :]

    def _pieces(self, data: bytes) -> bytes:
        """Swap, lose or double pieces between separators, or take one from another seed."""
        sign = self._dice.choice(_SEPARATORS)
        parts, others = data.split(sign), self._dice.choice(self._seeds).split(sign)
        one, two = self._dice.randrange(len(parts)), self._dice.randrange(len(parts))
        what = self._dice.randrange(4)
        if what == 0:
            parts[one], parts[two] = parts[two], parts[one]
        elif what == 1:
            del parts[one]
        elif what == 2:
            parts.insert(one, parts[two])
        else:
            parts[one] = self._dice.choice(others)
        return sign.join(parts)

    def _in_archive(self, data: bytes) -> bytes | None:
        """Return an archive after accidents to one of its members; None if it cannot be opened."""
        packed = io.BytesIO()
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = {name: archive.read(name) for name in archive.namelist()[:50]}
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error):
            return None
        if not members:
            return None
        hit = self._dice.choice([*members])
        for _ in range(self._dice.randint(1, 3)):
            members[hit] = self._dice.choice(_ACCIDENTS)(self, members[hit])[:_MOST]
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name), content)
        return packed.getvalue()


_ACCIDENTS: Final[tuple[Callable[[Accidents, bytes], bytes], ...]] = (
    Accidents._flip, Accidents._replace, Accidents._cut, Accidents._double, Accidents._token, Accidents._word,
    Accidents._word, Accidents._splice, Accidents._pieces, Accidents._pieces, Accidents._pieces,
)  # fmt: skip
