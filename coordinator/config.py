"""Reading and linting mission files. TOML in, `core.mission.Mission` out; every mistake is found at once.

Durations may be written as ``"90s"``, ``"15m"``, ``"2h"`` or ``"3d"`` wherever a field ends in ``_s``. A mission file
holds no secrets: keys live in files of the store.
"""

import hashlib
import tomllib
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from coordinator import (
    __version__,
    lint_alike,
    lint_cards,
    lint_casevac,
    lint_channels,
    lint_columns,
    lint_command,
    lint_duties,
    lint_expected,
    lint_handling,
    lint_means,
    lint_places,
    lint_requests,
    lint_tracks,
)
from coordinator.core.mission import Mission
from coordinator.core.table import Table
from coordinator.errors import ConfigError, ConfigFinding
from schemas import registry, subjects
from schemas.directives import Directive
from schemas.notices import MovementNotice

_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
ZONES: Final = "ABCDEFGHIKLMNOPQRSTUVWXYZ"  # J is local time: refused
METHODS: Final = tuple(m for m in get_args(MovementNotice.__annotations__["method"]) if m)


def load(path: Path) -> Mission:
    """Return the mission of a file, if nothing in it is wrong.

    Raises:
        ConfigError: it cannot be read, or has findings; all of them are listed.
    """
    mission = read(path)
    if findings := lint(mission):
        raise ConfigError(findings)
    return mission


