"""How times and numbers are written in an event."""

from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.time import TimeValue

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def stamp(utc: int) -> str:
    """Return microseconds UTC as an event writes them; the years 1 to 9999 only, to which others are drawn."""
    at = _EPOCH + timedelta(microseconds=min(max(utc, -62_135_596_800_000_000), 253_402_300_799_000_000))
    return at.isoformat(timespec="milliseconds" if utc % 1000 == 0 else "microseconds").replace("+00:00", "Z")


def written(value: TimeValue | None) -> str:
    """Return a time as it was written, if an event may say it so ("" if it names no instant)."""
    if value is None or value.utc is None:
        return ""
    return value.raw if value.raw[4:5] == "-" and value.raw.endswith("Z") else stamp(value.utc)


def said(path: str, value: str) -> dict[str, str]:
    """Return a leaf, if there is anything to say."""
    return {path: value} if value else {}
