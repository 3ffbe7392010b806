"""What a mission expects of those who take part: contact, reports that come again and again, reports that agree.

Lengths are metres, durations seconds. Source: domain.md §1.4 (the daily rhythm), §4.1 (R-03, R-22, R-24).
"""

from typing import Literal

from coordinator.core.table import Table
from schemas.findings import Severity


class Trunk(Table):
    """One bearer that several contacts hang on: a satellite hub, a mast, a line (``[[bearers]]``).

    It counts as down if all that are watched behind it are lost, two or more of them within ``within_s``.
    """

    name: str
    behind: tuple[str, ...]  # participants, nations or groups
    owner: str = ""  # participant whose SITREP may say that it is down or up, besides an HQ above all behind it
    within_s: float = 120.0
    hold_s: float = 120.0  # how long somebody behind it must be back before it counts as up again


class Return(Table):
    """A report that is expected again and again, by whom, at which time, and who collects it (``[[returns]]``)."""

    name: str  # what officers read: "daily SITREP"
    kind: Literal["sitrep", "logistics"] = "sitrep"
    report_type: str = ""  # of a SITREP: "daily", "weekly", "monthly"; "" is any
    of: tuple[str, ...] = ()  # participants, nations or groups that owe it
    to: str = ""  # participant that collects it; "" is the superior of each
    due: str = "0000Z"  # clock time with its zone letter; a letter is a fixed offset, J is refused
    on: str = ""  # "" every day, "MON" to "SUN" every week, "1" to "28" or "last" every month
    every_s: float = 0.0  # instead of ``on``: counted from ``due``; must divide a day, or be whole days
    grace_s: float = 1800.0  # how much later it may come
    severity: Severity = "LOW"


class Agreement(Table):
    """When two reports are about the same thing at the same time (``[reports]``)."""

    within_s: float = 1800.0  # reports further apart in time may both be true
    distance_m: float = 100.0  # incidents and hazards further apart are not the same one
    strength_s: float = 86_400.0  # a roll-up is compared with returns not older than this
    keep_s: float = 86_400.0  # how long a statement is compared, and reports that nobody settled stay on a card