def read(path: Path) -> Mission:
    """Return the mission of a file without linting what it says.

    Raises:
        ConfigError: the file is missing, is no TOML, or has a word or type that no mission has.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([ConfigFinding(path=str(path), what=f"cannot be read: {error}")]) from None
    return parse(text, str(path))


def parse(text: str, name: str = "mission") -> Mission:
    """Return the mission that a TOML text says.

    Raises:
        ConfigError: as `read`.
    """
    try:
        value = _durations(tomllib.loads(text))
        return msgspec.convert(value, Mission)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([ConfigFinding(path=name, what=f"is not TOML: {error}")]) from None
    except msgspec.ValidationError:
        raise ConfigError(list(_mistakes(value, Mission))) from None


def starter() -> str:
    """Return the text of a mission to begin with."""
    return resources.files("coordinator").joinpath("starter.toml").read_text(encoding="utf-8")


def as_json(mission: Mission) -> bytes:
    """Return a mission as it travels in the log."""
    return registry.encode(mission)


def fingerprint(mission: Mission) -> str:
    """Return the hash by which a mission is announced."""
    return hashlib.sha256(as_json(mission)).hexdigest()


def code_version() -> str:
    """Return the version of the rules: the release, and a digest of the code that decides and translates."""
    digest = hashlib.sha256()
    roots = (resources.files("schemas"), resources.files("adapters"), resources.files("coordinator").joinpath("core"))
    for file in sorted((f for root in roots for f in _modules(root)), key=str):
        digest.update(file.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def _modules(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _modules(entry)
        elif entry.name.endswith(".py"):
            yield entry


def _durations(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _seconds(v) if k.endswith("_s") else _durations(v) for k, v in value.items()}
    return [_durations(v) for v in value] if isinstance(value, list) else value


def _seconds(value: Any) -> Any:
    if isinstance(value, str) and value[-1:] in _UNITS and value[:-1].replace(".", "", 1).isdigit():
        return float(value[:-1]) * _UNITS[value[-1]]
    return value


def _mistakes(value: dict[str, Any], of: type[Table], path: str = "") -> Iterator[ConfigFinding]:
    """Yield every word that is unknown, missing or of the wrong type, where a decoder names only the first."""
    fields = {f.encode_name: f for f in msgspec.structs.fields(of)}
    for name in (n for n, f in fields.items() if f.required and n not in value):
        yield ConfigFinding(path=f"{path}{name}", what="is missing")
    for name, said in value.items():
        if name not in fields:
            near = get_close_matches(name, fields, 1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(fields)}"
            yield ConfigFinding(path=f"{path}{name}", what="is no word of a mission file here", hint=hint)
        else:
            yield from _wrong(said, fields[name].type, f"{path}{name}")


def _wrong(said: Any, wanted: Any, path: str) -> Iterator[ConfigFinding]:
    [inner, *_] = get_args(wanted) or [None]
    if isinstance(wanted, type) and issubclass(wanted, Table) and isinstance(said, dict):
        yield from _mistakes(said, wanted, f"{path}.")
    elif isinstance(inner, type) and issubclass(inner, Table) and isinstance(said, list):
        for i, one in enumerate(said):
            named = str(one.get("id") or one.get("name") or "") if isinstance(one, dict) else ""
            yield from _wrong(one, inner, f"{path}[{i}]" + (f' "{named}"' if named else ""))
    else:
        try:
            msgspec.convert(said, wanted)
        except msgspec.ValidationError as error:
            yield ConfigFinding(path=path, what=str(error))


# -- lint -------------------------------------------------------------------------------------------------------------


def lint(mission: Mission) -> list[ConfigFinding]:
    """Return everything in a mission that cannot be meant: unknown names, rules that can never fire, missing roles."""
    return [finding for check in _CHECKS for finding in check(mission)]


def _names(mission: Mission) -> Iterator[ConfigFinding]:
    yield from _twice("participants", (p.id for p in mission.participants))
    yield from _twice("places", (n.casefold() for p in mission.places for n in (p.name, *p.aliases)))
    yield from _twice("routes", (n.casefold() for r in mission.routes for n in (r.name, *r.aliases)))
    yield from _twice("sections", (s.name.casefold() for s in mission.sections))
    if not mission.participants:
        yield ConfigFinding(path="participants", what="there are none", hint="add one [[participants]] table each")


def _twice(path: str, names: Iterable[str]) -> Iterator[ConfigFinding]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield ConfigFinding(path=path, what=f'"{name}" is there twice', hint="give each its own name")
        seen.add(name)


def _command(mission: Mission) -> Iterator[ConfigFinding]:
    known = ", ".join(sorted(mission.by_id))
    for i, p in enumerate(mission.participants):
        if p.superior and p.superior not in mission.by_id:
            what = f'no participant "{p.superior}"; known: {known}'
            yield ConfigFinding(path=f"participants[{i}].superior", what=what, hint="correct the id or add it")
        if p.id in mission.superiors(p.id):
            yield ConfigFinding(path=f"participants[{i}].superior", what=f'"{p.id}" would be its own superior')
        for other in p.types_for:
            if other != "*" and other not in mission.by_id:
                yield ConfigFinding(
                    path=f"participants[{i}].types_for", what=f'no participant "{other}"; known: {known}'
                )
        if p.language not in ("ar", "en", "es", "fr", "ru", "zh"):
            yield ConfigFinding(
                path=f"participants[{i}].language", what=f'"{p.language}" is not one of ar en es fr ru zh'
            )
    if mission.participants and not any(p.operator for p in mission.participants):
        yield ConfigFinding(
            path="participants", what="nobody may read the log", hint="set operator = true for the duty desk"
        )


def _places(mission: Mission) -> Iterator[ConfigFinding]:
    for i, route in enumerate(mission.routes):
        if len(route.points) < 2:
            yield ConfigFinding(path=f"routes[{i}].points", what="a route needs two points or more")
        for j, point in enumerate(route.points):
            if mission.place(point) is None and not _is_pair(point):
                yield ConfigFinding(
                    path=f"routes[{i}].points[{j}]", what=f'no place "{point}"', hint='add it, or write "lat,lon"'
                )
        for j, other in enumerate(route.alternatives):
            if mission.route(other) in (None, route):
                yield ConfigFinding(path=f"routes[{i}].alternatives[{j}]", what=f'no other route "{other}"')
    for i, section in enumerate(mission.sections):
        if mission.place(section.place) is None:
            yield ConfigFinding(path=f"sections[{i}].place", what=f'no place "{section.place}"')


def _is_pair(text: str) -> bool:
    parts = text.split(",")
    try:
        lat, lon = map(float, parts)
    except ValueError:
        return False
    return -90 <= lat <= 90 and -180 <= lon <= 180


_ADVICE_WORDS: Final = 20


def _matrix(mission: Mission) -> Iterator[ConfigFinding]:
    given = {c for a in mission.activities for c in a.classes}
    for i, row in enumerate(mission.matrix):
        for side in (row.a, row.b):
            if side not in given:
                what = f'row "{row.name}" can never fire: no activity is of class "{side}"'
                yield ConfigFinding(path=f"matrix[{i}]", what=what, hint="add the class to an [[activities]] table")
        if len(row.advice.split()) > _ADVICE_WORDS or row.advice.rstrip().endswith("."):
            what = f"its advice is longer than {_ADVICE_WORDS} words, or ends with a full stop"
            yield ConfigFinding(path=f"matrix[{i}].advice", what=what, hint="officers read it as one short sentence")
    for name in mission.protected:
        if name not in given:
            yield ConfigFinding(path="protected", what=f'no activity is of class "{name}"')


def _activities(mission: Mission) -> Iterator[ConfigFinding]:
    known = {w.casefold() for v in mission.vehicles for w in (v.type, *v.aliases, *v.classes)}
    for i, row in enumerate(mission.activities):
        path = f"activities[{i}]"
        if (row.method or row.vehicle) and row.kind not in (Directive.KIND, MovementNotice.KIND):
            what = f"can never fire: a {row.kind} does not move"
            yield ConfigFinding(path=path, what=what, hint="leave method and vehicle out")
        for method in (m for m in row.method if m not in METHODS):
            what = f'no method "{method}"; known: {", ".join(METHODS)}'
            yield ConfigFinding(path=f"{path}.method", what=what)
        for name in (v for v in row.vehicle if v.casefold() not in known):
            what = f'no type or class of vehicle "{name}"'
            yield ConfigFinding(path=f"{path}.vehicle", what=what, hint="add it to a [[vehicles]] table")


def _rules(mission: Mission) -> Iterator[ConfigFinding]:
    for name, value in msgspec.structs.asdict(mission.rules).items():
        if isinstance(value, int | float) and value < 0:
            yield ConfigFinding(path=f"rules.{name}", what="is less than nothing")
    if mission.rules.checks_per_hour == 0:
        what = "nobody could ask what a plan would clash with"
        yield ConfigFinding(path="rules.checks_per_hour", what=what, hint="write 1 or more")


def _release(mission: Mission) -> Iterator[ConfigFinding]:
    kinds = registry.PARTICIPANT_KINDS | set(mission.kinds)
    for i, release in enumerate(mission.release):
        if release.kind not in kinds:
            yield ConfigFinding(
                path=f"release[{i}].kind", what=f'no kind "{release.kind}"; known: {", ".join(sorted(kinds))}'
            )
    for i, withheld in enumerate(mission.withheld):
        if withheld.field.split(".")[0] not in kinds:
            yield ConfigFinding(
                path=f"withheld[{i}].field", what=f'"{withheld.field}" begins with no known kind',
                hint='write it as "kind.field", for example "directive.strength"',
            )  # fmt: skip


def _texts(mission: Mission) -> Iterator[ConfigFinding]:
    if mission.zone and (len(mission.zone) != 1 or mission.zone not in ZONES):
        yield ConfigFinding(
            path="zone", what=f'"{mission.zone}" is no zone letter', hint="A to Z without J (local time)"
        )
    for i, p in enumerate(mission.participants):
        try:
            subjects.token(p.id)
        except subjects.SubjectError as error:
            yield ConfigFinding(path=f"participants[{i}].id", what=str(error))


_CHECKS: Final[tuple[Callable[[Mission], Iterable[ConfigFinding]], ...]] = (
    _texts,
    _names,
    _command,
    _places,
    _matrix,
    _activities,
    _rules,
    _release,
    *lint_alike.CHECKS,
    *lint_cards.CHECKS,
    *lint_casevac.CHECKS,
    *lint_channels.CHECKS,
    *lint_columns.CHECKS,
    *lint_command.CHECKS,
    *lint_duties.CHECKS,
    *lint_expected.CHECKS,
    *lint_handling.CHECKS,
    *lint_means.CHECKS,
    *lint_places.CHECKS,
    *lint_requests.CHECKS,
    *lint_tracks.CHECKS,
)
