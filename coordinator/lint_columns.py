"""Lint of the heads of a participant's own tables: fields that exist, heads that can be found, each once."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from adapters.sheet import columns
from adapters.words import fold
from coordinator.core.mission import Column, Mission
from coordinator.errors import ConfigFinding


def _columns(mission: Mission) -> Iterator[ConfigFinding]:
    for i, participant in enumerate(mission.participants):
        seen: set[str] = set()
        for j, column in enumerate(participant.columns):
            path = f"participants[{i}].columns[{j}]"
            yield from _column(column, path)
            if fold(column.head) in seen:
                what = f'"{participant.id}" has two heads "{column.head}"'
                yield ConfigFinding(path=f"{path}.head", what=what, hint="leave one of them out")
            seen.add(fold(column.head))


def _column(column: Column, path: str) -> Iterator[ConfigFinding]:
    if not fold(column.head) or len(column.head) > columns.LONGEST:
        what = f"a head has 1 to {columns.LONGEST} characters, this one {len(column.head)}"
        yield ConfigFinding(path=f"{path}.head", what=what, hint="copy it from the first row of the table")
    if column.field not in columns.every_field():
        what = f'no table has a field "{column.field}"; known: {", ".join(sorted(columns.every_field()))}'
        yield ConfigFinding(path=f"{path}.field", what=what)
    if column.language and column.language not in columns.LANGUAGES:
        what = f'tables are not read in "{column.language}"; known: {", ".join(columns.LANGUAGES)}'
        yield ConfigFinding(path=f"{path}.language", what=what, hint="leave language out to have it found out")


CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (_columns,)
