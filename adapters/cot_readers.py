"""What a CoT event becomes: one reader a family of types. Each takes its leaves; what it leaves is unmapped.

Source: CoT event base schema 2.0 (MITRE); reference formats.md §4.1, §4.3, §4.4.
"""

from collections.abc import Callable
from typing import Final

from adapters import times
from adapters.base import Rejected
from schemas.base import Message
from schemas.envelope import LangText, UnitRef, Warning
from schemas.geo import Position
from schemas.reports import MedevacRequest, Observation, Patients, PositionReport, Precedences, TextMessage
from schemas.time import TimeValue

Leaves = dict[str, str]
Read = tuple[Message, UnitRef | None, str, tuple[LangText, ...]]  # body, who sent it, a summary, texts
Reader = Callable[[Leaves, str, str, TimeValue, list[Warning]], Read]

_UNKNOWN: Final = frozenset({"9999999.0", "9999999", "999999.0", "999999"})  # TAK clients and servers (§2.3)
_AFFILIATION: Final = {  # second atom of a type; j and k are exercise identities
    "p": "pending", "u": "unknown", "a": "friend", "f": "friend", "n": "neutral", "s": "suspect",
    "h": "hostile", "j": "suspect", "k": "hostile", "o": "other", "x": "other",
}  # fmt: skip
_PRECEDENCES: Final = ("urgent", "urgent_surgical", "priority", "routine", "convenience")  # 9-line 3
_EQUIPMENT: Final = ("hoist", "extraction_equipment", "ventilator", "blood")  # 9-line 4
_NATIONALITY: Final = (  # 9-line 8; "us" is the sender's own nation
    "us_military", "us_civilian", "nonus_military", "nonus_civilian", "non_us_military", "non_us_civilian",
    "epw", "child",
)  # fmt: skip
_TERRAIN: Final = ("terrain_slope", "terrain_rough", "terrain_loose", "terrain_trees", "terrain_wires", "terrain_other")


def reader(kind: str) -> Reader:
    """Return the reader of a type."""
    return _thing if kind[:2] == "a-" else _READERS.get(kind, _observation)


def _thing(leaves: Leaves, uid: str, kind: str, at: TimeValue, warnings: list[Warning]) -> Read:
    report = PositionReport(
        subject=UnitRef(id=uid, callsign=_words(leaves, "event/detail/contact/@callsign"), scheme="cot_uid"),
        position=_position(leaves),
        at=at,
        stale_at=_stale(leaves),
        hae_m=_number(leaves, "event/point/@hae", -12_000, 1e9),
        le_m=_number(leaves, "event/point/@le", 0, 1e9),
        course_deg=_number(leaves, "event/detail/track/@course", 0, 360),
        speed_mps=_number(leaves, "event/detail/track/@speed", 0, 1e6, "-1"),
        affiliation=_AFFILIATION.get(kind[2:3], ""),  # type: ignore[arg-type]
        symbol=kind,
        how=_words(leaves, "event/@how"),
        battery_pct=_number(leaves, "event/detail/status/@battery", 0, 100),
        remarks=_words(leaves, "event/detail/remarks"),
    )
    return report, _sender(leaves), "", ()


def _observation(leaves: Leaves, uid: str, kind: str, at: TimeValue, warnings: list[Warning]) -> Read:
    seen = Observation(
        observed=at,
        position=_place(leaves),
        altitude_m=_number(leaves, "event/point/@hae", -12_000, 1e9),
        activity=_words(leaves, "event/detail/remarks"),
        symbol=kind,
    )
    _drop_unknown(leaves, "event/point/@le")
    return seen, _sender(leaves), _words(leaves, "event/detail/contact/@callsign"), ()


def _chat(leaves: Leaves, uid: str, kind: str, at: TimeValue, warnings: list[Warning]) -> Read:
    text = _words(leaves, "event/detail/remarks")
    if not text:
        warnings.append(Warning(code="empty", path="event/detail/remarks", text="the chat has no words"))
    uid0 = _words(leaves, "event/detail/__chat/chatgrp/@uid0")
    callsign = _words(leaves, "event/detail/__chat/@senderCallsign")
    sender = UnitRef(id=uid0, callsign=callsign, scheme="cot_uid") if uid0 or callsign else None
    room = _words(leaves, "event/detail/__chat/@chatroom") or _words(leaves, "event/detail/__chat/@chatRoom")
    where = _place(leaves)
    _drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    return TextMessage(text=text, room=room, at=at, sender=sender, position=where), None, "", ()


