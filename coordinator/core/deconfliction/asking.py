"""Blind questions: would this clash? What may be asked, and how much the answer may say.

A question is NDJSON. A line is a message in the common schema, or one of two marks: ``{"alternative": "name"}`` begins
another alternative (each is compared by itself), ``{"since": T}`` asks only for what was logged at or after T
(microseconds UTC, the ``as_of`` of an earlier answer). Whoever asks may only ask about its own plans and units: the
answer could be probed for the plans of others, so it is coarse in place and time, counted, and told to those whom it
met. Source: reference deconfliction.md §5 (1), (6); domain.md §5.4 (2), (3).
"""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from coordinator.core.deconfliction.active import participant
from coordinator.core.deconfliction.geometry import metric
from coordinator.core.deconfliction.ledger import FAMILIES
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.windows import micros
from coordinator.core.mission import Rules
from schemas import registry
from schemas.base import Message
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Evidence, Finding
from schemas.geo import Pair
from schemas.time import TimeWindow

MAX_ALTERNATIVES: Final = 24
MAX_MESSAGES: Final = 200
HOUR: Final = 3_600_000_000


class Alternative(NamedTuple):
    """One way to do it: messages that would be sent together."""

    name: str
    messages: tuple[Envelope, ...]


class Inquiry(NamedTuple):
    """A question that was read: what to compare, and since when changes matter."""

    alternatives: tuple[Alternative, ...]
    since: int
    digest: str  # SHA-256 of the question

    @property
    def messages(self) -> tuple[Envelope, ...]:
        """Every message of every alternative."""
        return tuple(m for a in self.alternatives for m in a.messages)


def read(body: bytes, asker: str) -> Inquiry:
    """Return the question that some bytes are, each message as the asker's own.

    Raises:
        ValueError: a line cannot be read, is of a kind that is never compared, or there are too many; it says which.
    """
    since, name, found = 0, "", {"": list[Envelope]()}
    for number, line in enumerate((x for x in body.splitlines() if x.strip()), 1):
        mark = _mark(line)
        if "since" in mark:
            since = _since(mark["since"], number)
        elif "alternative" in mark:
            name = str(mark["alternative"])
            found.setdefault(name, [])
        else:
            found[name].append(replace(_message(line, number), originator=asker))
    alternatives = tuple(Alternative(n, tuple(m)) for n, m in found.items() if m)
    _bounded(alternatives)
    return Inquiry(alternatives, since, hashlib.sha256(body).hexdigest())


def _since(value: object, number: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f'line {number}: "since" is an instant in microseconds UTC')
    return value


def _mark(line: bytes) -> dict[str, Any]:
    """Return a line that is one of the marks, else an empty object."""
    try:
        value = msgspec.json.decode(line)
    except msgspec.MsgspecError:
        return {}
    return value if isinstance(value, dict) and set(value) in ({"since"}, {"alternative"}) else {}


def _message(line: bytes, number: int) -> Envelope:
    try:
        envelope = registry.envelope(line)
        registry.body(envelope)
    except (msgspec.MsgspecError, registry.UnknownKind) as error:
        raise ValueError(f"line {number} of the question cannot be read: {error}") from None
    if envelope.kind not in FAMILIES:
        raise ValueError(f'line {number}: a "{envelope.kind}" is not compared; ask about: {", ".join(FAMILIES)}')
    return envelope


def _bounded(alternatives: Sequence[Alternative]) -> None:
    if not alternatives:
        raise ValueError("the question holds no message; send one native envelope a line")
    if len(alternatives) > MAX_ALTERNATIVES:
        raise ValueError(f"{len(alternatives)} alternatives are too many for one question; at most {MAX_ALTERNATIVES}")
    asked = sum(len(a.messages) for a in alternatives)
    if asked > MAX_MESSAGES:
        raise ValueError(f"{asked} messages are too many for one question; at most {MAX_MESSAGES}")


def foreign(inquiry: Inquiry, asker: str, setting: Setting) -> tuple[str, ...]:
    """Return the units that the question tasks and that the asker does not direct, as the messages name them."""
    acting = setting.mission.stands_for(asker)
    return tuple(sorted({u for m in inquiry.messages for u in _foreign(registry.body(m), {asker, acting}, setting)}))


def _foreign(body: Message, asking: set[str], setting: Setting) -> list[str]:
    if not isinstance(body, Directive):
        return []
    named = [(u.name or u.id or u.callsign or u.participant, participant(u, setting)) for u in body.performers]
    return [name for name, p in named if not asking & {p, *setting.mission.superiors(p)}]


# -- how much the answer may say --------------------------------------------------------------------------------------


def coarse(finding: Finding, rules: Rules) -> Finding:
    """Return a finding whose place and time are only as fine as a blind answer may be; parties keep their own."""
    e = finding.evidence
    shown = Evidence(
        rule=e.rule,
        place=e.place,
        at=_place(e.at, rules.coarse_m) if e.at else None,
        overlap=_window(e.overlap, micros(rules.coarse_s)) if e.overlap else None,
        required_m=e.required_m,
        required_gap_s=e.required_gap_s,
        required_vertical_m=e.required_vertical_m,
    )
    return replace(finding, evidence=shown, sentence="")


def _place(at: Pair, grid_m: float) -> Pair:
    if not grid_m:
        return at
    mx, my = metric(round(min(89.0, max(-89.0, at[1]))))
    lon, lat = (round(v / (grid_m / m)) * (grid_m / m) for v, m in zip(at, (mx, my), strict=True))
    return round(max(-180.0, min(180.0, lon)), 4), round(max(-90.0, min(90.0, lat)), 4)


def _window(of: TimeWindow, grid: int) -> TimeWindow:
    """Return a window by its outer bounds, widened to the grid."""
    if not grid:
        return TimeWindow(start_earliest=of.start_earliest, end_latest=of.end_latest)
    start = None if of.start_earliest is None else of.start_earliest // grid * grid
    end = None if of.end_latest is None else -(-of.end_latest // grid) * grid
    return TimeWindow(start_earliest=start, end_latest=end)


def owners(findings: Sequence[Finding], asker: str) -> dict[str, tuple[str, ...]]:
    """Return who else issued what a question met, with the ids of theirs: each is told of its own."""
    met: dict[str, set[str]] = {}
    for party in (p for f in findings for p in f.parties if p.issuer and p.issuer != asker):
        met.setdefault(party.issuer, set()).add(party.id)
    return {issuer: tuple(sorted(ids)) for issuer, ids in sorted(met.items())}
