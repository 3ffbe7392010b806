"""``coordinator routes test``: who is told of a card, why, and what happens when nobody acknowledges it."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, get_args

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.core.mission import Mission
    from coordinator.core.trial import Example, Taken, Trial, Tried

Words = Annotated[
    tuple[str, ...],
    Parameter(
        name="KEY=VALUE",
        help="What the card would be about: kind, severity, area and at; finding, party and language may be several, "
        "with commas between them.",
    ),
]
MissionFile = Annotated[
    Path | None, Parameter(metavar="FILE", help="A mission file; left out, the mission of the running bus.")
]
REASONS: Final = {"party": "takes part", "arbiter": "can decide", "named": "by that row"}
WHY: Final = {
    "arbiter": "can decide", "superior": "is above", "duty desk": "is a duty desk", "headquarters": "is a headquarters",
    "ladder": "by the ladder",
}  # fmt: skip
SAID: Final = {
    "second-bearer": "it goes out once more by a second bearer",
    "superior": "{who} told",
    "voice": "{who} asked to call by voice",
    "climb": "nobody answered: {who} told as well",
}


def test(
    words: Words = (),
    /,
    *,
    mission: MissionFile = None,
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Explain a sample: severity=Severe area=KESSA kind=conflict finding=K party=P language=L at=TIME."""
    from coordinator.core.trial import tried

    rules = mission_of(mission, as_, bus)
    example = _example(words, rules)
    found = tried(rules, example)
    if json:
        out.row({"kind": example.kind, "severity": example.severity, "place": example.place, "at": example.at,
                 "parties": example.parties} | _plain(found))  # fmt: skip
    else:
        for line in _lines(rules, example, found):
            out.line(line)
    return exits.FINE


def mission_of(file: Path | None, participant: str, bus: common.Bus) -> "Mission":
    """Return the mission of a file, or that of the running bus.

    Raises:
        ConfigError: the file is wrong.
        Forbidden: somebody asks a bus who may not read its log.
    """
    if file is not None:
        from coordinator import config

        if not file.exists():
            raise UsageError(f"{file}: no such file")
        return config.load(file)
    from coordinator.cli import inputs

    found: list[inputs.InForce] = []

    async def ask(client: Any) -> int:
        found.extend(await inputs.in_force(client))
        return exits.FINE

    common.connected(bus.target(participant), ask)
    return found[-1].mission


# -- what was asked ---------------------------------------------------------------------------------------------------


def _example(words: tuple[str, ...], mission: "Mission") -> "Example":
    from coordinator.core.trial import Example

    said: dict[str, list[str]] = {}
    for word in words:
        key, separator, value = word.partition("=")
        if not separator or not value.strip(" ,"):
            raise UsageError(f'"{word}" is no KEY=VALUE; write for example severity=Severe')
        said.setdefault(_known(key, tuple(_READ), "key"), []).extend(v.strip() for v in value.split(",") if v.strip())
    for key, values in said.items():
        if len(values) > 1 and key not in ("finding", "party", "language"):
            raise UsageError(f"{key} is given {len(values)} times; a card has one")
    fields: dict[str, Any] = {}
    for key, values in said.items():
        name, read = _READ[key]
        fields[name] = read(values, mission)
    fields.setdefault("at", common.now())
    return Example(**fields)


def _kind(values: list[str], _: "Mission") -> str:
    from schemas.alerts import AlertKind

    return _known(values[0], get_args(AlertKind), "kind of card")


def _severity(values: list[str], _: "Mission") -> str:
    from schemas.alerts import CAP_SEVERITY, CapSeverity

    as_found = CAP_SEVERITY.get(values[0].upper())  # type: ignore[call-overload]  # any word may be asked for
    return as_found or _known(values[0], get_args(CapSeverity), "severity")


def _findings(values: list[str], _: "Mission") -> tuple[str, ...]:
    from schemas.findings import FindingKind

    return tuple(_known(value, get_args(FindingKind), "kind of finding") for value in values)


