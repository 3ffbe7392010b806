"""The catalogue: which sets and message types there are, and which field of a set means what. It is data.

`catalogue.toml` is ours and is not the NATO catalogue (formats.md §1.4). A mission that has a licensed one, or partners
of another baseline, loads its own rows over it: ``Mtf(extended(text), name="mtf-xar")``, offered under the entry-point
group ``coordinator.adapters``. A row that is given replaces the row of that name; everything else stays.
Source: reference formats.md §5.2-5.5.
"""

import re
import tomllib
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Any, Final, Literal, get_args, get_type_hints

import msgspec
from msgspec import Meta

from adapters.base import Rejected
from adapters.words import fold
from schemas.directives import Action, Directive
from schemas.notices import MovementNotice
from schemas.reports import MedevacRequest, SituationReport

Segment = Literal["", "measure", "unit", "mission"]
Profile = Literal[
    "aco", "ato", "situation", "logistics", "medevac", "order", "movement", "acknowledgement", "text",
]  # fmt: skip
_NAME: Final = re.compile(r"[0-9]?[A-Z][A-Z0-9]{1,9}")
_MAX_ROWS: Final = 5_000


class SetRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One set: the names of its fields in order; ``also`` other spellings; ``starts`` the segment that it begins.

    The last field of a free text is the text. What a ``withheld`` set says is never carried: it may name casualties.
    """

    fields: tuple[str, ...] = ()
    kind: Literal["linear", "free", "columnar"] = "linear"
    also: tuple[str, ...] = ()
    starts: Segment = ""
    withheld: bool = False
    empty: bool = False  # that it stands there says something, even without fields
    ours: bool = False  # invented here, for what no public set has a place for


Words = dict[str, tuple[str, ...]]


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """All rows. ``types`` maps profile -> variant -> names; the other tables map a meaning to its words."""

    edition: Annotated[str, Meta(min_length=1, max_length=40)] = ""
    sets: dict[str, SetRow] = {}
    types: dict[Profile, Words] = {}
    headings: Words = {}
    columns: Words = {}
    measures: dict[Literal["restrict", "coordinate"], tuple[str, ...]] = {}
    missions: dict[Action, tuple[str, ...]] = {}
    steps: Words = {}
    lines: Words = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Every spelling of a set's name, with the name itself."""
        return {word: name for name, row in self.sets.items() for word in (name, *row.also)}

    @cached_property
    def kinds(self) -> dict[str, tuple[Profile, str]]:
        """Every name of a message type, with its profile and variant."""
        return {
            word: (profile, variant)
            for profile, variants in self.types.items()
            for variant, words in variants.items()
            for word in words
        }

    @cached_property
    def _meanings(self) -> dict[str, dict[str, str]]:
        tables = {name: _words(self, name) for name in _TABLES}
        return {t: {fold(w): key for key, words in rows.items() for w in words} for t, rows in tables.items()}

    def knows(self, name: str) -> bool:
        """Say whether this is the name of a set, in any spelling."""
        return name in self.names

    def meaning(self, table: str, word: str) -> str:
        """Return what a word means in a table, "" if nothing."""
        return self._meanings[table].get(fold(word), "")

    def type_name(self, profile: Profile, variant: str) -> str:
        """Return the name that a message of a profile goes out under."""
        variants = self.types[profile]
        return (variants.get(variant) or next(iter(variants.values())))[0]


@cache
def builtin() -> Catalogue:
    """Return the catalogue that ships with the bus."""
    return load((files("adapters.mtf") / "catalogue.toml").read_text(encoding="utf-8"))


def load(text: str) -> Catalogue:
    """Return the catalogue that a text holds, if it is in order.

    Raises:
        Rejected: it is no TOML, has an unknown table or key, or a row that contradicts another one.
    """
    return _checked(_rows(text))


