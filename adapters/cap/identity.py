"""How alerts name themselves and each other, and how messages of the bus are named in alerts.

1. An alert of others is known by ``sender,identifier,sent``, with the time in UTC, so that a reference that writes the
   same instant in another zone still finds it.
2. A message of the bus has its id and revision in the identifier (``bus:XAR-HZ-1:2``): an acknowledgement that a
   subscriber sends in CAP finds its order, whatever became of the time on the way.

Source: OASIS CAP 1.2 §3.2.1 (identifier, sender, sent, references); reference formats.md §2.7.
"""

import hashlib
import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from adapters import times
from adapters.times import stamped as stamp
from schemas.time import TimeValue

OURS: Final = "bus:"
_LONGEST: Final = 190  # schemas.units.Identity, and room for the number of an acknowledgement
_TIME: Final = 40  # characters of a time that is kept for when it comes again
_WELL_FORMED: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_PARTICIPANT: Final = re.compile(r"[a-z0-9-]{1,64}")


class Named(NamedTuple):
    """The identity of a message: its id, its revision, and who sent it."""

    id: str
    revision: int
    sender: str


def written(value: TimeValue | None) -> str:
    """Return an instant as it was written if CAP may write it so, else in UTC; "" if it names none."""
    if value is None or value.utc is None:
        return ""
    same = _WELL_FORMED.fullmatch(value.raw) and times.iso(value.raw).utc == value.utc
    return value.raw if same else stamp(value.utc)


def iso(raw: str, zone: str = "") -> TimeValue:
    """Read a time; the comma that the published pattern allows for the sign of UTC's offset is no fraction."""
    return _again(raw, zone) if len(raw) <= _TIME else _iso(raw, zone)


def _iso(raw: str, zone: str) -> TimeValue:
    value = times.iso(f"{raw[:19]}-00:00" if "," in raw and raw[19:] == ",00:00" else raw, zone)
    same = value.raw == raw and value.relative is None
    return value if same else TimeValue(utc=value.utc, raw=raw, quality=value.quality)


_again: Final = lru_cache(maxsize=1024)(_iso)  # a translation repeats the times of an alert, its successors name them


def _in_utc(sent: str) -> str:
    at = iso(sent).utc
    return sent if at is None else stamp(at)


_in_utc_again: Final = lru_cache(maxsize=1024)(_in_utc)


def named(sender: str, identifier: str, sent: str) -> Named:
    """Return the identity behind the three words by which alerts name each other."""
    if identifier.startswith(OURS):
        text, _, revision = identifier.removeprefix(OURS).rpartition(":")
        ours = unquote(text)
        if _usable(ours) and revision.isascii() and revision.isdigit() and int(revision[:9]) > 0:
            return Named(ours, int(revision[:9]), sender)
    at = _in_utc_again(sent) if len(sent) <= _TIME else _in_utc(sent)
    whole = f"{sender},{identifier},{at}"
    return Named(whole if _usable(whole) else "cap-" + hashlib.sha256(whole.encode()).hexdigest()[:40], 1, sender)


def triple(id: str, revision: int, sender: str, sent: str) -> tuple[str, str, str]:
    """Return sender, identifier and time by which an alert names a message; one that came in CAP keeps its own."""
    parts = id.split(",")
    if len(parts) > 2 and all(parts) and _WELL_FORMED.fullmatch(parts[-1]) and revision == 1:
        return parts[0], ",".join(parts[1:-1]), parts[-1]
    return sender, f"{OURS}{quote(id, safe='')}:{revision}", sent


def is_participant(name: str) -> bool:
    """Say whether a name could be that of a participant of the mission."""
    return _PARTICIPANT.fullmatch(name) is not None


def _usable(id: str) -> bool:
    return 0 < len(id) <= _LONGEST and id.isprintable()
