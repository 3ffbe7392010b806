"""Finding the header of a grid: the row, or pair of rows, or row of HXL tags, under which most columns are known.

1. Looked for within the first 30 rows that say something; a title above it is no header, because it heads one column.
2. A pair of rows is one header if it makes more columns known than either row ("Departure" over "place" and "DTG").
3. A row in which at least half of the cells are HXL tags decides its columns; the row above it heads the others.

Source: reference formats.md §10.4, §10.5.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from adapters import vocabulary
from adapters.sheet import columns, days
from adapters.sheet.cells import Grid, Row, Span
from adapters.sheet.columns import PROFILES, Own, Profile
from adapters.words import fold

WITHIN: Final = 30
_PAIR_GAINS: Final = 2  # more known columns than in either row, before two rows are one header
_REPEATED: Final = frozenset({"place", "withheld"})  # columns of which a table may have several
_NONE: Final[Own] = {}
_SECOND: Final = {"category": "subcategory"}  # what a second column under the same head holds


class Table(NamedTuple):
    """A grid whose header is known; of each column its head, field ("" if unknown) and stated zone letter."""

    grid: Grid
    profile: Profile
    headers: list[str]
    keys: list[str]
    zones: list[str]
    language: str
    first: int  # number of the header's first row
    last: int  # and of its last
    score: int

    @property
    def above(self) -> list[Row]:
        """The rows above the header."""
        return [row for row in self.grid.rows if row.number < self.first]

    @property
    def below(self) -> list[Row]:
        """The rows below the header."""
        return [row for row in self.grid.rows if row.number > self.last]


class _Heads(NamedTuple):
    """A possible header: its texts, and where there are tags, those; the rows that it takes."""

    texts: list[str]
    tags: list[str]
    first: int
    last: int
    own: Own = _NONE


def find(grid: Grid, own: Own = _NONE) -> Table | None:
    """Return the table that a grid is, or None if no row is a header. A sender's own heads come before all others."""
    best: Table | None = None
    rows = [row for row in grid.rows[:WITHIN] if len(row.cells) > 1]
    for heads in (*map(_single, (row for row in rows if not _tags(row))), *_tagged(grid.rows[:WITHIN])):
        best = _better(best, _table(grid, heads._replace(own=own)), 1)
    for top, sub in pairwise(rows):
        if sub.number == top.number + 1 and not _tags(sub):
            best = _better(best, _table(grid, _pair(top, sub, grid.merged)._replace(own=own)), _PAIR_GAINS)
    return best


def _better(best: Table | None, other: Table | None, gains: int) -> Table | None:
    if best is None or other is None:
        return best or other
    return other if other.score >= best.score + gains else best


def _single(row: Row) -> _Heads:
    return _Heads(row.cells, [], row.number, row.number)


def _tagged(rows: Sequence[Row]) -> Iterator[_Heads]:
    """Yield the header that a row of tags makes with the row above it."""
    for i, row in enumerate(rows):
        if _tags(row):
            above = rows[i - 1] if i and rows[i - 1].number == row.number - 1 else row
            yield _Heads(above.cells, row.cells, above.number, row.number)


def _tags(row: Row) -> bool:
    """Say whether a row holds HXL tags: two at least, and at least half of its cells."""
    said = [cell for cell in row.cells if cell]
    tags = sum(map(columns.is_tag, said))
    return tags >= 2 and 2 * tags >= len(said)


def _pair(top: Row, sub: Row, merged: Sequence[Span]) -> _Heads:
    """Return two rows as one header: what is merged heads all columns below it."""
    over = list(top.cells) + [""] * (len(sub.cells) - len(top.cells))
    for span in merged:
        if span.top == top.number and span.left <= len(over):
            for column in range(span.left, min(span.right, len(over))):
                over[column] = over[span.left - 1]
    under = list(sub.cells) + [""] * (len(over) - len(sub.cells))
    if not merged:
        over = _spread(over, under)
    return _Heads([f"{a} {b}".strip() for a, b in zip(over, under, strict=True)], [], top.number, sub.number)


