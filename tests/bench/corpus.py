"""Cursor on Target events to feed the benchmarks: real ones if the folder is there, else some that look like them.

The real ones are no part of this project; see the README beside them.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[3] / "shared" / "data" / "cot"
COUNT: Final = 299

_UID: Final = re.compile(rb"(<event\b[^>]*?\buid=)(['\"])([^'\"]*)\2")
_THING: Final = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    "<event version='2.0' uid='ANDROID-{n:016x}' type='a-{side}-G-U-C' time='2020-02-08T18:{m:02}:{s:02}.000Z'"
    " start='2020-02-08T18:{m:02}:{s:02}.000Z' stale='2020-02-08T19:{m:02}:{s:02}.000Z' how='m-g'>\n"
    "\t<point lat='{lat:.7f}' lon='{lon:.7f}' hae='{hae:.2f}' ce='9.9' le='9999999.0' />\n"
    "\t<detail>\n"
    "\t\t<takv os='25' version='3.12.0.45691' device='SAMSUNG SM-G900F' platform='ATAK'/>\n"
    "\t\t<contact endpoint='*:-1:stcp' callsign='UNIT {n}'/>\n"
    "\t\t<uid Droid='UNIT {n}'/>\n"
    "\t\t<precisionlocation altsrc='GPS' geopointsrc='GPS'/>\n"
    "\t\t<__group role='Team Member' name='Cyan'/>\n"
    "\t\t<status battery='{battery}'/>\n"
    "\t\t<track course='{course:.1f}' speed='{speed:.2f}'/>\n"
    "\t</detail>\n</event>\n"
)


def events() -> list[bytes]:
    """Return the events, sorted by file name."""
    found = [path.read_bytes() for path in sorted(FOLDER.glob("*.xml"))]
    return found or [_made_up(n) for n in range(COUNT)]


def origin() -> str:
    """Say which events these are."""
    return "real events" if FOLDER.is_dir() else "made-up events"


def _made_up(n: int) -> bytes:
    text = _THING.format(
        n=n, side="fuhn"[n % 4], m=n // 60 % 60, s=n % 60, lat=2 + n / 1000, lon=-27 - n / 900, hae=n % 90,
        battery=n % 100, course=n % 360, speed=n % 7 / 3,
    )  # fmt: skip
    return text.encode()


def repeated(count: int, mark: str) -> Iterator[bytes]:
    """Yield so many events; whichever come again have other uids, so none is a duplicate."""
    known = events()
    for n in range(count):
        suffix = f"-{mark}-{n // len(known)}".encode()
        yield _UID.sub(lambda m, s=suffix: m[1] + m[2] + m[3] + s + m[2], known[n % len(known)], count=1)  # type: ignore[misc]