def _medevac(leaves: Leaves, uid: str, kind: str, at: TimeValue, warnings: list[Warning]) -> Read:
    lines = _Lines(leaves)
    request = MedevacRequest(
        pickup=_place(leaves),
        mission_kind="medevac" if lines.said("casevac") == "false" else "casevac",
        callsign=_words(leaves, "event/detail/contact/@callsign"),
        frequency=lines.word("freq"),
        precedences=Precedences(**{name: lines.count(name) for name in _PRECEDENCES}),
        equipment=tuple(name for name in _EQUIPMENT if lines.yes(name)),
        patients=Patients(litter=lines.count("litter"), ambulatory=lines.count("ambulatory")),
        security=lines.unless_number("security", warnings),
        marking=lines.unless_number("hlz_marking", warnings),
        nationality=", ".join(f"{name} {n}" for name in _NATIONALITY if (n := lines.count(name))),
        terrain=", ".join(name.removeprefix("terrain_") for name in _TERRAIN if lines.yes(name)),
        requested_at=at,
    )
    _drop_unknown(leaves, "event/point/@hae", "event/point/@le")
    if not lines.known:
        text = "no nine-line attributes: look at the remarks"
        warnings.append(Warning(code="free-text-only", path="event/detail", text=text))
    found = (_words(leaves, "event/detail/remarks"), lines.word("medline_remarks"))
    return request, _sender(leaves), "", tuple(LangText(text=t, role="remarks") for t in found if t)


_READERS: Final[dict[str, Reader]] = {"b-t-f": _chat, "b-r-f-h-c": _medevac}


class _Lines:
    """The attributes of ``_medevac_``, whose names come in any case; what cannot be read stays where it is (§4.4)."""

    _PATH: Final = "event/detail/_medevac_/@"

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._paths = {p.removeprefix(self._PATH).lower(): p for p in leaves if p.startswith(self._PATH)}
        self.known = bool(self._paths)

    def word(self, name: str) -> str:
        return _words(self._leaves, self._paths.get(name, "")).strip()

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
        if self._leaves.get(path, "").strip().isdigit():
            warnings.append(Warning(code="unconfirmed", path=path, text="a bare number can be read in two ways: ask"))
            return ""
        return self.word(name)


def _words(leaves: Leaves, path: str) -> str:
    """Take a text; one that is there and empty says nothing, and stays."""
    return leaves.pop(path) if leaves.get(path) else ""


def _position(leaves: Leaves) -> Position:
    lat, lon = _words(leaves, "event/point/@lat"), _words(leaves, "event/point/@lon")
    ce = _number(leaves, "event/point/@ce", 0, 1e9)
    return Position(
        lat=_degrees(lat, "lat", 90.0), lon=_degrees(lon, "lon", 180.0), ce_m=ce, form="decimal", raw=f"{lat},{lon}"
    )


def _place(leaves: Leaves) -> Position | None:
    """Take the point of an event that may speak of no place: then it stands at 0, 0 or is missing."""
    if "event/point/@lat" not in leaves and "event/point/@lon" not in leaves:
        return None
    at = _position(leaves)
    if at.lat or at.lon:
        return at
    if at.ce_m is not None:
        leaves["event/point/@ce"] = repr(at.ce_m)
    return None


def _degrees(text: str, name: str, limit: float) -> float:
    path = f"event/point/@{name}"
    try:
        value = float(text)
    except ValueError:
        raise Rejected(
            path, f'"{text[:40]}" is no number' if text else "it is missing", "write decimal degrees"
        ) from None
    if not -limit <= value <= limit:
        raise Rejected(path, f"{text[:40]} is outside -{limit:g}..{limit:g}", "check that lat and lon are not swapped")
    return value


def _number(leaves: Leaves, path: str, low: float, high: float, unknown: str = "9999999") -> float | None:
    """Take a number that lies within bounds, or means "unknown"; any other stays where it is."""
    text = leaves.get(path)
    if text is None:
        return None
    if text in _UNKNOWN:
        del leaves[path]
        return None
    try:
        value = float(text)
    except ValueError:
        return None
    if low <= value <= high:
        del leaves[path]
        return value
    if value == float(unknown):
        del leaves[path]
    return None


def _drop_unknown(leaves: Leaves, *paths: str) -> None:
    """Take numbers for which there is no field, if they mean "unknown"."""
    for path in paths:
        if leaves.get(path) in _UNKNOWN:
            del leaves[path]


def _stale(leaves: Leaves) -> TimeValue | None:
    text = leaves.get("event/@stale")
    if text is None or (value := times.iso(text)).utc is None:
        return None
    del leaves["event/@stale"]
    return value


def _sender(leaves: Leaves) -> UnitRef | None:
    """Take the producer, which the first link names if its relation is ``p-p``; the other links stay."""
    if leaves.get("event/detail/link/@relation") != "p-p" or "event/detail/link/@uid" not in leaves:
        return None
    callsign = _words(leaves, "event/detail/link/@parent_callsign")
    return UnitRef(id=leaves.pop("event/detail/link/@uid"), callsign=callsign, scheme="cot_uid")