def _spread(over: list[str], under: list[str]) -> list[str]:
    """Fill empty heads from their left where something stands below: CSV keeps no merged cells."""
    found: list[str] = []
    for head, below in zip(over, under, strict=True):
        found.append(head or (found[-1] if found and below else ""))
    return found


def _table(grid: Grid, heads: _Heads) -> Table | None:
    """Return the best table that these heads make, or None if they make none."""
    best: Table | None = None
    for profile, texts in _possible(heads):
        language = columns.spoken(profile, heads.texts, heads.own) or _language(profile, texts)
        keys = _keys(profile, heads, language)
        known = {key for key in keys if key}
        if (
            len(known) >= 2
            and all(need & known for need in profile.needs)
            and (best is None or len(known) > best.score)
        ):
            width = max(len(heads.texts), len(heads.tags))
            texts = [*heads.texts, *[""] * (width - len(heads.texts))]
            headers = [" ".join(t.split()) or tag for t, tag in zip(texts, _padded(heads.tags, width), strict=True)]
            zones = [days.zone_of(header) for header in headers]
            best = Table(grid, profile, headers, keys, zones, language, heads.first, heads.last, len(known))
    return best


def _possible(heads: _Heads) -> list[tuple[Profile, list[str]]]:
    """Return the kinds of table that know two heads at least, and those heads: most rows are data, and make none."""
    texts = [(text, columns.profiles_of(text)) for text in heads.texts]
    ends = (text.rpartition(" ")[2] for text in heads.texts) if heads.first != heads.last else ()
    others = [columns.profiles_of(cell) for cell in (*heads.tags, *ends)]
    found = Counter(name for names in (*(each for _, each in texts), *others) for name in names)
    if heads.own:
        found.update(p.name for p in PROFILES for text in heads.texts if columns.mapped(p, text, heads.own))
    possible = (profile for profile in PROFILES if found[profile.name] >= 2)
    return [(profile, [text for text, names in texts if profile.name in names]) for profile in possible]


def _padded(cells: list[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _language(profile: Profile, headers: Sequence[str]) -> str:
    """Return the language that knows most of the heads."""

    def known(language: str) -> int:
        return sum(columns.knows(profile, cell, language) for cell in headers)

    return max(columns.LANGUAGES, key=known)


def _keys(profile: Profile, heads: _Heads, language: str) -> list[str]:
    """Return the field of each column: by its tag, by its head, by the last words of a head of two rows."""
    keys: list[str] = []
    width = max(len(heads.texts), len(heads.tags))
    for head, tag in zip(_padded(heads.texts, width), _padded(heads.tags, width), strict=True):
        key = columns.mapped(profile, head, heads.own) or (tag and columns.meaning(profile, tag, language))
        key = key or columns.meaning(profile, head, language)
        if not key and not heads.tags and heads.first != heads.last:
            key = columns.meaning(profile, head.rpartition(" ")[2], language)
        if key in keys and key not in _REPEATED:
            key = _SECOND.get(key, "")
        keys.append(key if key in _REPEATED or key not in keys else "")
    return keys


def movement_kind(table: Table) -> str:
    """Return what moves in a table of movements that does not say so row by row.

    Its name, the title above it or a head may say so; a list by organisations and not by units is humanitarian.
    """
    titles = [table.grid.name, *(cell for row in table.above[:WITHIN] for cell in row.cells), *table.headers]
    for text in (t for t in titles if t and len(t) <= 200):
        template, _ = vocabulary.title(text)
        said = [vocabulary.meaning("movement_kind", word) for word in fold(text).split()]
        for kind in ("patrol", "humanitarian"):
            if template == kind or kind in said:
                return kind
    return "humanitarian" if "organisation" in table.keys and "unit" not in table.keys else "convoy"
