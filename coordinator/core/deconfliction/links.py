"""Orders that point at each other wrongly: what K12 is about, apart from time and place.

Rules: (a) stale: cites a superseded or cancelled order, or an older revision; (b) fork; (c) cycle; (d) no authority;
(e, f) missing order or revision; (g) an older version was acknowledged. Source: reference deconfliction.md §2.3 K12.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from coordinator.core.deconfliction.active import ending, superseded
from coordinator.core.deconfliction.ledger import Item, Key, Ledger, Link, links
from coordinator.core.deconfliction.setting import Setting
from schemas.directives import Directive

Rule = Literal["stale", "fork", "cycle", "authority", "missing", "acknowledged"]
LESSER: Final = frozenset(("cycle", "missing"))
"""Rules one step below the severity of the others."""

_FOLLOWS: Final = frozenset(("amends", "dependencies", "coordinated_with"))
_RULES: Final = frozenset(("amends", "supersedes", "cancels"))


class Fault(NamedTuple):
    """One wrong link of an order: the rule, the field, the other orders it concerns and what it cites."""

    rule: Rule
    field: str
    others: tuple[Key, ...]
    cites: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells it from other faults of the same order."""
        return "/".join((self.rule, self.field, *(c.rsplit(":", 1)[0] for c in self.cites)))


def faults(ledger: Ledger, item: Item, setting: Setting) -> list[Fault]:
    """Return what is wrong with the links of one order that is in force, once a field and order that it cites."""
    found = {f for link in links(item.body) if (f := _fault(ledger, item, link, setting))}
    return [*{(f.key, f.others): f for f in sorted(found, reverse=True)}.values()][::-1]


def ambiguous(ledger: Ledger, item: Item) -> list[Link]:
    """Return the references of an order that could mean several others (K18)."""
    return [link for link in links(item.body) if len(ledger.resolve(link.ref)) > 1]


def _fault(ledger: Ledger, item: Item, link: Link, setting: Setting) -> Fault | None:
    ref, field = link.ref, link.field
    known = ledger.resolve(ref)
    wanted = f"{ref.id}:{ref.revision}" if ref.revision else ref.id
    if not known:
        return Fault("missing", field, (), (wanted,))
    if len(known) > 1 or known[0] == item.key:
        return None
    target = known[0]
    newest = ledger.acts[target].at()
    assert newest is not None  # noqa: S101 - resolve() only returns what has items
    if field == "dependencies" and target[0] != item.key[0] and _draft(newest):
        return Fault("missing", field, (), (wanted,))
    if field in _RULES and setting.authority(item.key[0], target[0]) is None:
        return Fault("authority", field, (target,), (wanted,))
    if ref.revision > newest.revision:
        return Fault("missing", field, (target,), (wanted,))
    if field in _FOLLOWS and 0 < ref.revision < newest.revision:
        return Fault("stale", field, (target,), (wanted, newest.name))
    end = ending(ledger, target, setting)
    if end and not _replaces(ledger, item, target) and _matters(field, end, item):
        return Fault("stale", field, (target,), (wanted, end.name))
    return None


def _draft(item: Item) -> bool:
    """Say whether it is not issued yet: then only its issuer knows of it."""
    return isinstance(item.body, Directive) and item.body.draft


def _replaces(ledger: Ledger, item: Item, target: Key) -> bool:
    """Say whether this very revision supersedes or cancels an order: then it knows that it is gone."""
    return any(k.field in ("supersedes", "cancels") and ledger.one(k.ref) == target for k in links(item.body))


def _matters(field: str, end: Item, item: Item) -> bool:
    """Say whether it matters that a cited order is gone: always to who depends on it, else if it was gone before."""
    return field == "dependencies" or (field == "amends" and end.issued <= item.issued)


def cycle(ledger: Ledger, key: Key, setting: Setting) -> tuple[Key, ...]:
    """Return the orders that supersede each other in a circle with this one, or nothing."""
    if not ledger.citing.get(key[1]):  # as nearly always: nobody names it
        return ()
    reach = superseded(ledger, key, setting)
    return tuple(sorted(k for k in reach if key in superseded(ledger, k, setting))) if key in reach else ()


def fork(ledger: Ledger, key: Key, setting: Setting) -> tuple[Key, ...]:
    """Return the different orders in force that each supersede this one, if there are several."""
    found = sorted(k for k in _superseders(ledger, key, setting) if ending(ledger, k, setting) is None)
    return tuple(found) if len(found) > 1 else ()


def _superseders(ledger: Ledger, key: Key, setting: Setting) -> Iterator[Key]:
    for other in ledger.citing.get(key[1], ()):
        thread = ledger.acts.get(other)
        newest = thread.at() if thread else None
        if newest is None or other == key or setting.authority(other[0], key[0]) is None:
            continue
        if not isinstance(newest.body, Directive) or newest.body.draft:
            continue
        replaces = any(ledger.one(ref) == key for ref in newest.body.supersedes)
        if replaces and other not in superseded(ledger, key, setting):
            yield other
