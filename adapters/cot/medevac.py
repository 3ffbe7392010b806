"""The nine lines: ``_medevac_`` as ATAK writes it, both ways. Patients are numbers; their names never come in.

Names of attributes come in any case. A bare number for security or marking has two readings and is never acted on.
Line 8 counts "US" and "non-US": in a mission that is the sender's own nation and others.
Source: reference formats.md §4.4.
"""

import re
from collections.abc import Iterator
from typing import Final

from adapters.cot import extension
from adapters.cot.fields import Event, Leaves, Read, drop_unknown, place, producer, words
from adapters.cot.tables import DETAILS, EQUIPMENT, MIST, NATIONALITY, NUMBERED, PRECEDENCES, TERRAIN
from adapters.cot.texts import said as leaf
from adapters.fields import WITHHELD
from schemas.envelope import Envelope, LangText, Warning
from schemas.reports import MedevacRequest, PatientDetail, Patients, Precedences, Section

_PATH: Final = "event/detail/_medevac_/@"
_MISTS: Final = "event/detail/_medevac_/zMistsMap/zMist"
_MAX_PATIENTS: Final = 500
_NUMBER: Final = re.compile(r"(?i)(?:z-?mist|mist|patient|casualty)?[ _-]?(?:\d{1,3}|[a-z])")  # and no name


def medevac(event: Event) -> Read:
    """Read a request; older devices send nothing but words, and still ask for help."""
    leaves, warnings = event.leaves, event.warnings
    lines = _Lines(leaves)
    own = extension.read(leaves, warnings)
    request = MedevacRequest(
        pickup=place(leaves),
        mission_kind="medevac" if lines.said("casevac") == "false" else "casevac",
        callsign=words(leaves, "event/detail/contact/@callsign"),
        frequency=lines.word("freq"),
        precedences=Precedences(**{name: lines.count(name) for name in PRECEDENCES}),
        equipment=tuple(name for name in EQUIPMENT if lines.yes(name)),
        patients=Patients(litter=lines.count("litter"), ambulatory=lines.count("ambulatory")),
        security=lines.unless_number("security", warnings),
        marking=lines.unless_number("hlz_marking", warnings),
        nationality=", ".join(f"{name} {n}" for name in NATIONALITY if (n := lines.count(name))),
        terrain=", ".join(name.removeprefix("terrain_") for name in TERRAIN if lines.yes(name)),
        details=tuple(_patients(leaves)),
        notes=tuple(Section(key=name, text=text) for name in DETAILS if (text := lines.word(name))),
        requested_at=event.at,
    )
    drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    warnings += _doubts(lines, request)
    found = (words(leaves, "event/detail/remarks"), lines.word("medline_remarks"))
    texts = tuple(LangText(text=t, role="remarks") for t in found if t)
    return Read(extension.filled(leaves, request, warnings), producer(leaves), "", texts, own.of_envelope())


def _doubts(lines: "_Lines", request: MedevacRequest) -> Iterator[Warning]:
    if not lines.known:
        text = "no nine-line attributes: look at the remarks"
        yield Warning(code="free-text-only", path="event/detail", text=text)
    if "us_" in request.nationality:
        text = "US and non-US are read as the sender's own nation and others"
        yield Warning(code="own-nation", path="event/detail/_medevac_", text=text)


def _patients(leaves: Leaves) -> Iterator[PatientDetail]:
    """Take how patients are. What says who they are, a title or a zap number, is withheld."""
    base = _MISTS
    for n in range(2, _MAX_PATIENTS + 2):
        mine = {p: p.rpartition("@")[2].lower() for p in leaves if p.startswith(base + "/@")}
        if not mine:
            return
        fields: dict[str, str] = {MIST[name]: words(leaves, p) for p, name in mine.items() if name in MIST}
        for path, name in mine.items():
            if name == "title" and _NUMBER.fullmatch(leaves[path].strip()):
                fields["label"] = leaves.pop(path).strip()
            elif name not in MIST and leaves[path]:
                leaves[path] = WITHHELD
        yield PatientDetail(**fields)  # type: ignore[arg-type]  # fields that are texts
        base = f"{_MISTS}[{n}]"


class _Lines:
    """The attributes of ``_medevac_``, whose names come in any case; what cannot be read stays where it is."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._paths = {p.removeprefix(_PATH).lower(): p for p in leaves if p.startswith(_PATH)}
        self.known = bool(self._paths)

    def word(self, name: str) -> str:
        return words(self._leaves, self._paths.get(name, "")).strip()

    def count(self, name: str) -> int:
        value = self._leaves.get(self._paths.get(name, ""), "").strip()
        if not (value.isascii() and value.isdigit() and len(value) < 6):
            return 0
        return int(self.word(name))

    def yes(self, name: str) -> bool:
        """Take a "true"; anything else stays where it is."""
        return self._leaves.get(self._paths.get(name, ""), "").strip().lower() == "true" and bool(self.word(name))

    def said(self, name: str) -> str:
        """Take "true" or "false"; anything else stays where it is."""
        word = self._leaves.get(self._paths.get(name, ""), "").strip().lower()
        return self.word(name).lower() if word in ("true", "false") else ""

    def unless_number(self, name: str, warnings: list[Warning]) -> str:
        """Return a word; a number has two conflicting readings, so it is kept and never acted on."""
        path = self._paths.get(name, "")
        text = self._leaves.get(path, "").strip()
        if not text.isdigit():
            return self.word(name)
        known, n = NUMBERED[name], int(text) if text.isascii() and len(text) < 3 else -1
        zero, one = (known[i] if 0 <= i < len(known) else "nothing" for i in (n, n - 1))
        why = f"unconfirmed: counted from 0 it is {zero}, from 1 it is {one}: ask"
        warnings.append(Warning(code="unconfirmed", path=path, text=why))
        return ""


# -- written ----------------------------------------------------------------------------------------------------------


def lines_of(message: Envelope, what: MedevacRequest) -> Leaves:
    """Return the leaves of a request."""
    found = {_PATH + name: value for name, value in _lines(what) if value}
    for n, patient in enumerate(what.details[:_MAX_PATIENTS], 1):
        base = _MISTS + (f"[{n}]" if n > 1 else "")
        found |= {f"{base}/@{short}": getattr(patient, name) for short, name in MIST.items()}
        found |= leaf(base + "/@title", patient.label)
    return (
        found
        | leaf("event/detail/contact/@callsign", what.callsign)
        | leaf("event/detail/remarks", "\n".join(t.text for t in message.texts))
    )


def _lines(what: MedevacRequest) -> Iterator[tuple[str, str]]:
    yield "casevac", "true" if what.mission_kind == "casevac" else "false"
    yield "freq", what.frequency
    for name in PRECEDENCES:
        yield name, str(getattr(what.precedences, name) or "")
    yield from ((name, "true") for name in what.equipment if name in EQUIPMENT)
    yield from (("litter", str(what.patients.litter or "")), ("ambulatory", str(what.patients.ambulatory or "")))
    yield from (("security", what.security), ("hlz_marking", what.marking))
    for pair in what.nationality.split(", "):
        name, _, number = pair.rpartition(" ")
        if name in NATIONALITY:
            yield name, number
    yield from ((f"terrain_{w}", "true") for w in what.terrain.split(", ") if f"terrain_{w}" in TERRAIN)
    yield from ((section.key, section.text) for section in what.notes if section.key in DETAILS)
