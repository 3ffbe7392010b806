"""What a unit read back last, held against the order as it is in force: the one place that decides what is wrong.

Source: design §5; reference domain.md R-04 (a wrong value is refused and shown as a difference).
"""

from typing import Final

from coordinator.core.deconfliction.active import Version, versions
from coordinator.core.deconfliction.hearing import is_about
from coordinator.core.deconfliction.ledger import Item, Key, Ledger
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.orders import readback  # whole: it and deconfliction read each other
from schemas.acknowledgements import Acknowledgement, ReadBack
from schemas.directives import Directive

STEPS: Final = ("delivered", "received", "understood", "wilco", "cannot-comply")


def contradicts(
    ledger: Ledger, of: Version, who: str, said: list[Item], setting: Setting, frame: "readback.Frame"
) -> bool:
    """Say whether the latest read-back of a performer contradicts a version of an order. ``said`` is all it said."""
    if of.body is None or not any(_read(i) for i in said):
        return False
    now = sorted((i for i in said if is_about(ledger, i, of)), key=by_time)
    return any(readback.differences(compared(ledger, of, who, now, setting, frame)))


def by_time(item: Item) -> tuple[object, ...]:
    """Sort acknowledgements as they were said; of two in one moment, the one that says more is later."""
    step = item.body.step if isinstance(item.body, Acknowledgement) else ""
    return item.issued, STEPS.index(step) if step in STEPS else -1, item.key, item.revision


def compared(
    ledger: Ledger, of: Version, who: str, said: list[Item], setting: Setting, frame: "readback.Frame"
) -> "tuple[readback.Compared, ...]":
    """Return the latest read-back beside the order, or beside whichever order of the same message it fits.

    A message may change several orders of one unit; it reads one of them back at a time.
    """
    read = [b for i in said if (b := _read(i))]
    if not read or of.body is None:
        return ()
    found = readback.compare(read[-1], of.body, frame)
    if not any(readback.differences(found)) or len(of.sources) == 0:
        return found
    others = (_beside(ledger, key, who, setting) for key in _changed_too(ledger, of))
    fits = any(o and (c := readback.compare(read[-1], o, frame)) and not any(readback.differences(c)) for o in others)
    return () if fits else found


def _changed_too(ledger: Ledger, of: Version) -> set[Key]:
    changed = (c.order for i in of.sources if isinstance(i.body, Directive) for c in i.body.amends)
    return {key for ref in changed if (key := ledger.one(ref)) and key != of.key}


def _beside(ledger: Ledger, key: Key, who: str, setting: Setting) -> Directive | None:
    """Return another order as it is in force, if this participant performs it as well."""
    known = versions(ledger, key, setting)
    if not known or who not in known[-1].performers:
        return None
    body = known[-1].body
    return body if isinstance(body, Directive) else None


def _read(item: Item) -> ReadBack | None:
    return item.body.read_back if isinstance(item.body, Acknowledgement) else None
