"""What changed on a card since it was last shown, and whether an officer must have seen it.

A card is published only if something on it changed; ``rev`` counts that. A change is *material* if an acknowledgement
of an older revision does not count any more: the severity rose, somebody joined, the place or the window moved.

Source: reference console.md §6.
"""

from collections.abc import Callable
from math import inf
from typing import Final

from msgspec.structs import replace

from coordinator.core.cards import OVER, worse
from schemas.alerts import Alert, AlertKind

CHANGES: Final[tuple[tuple[str, bool, Callable[[Alert, Alert], bool]], ...]] = (
    # name, material, (old, new) -> whether it happened
    ("reopened", True, lambda old, new: old.work in OVER and new.work not in OVER),
    ("severity-rose", True, lambda old, new: worse(new.severity, old.severity)),
    ("severity-fell", False, lambda old, new: worse(old.severity, new.severity)),
    ("party-joined", True, lambda old, new: not {*new.parties} <= {*old.parties}),
    ("told", True, lambda old, new: not _names(new) <= _names(old)),
    ("moved", True, lambda old, new: _starts(new) < _starts(old) or _ends(new) > _ends(old)),
    ("repeated", False, lambda old, new: new.count > old.count and old.work not in OVER),
    ("flapping", False, lambda old, new: old.flapping is None and new.flapping is not None),
    ("calm", False, lambda old, new: old.flapping is not None and new.flapping is None),
    ("members", False, lambda old, new: (old.members, old.rest) != (new.members, new.rest)),
    ("merged", False, lambda old, new: _joins(old) != _joins(new)),
    ("acknowledged", False, lambda old, new: _count(new, "acknowledged_at") > _count(old, "acknowledged_at")),
    ("acknowledgement-expired", True, lambda old, new: _count(new, "lapsed_at") > _count(old, "lapsed_at")),
    ("taken", False, lambda old, new: old.work != "in-progress" and new.work == "in-progress"),
    ("shelved", False, lambda old, new: new.shelved is not None and _shelf(old) != _shelf(new)),
    ("shelf-ends-soon", False, lambda old, new: bool(new.shelved and new.shelved.ends_soon) > _warned(old)),
    ("shelf-ended", True, lambda old, new: old.shelved is not None and new.shelved is None),
    ("handover-offered", False, lambda old, new: _offers(old, new, "offered")),
    ("handed-over", False, lambda old, new: _offers(old, new, "accepted")),
    ("handover-declined", False, lambda old, new: _offers(old, new, "declined")),
    ("handover-lapsed", False, lambda old, new: _offers(old, new, "lapsed")),
    ("handover-withdrawn", False, lambda old, new: _offers(old, new, "withdrawn")),
    ("closing", False, lambda old, new: len(new.closing) > len(old.closing)),
    ("second-bearer", False, lambda old, new: _count(new, "second_at") > _count(old, "second_at")),
    ("late", False, lambda old, new: _count(new, "late") > _count(old, "late")),
    ("voice", False, lambda old, new: _count(new, "voice_at") > _count(old, "voice_at")),
    ("escalated", False, lambda old, new: new.escalation > old.escalation),
    ("unreachable", False, lambda old, new: _count(new, "unreachable") > _count(old, "unreachable")),
    ("reachable", False, lambda old, new: _count(new, "unreachable") < _count(old, "unreachable")),
    ("urgency", False, lambda old, new: old.urgency != new.urgency),
    ("covered", False, lambda old, new: old.inhibited_by != new.inhibited_by),
    ("undelivered", False, lambda old, new: old.undelivered != new.undelivered),
    ("said", False, lambda old, new: (old.text_key, old.args) != (new.text_key, new.args)),
    ("resolved", False, lambda old, new: old.work != "resolved" and new.work == "resolved"),
)


def blank(identity: str, kind: AlertKind, rev: int = 0) -> Alert:
    """Return what stands before the first revision; ``rev`` is where a name that was used before goes on counting."""
    return Alert(
        id=identity,
        alert_kind=kind,
        rev=rev,
        material_rev=0,
        severity="Unknown",
        urgency="Unknown",
        certainty="Unknown",
    )


def changes(old: Alert, new: Alert, *, moved: bool = False) -> dict[str, bool]:
    """Return what happened between two revisions, and whether it is material; nothing before the first."""
    if old.material_rev == 0:
        return {}
    happened = {name: material for name, material, test in CHANGES if test(old, new)}
    return happened | {"moved": True} if moved else happened


def revised(old: Alert, new: Alert, now: int, *, moved: bool = False) -> Alert | None:
    """Return ``new`` with its revision and what changed, or None if nothing did.

    ``moved`` says that a position came that was never shown.
    """
    first = old.material_rev == 0
    same = replace(
        new, rev=old.rev, material_rev=old.material_rev, changed_at=old.changed_at, why=old.why, joined=old.joined,
        left=old.left,
    )  # fmt: skip
    if same == old and not first:
        return None
    happened = changes(old, new, moved=moved)
    counts = first or (new.work not in OVER and any(happened.values()))
    return replace(
        new,
        rev=old.rev + 1,
        material_rev=old.rev + 1 if counts else old.material_rev,
        raised_at=new.raised_at or now,
        changed_at=now,
        why="raised" if first else " ".join(happened),
    )


def _names(alert: Alert) -> set[str]:
    return {t.participant for t in alert.told}


def _joins(alert: Alert) -> tuple[object, ...]:
    return alert.merged_from, alert.merged_into, alert.split_from, alert.card


def _count(alert: Alert, field: str) -> int:
    return sum(bool(getattr(t, field)) for t in alert.told)


def _shelf(alert: Alert) -> tuple[object, ...]:
    return (alert.shelved.until, alert.shelved.by, alert.shelved.why) if alert.shelved else ()


def _warned(alert: Alert) -> bool:
    return alert.shelved is not None and alert.shelved.ends_soon


def _offers(old: Alert, new: Alert, state: str) -> bool:
    return new.handover is not None and new.handover.state == state and new.handover != old.handover


def _starts(alert: Alert) -> float:
    return -inf if alert.event_from is None else alert.event_from


def _ends(alert: Alert) -> float:
    return inf if alert.event_to is None else alert.event_to