def _place(values: list[str], mission: "Mission") -> str:
    names = [n for p in mission.places for n in (p.name, *p.aliases)] + [b.name for b in mission.boundaries]
    return _known(values[0], names, "place or boundary")


def _parties(values: list[str], mission: "Mission") -> tuple[str, ...]:
    found = {v: mission.participant_of(v) for v in values}
    return tuple(dict.fromkeys(found[v] or _known(v, tuple(mission.by_id), "participant") for v in values))


def _languages(values: list[str], _: "Mission") -> tuple[str, ...]:
    from coordinator.lint_duties import LANGUAGES

    return tuple(_known(value, LANGUAGES, "language of the mission") for value in values)


_READ: Final[dict[str, tuple[str, Callable[[list[str], "Mission"], object]]]] = {
    "kind": ("kind", _kind),
    "severity": ("severity", _severity),
    "finding": ("findings", _findings),
    "area": ("place", _place),
    "party": ("parties", _parties),
    "language": ("languages", _languages),
    "at": ("at", lambda values, _: times.parse(values[0], common.now())),
}
"""What each key fills in, and how its values are read."""


def _known(word: str, known: "tuple[str, ...] | list[str]", what: str) -> str:
    found = {k.casefold(): k for k in known}
    if word.casefold() in found:
        return found[word.casefold()]
    near = get_close_matches(word.casefold(), found, 1)
    hint = f'did you mean "{found[near[0]]}"?' if near else f"known: {', '.join(known) or 'none'}"
    raise UsageError(f'no {what} "{word}"; {hint}')


# -- what is answered -------------------------------------------------------------------------------------------------


def _plain(found: "Trial") -> dict[str, Any]:
    import msgspec

    plain: dict[str, Any] = msgspec.to_builtins(found)
    return plain


def _lines(mission: "Mission", example: "Example", found: "Trial") -> Iterator[str]:
    from coordinator.cli.text import dtg, fields

    where = f" at {example.place}" if example.place else ""
    between = f", about {', '.join(example.parties)}" if example.parties else ""
    yield f"{example.severity} {example.kind}{where}{between}, {dtg(example.at)}"
    yield fields((
        *(("row", _row(row)) for row in found.rows),
        *([] if mission.routing else [("row", "the mission has no [[routing]] rows")]),
        *(("told", f"{r.participant}: {REASONS.get(r.reason, f'{r.reason}, on watch then')}") for r in found.told),
        ("besides", "whoever else the finding or the occasion concerns"),
        *(("nobody", f'"{name}" means nobody then who may be told') for name in found.unfilled),
        ("deadline", _deadline(found, example)),
    ))  # fmt: skip
    for silent in dict.fromkeys(step.silent for step in found.steps):
        yield f"If {silent} does not acknowledge:"
        yield fields((_at(s.at), _step(s)) for s in found.steps if s.silent == silent)


def _row(row: "Tried") -> str:
    name = f'{row.row + 1} "{row.name}"' if row.name else f"{row.row + 1}"
    if row.fails:
        return f"{name}: " + ("not asked, a row above took it" if row.fails == "earlier" else f"no: {row.fails}")
    ladder = f", ladder {row.ladder}" if row.ladder else ""
    return f"{name}: matches, tells {', '.join(row.to) or 'nobody besides'}{ladder}"


def _deadline(found: "Trial", example: "Example") -> str:
    if found.due is None:
        return "none: nobody has to acknowledge"
    by = f', ladder "{found.ladder}"' if found.ladder else ""
    return f"{_at(found.due)}, {(found.due - example.at) / times.SECOND / 60:g} min after it is told{by}"


def _at(instant: int) -> str:
    from coordinator.cli.text import dtg

    return dtg(instant, seconds=bool(instant % (60 * times.SECOND)))


def _step(step: "Taken") -> str:
    who = ", ".join(step.told)
    said = SAID[step.do].format(who=f"{who} {'is' if len(step.told) == 1 else 'are'}" if who else "nobody else is")
    return said + (f" ({WHY.get(step.reason, step.reason)})" if step.reason and step.told else "")