def extended(text: str, base: Catalogue | None = None) -> Catalogue:
    """Return a catalogue (the built-in one) with the rows of a text put over it.

    Raises:
        Rejected: as for `load`, of the two together.
    """
    over = _rows(text)
    rows: dict[str, Any] = msgspec.to_builtins(base or builtin())
    for table, given in over.items():
        if table == "types" and isinstance(given, dict):
            given = {p: {**rows[table].get(p, {}), **v} if isinstance(v, dict) else v for p, v in given.items()}
        rows[table] = {**rows.get(table, {}), **given} if isinstance(given, dict) else given
    return _checked(rows)


def _rows(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Rejected("catalogue", f"it is no TOML: {error}", "mend the line that is named") from None


def _checked(rows: dict[str, Any]) -> Catalogue:
    try:
        catalogue = msgspec.convert(rows, Catalogue)
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at ")
        hint = "adapters/mtf/catalogue.toml shows the form"
        raise Rejected(f"catalogue {path.strip('`')}".strip(), why, hint) from None
    for path, why, hint in _lint(catalogue):
        raise Rejected(f"catalogue {path}", why, hint)
    return catalogue


def _lint(of: Catalogue) -> list[tuple[str, str, str]]:
    """Return what is wrong with a catalogue: where, why, and how to mend it."""
    found: list[tuple[str, str, str]] = []
    spelled: dict[str, str] = {}
    if len(of.sets) > _MAX_ROWS:
        found.append(("sets", f"it has more than {_MAX_ROWS} sets", "leave out what nobody sends"))
    for name, row in of.sets.items():
        for word in (name, *row.also):
            if not _NAME.fullmatch(word):
                found.append((f"sets.{name}", f'"{word}" is no name of a set', "2 to 10 capital letters and digits"))
            if (other := spelled.setdefault(word, name)) != name:
                found.append((f"sets.{name}", f'"{word}" is a name of {other} as well', "give each name to one set"))
        if len(set(row.fields)) != len(row.fields) or not all(row.fields):
            found.append((f"sets.{name}.fields", "a field has no name of its own", "name each field once"))
        if row.kind == "free" and not row.fields:
            found.append((f"sets.{name}.fields", "a free text has at least one field", 'write fields = ["text"]'))
    for table in _TABLES:
        found += _twice(table, _words(of, table))
    found += _twice("types", {f"{p}.{v}": words for p, variants in of.types.items() for v, words in variants.items()})
    found += [
        (f"types.{profile}.{variant}", f'"{variant}" is no variant of it', f"known are: {', '.join(known)}")
        for profile, known in _VARIANTS.items()
        for variant in of.types.get(profile, {})
        if variant not in known
    ]
    found += [
        (f"types.{profile}", "no type has it", "name at least one type of each profile")
        for profile in get_args(Profile)
        if not any(of.types.get(profile, {}).values())
    ]
    return found


_TABLES: Final = ("headings", "columns", "measures", "missions", "steps", "lines")


def _literals(struct: type[msgspec.Struct], name: str) -> tuple[str, ...]:
    """Return the words that a field of a message may have."""
    return get_args(get_type_hints(struct)[name])


_VARIANTS: Final[dict[Profile, tuple[str, ...]]] = {
    "situation": _literals(SituationReport, "report_type"),
    "medevac": _literals(MedevacRequest, "mission_kind"),
    "order": _literals(Directive, "directive_kind"),
    "movement": _literals(MovementNotice, "movement_kind"),
}


def _words(of: Catalogue, table: str) -> Words:
    rows: Words = getattr(of, table)
    return rows


def _twice(table: str, rows: dict[str, tuple[str, ...]]) -> list[tuple[str, str, str]]:
    """Return the words of a table that have two meanings."""
    seen: dict[str, str] = {}
    return [
        (f"{table}.{key}", f'"{word}" means {seen[fold(word)]} as well', "give each word one meaning")
        for key, words in rows.items()
        for word in words
        if seen.setdefault(fold(word), key) != key
    ]
