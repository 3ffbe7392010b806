"""What is in force, and what was: each order as a sequence of effective versions.

An effective order is its base plus the complete fields that amendments replace, taken by authority, then issue time,
then id. A version came into force when the newest message behind it was issued, so it does not matter in which order
they arrived. An order that was superseded or cancelled is gone for ever: withdrawing what superseded it revives
nothing. An amendment that is withdrawn changes nothing any more. Source: design §3, §4; deconfliction.md §2.4.
"""

from typing import Any, NamedTuple

from msgspec.structs import replace

from coordinator.core.deconfliction.ledger import Item, Key, Ledger, links
from coordinator.core.deconfliction.setting import Setting
from schemas.base import Message
from schemas.directives import Directive, OrderChange
from schemas.geo import Route


class Change(NamedTuple):
    """An amendment of one order by somebody with authority; ``rank`` 0 is its own issuer."""

    rank: int
    item: Item
    change: OrderChange


class Version(NamedTuple):
    """An order as it was in force from ``since`` on; ``body`` None once it is gone."""

    key: Key
    since: int
    item: Item
    body: Message | None
    news: tuple[Item, ...]  # the messages that brought it about
    sources: tuple[Item, ...]  # the amendments in it
    performers: tuple[str, ...]  # participants, sorted

    @property
    def named(self) -> tuple[str, ...]:
        """The messages that brought it about, by name."""
        return tuple(sorted(i.name for i in self.news))

    @property
    def stamp(self) -> tuple[bytes, ...]:
        """What the body depends on besides the mission."""
        return (self.item.digest, *(i.digest for i in self.sources))


def versions(ledger: Ledger, key: Key, setting: Setting) -> tuple[Version, ...]:
    """Return the versions of an order or notice, oldest first; the last one is in force. Empty if it was never seen."""
    thread = ledger.acts.get(key)
    if thread is None or not thread.items:
        return ()
    if (only := thread.plain) and not ledger.citing.get(key[1]):  # as nearly always: one revision, cited by nobody
        return (Version(key, only.issued, only, only.body, (only,), (), performers(only.body, key, setting)),)
    end = ending(ledger, key, setting)
    changes = _changes(ledger, key, setting)
    times = {i.issued for i in thread.chosen()} | {c.item.issued for c in changes}
    times |= {e.issued for c in changes if (e := ending(ledger, c.item.key, setting))}
    found: list[Version] = []
    for time in sorted(times):
        if end and end.issued <= time:
            break
        made = _effective(ledger, key, setting, changes, time)
        if made and (not found or found[-1].body != made.body or found[-1].item.revision != made.item.revision):
            found.append(made)
    last = found[-1] if found else _unborn(ledger, key, setting)
    if end:
        found.append(last._replace(since=max(end.issued, last.since), body=None, news=(end,)))
    return tuple(found)


def _unborn(ledger: Ledger, key: Key, setting: Setting) -> Version:
    """Return the version of an order that was withdrawn before it was issued."""
    base = ledger.acts[key].at()
    assert base is not None  # noqa: S101 - the caller has seen items
    return Version(key, base.issued, base, None, (base,), (), performers(base.body, key, setting))


def ending(ledger: Ledger, key: Key, setting: Setting) -> Item | None:
    """Return the message that ended an order: its cancellation, or what superseded or cancelled it with authority."""
    name = key, setting
    if not ledger.citing.get(key[1]):  # as nearly always; nothing is kept of a million of them
        return ledger.acts[key].withdrawn()
    if name not in ledger.ends:
        ledger.ends[name] = _ending(ledger, key, setting)
    return ledger.ends[name]


def _ending(ledger: Ledger, key: Key, setting: Setting) -> Item | None:
    thread = ledger.acts[key]
    ends = [e] if (e := thread.withdrawn()) else []
    for other in ledger.citing.get(key[1], ()):
        if other == key or other not in ledger.acts or setting.authority(other[0], key[0]) is None:
            continue
        ends += [i for i in ledger.acts[other].chosen() if not _draft(i) and _ends(ledger, i, key, setting)]
    return min(ends, key=lambda i: (i.issued, i.key, i.revision), default=None)


def _ends(ledger: Ledger, item: Item, key: Key, setting: Setting) -> bool:
    for link in links(item.body):
        if link.field in ("supersedes", "cancels") and ledger.one(link.ref) == key:
            return link.field == "cancels" or item.key not in superseded(ledger, key, setting)
    return False


def superseded(ledger: Ledger, key: Key, setting: Setting) -> frozenset[Key]:
    """Return everything that an order supersedes with authority, directly or through others; itself, if in a cycle.

    A link without authority counts for nothing: or a unit could keep its order alive by naming the one that ends it.
    """
    name = key, setting
    found = ledger.reach.get(name)
    if found is None:
        found = frozenset(_superseded(ledger, key, setting))
    if found:  # nearly always it is nothing, which is quickly found again
        ledger.reach[name] = found
    return found


def _superseded(ledger: Ledger, key: Key, setting: Setting) -> set[Key]:
    found: set[Key] = set()
    todo = [key]
    while todo:
        source = todo.pop()
        thread = ledger.acts.get(source)
        newest = thread.at() if thread else None
        for link in links(newest.body) if newest and not _draft(newest) else ():
            target = ledger.one(link.ref) if link.field == "supersedes" else None
            if target and target not in found and setting.authority(source[0], target[0]) is not None:
                found.add(target)
                todo.append(target)
    return found


def _draft(item: Item) -> bool:
    return isinstance(item.body, Directive) and item.body.draft


def _changes(ledger: Ledger, key: Key, setting: Setting) -> list[Change]:
    """Return every amendment of an order that has authority, all revisions, weakest first."""
    found = []
    for other in ledger.citing.get(key[1], ()):
        rank = setting.authority(other[0], key[0])
        if other == key or other not in ledger.acts or rank is None:
            continue
        for i in ledger.acts[other].chosen():
            if isinstance(i.body, Directive) and not i.body.draft:
                found += [Change(rank, i, c) for c in i.body.amends if ledger.one(c.order) == key]
    return sorted(found, key=lambda c: (c.rank, c.item.issued, c.item.key[1], c.item.key[0]))


def _effective(ledger: Ledger, key: Key, setting: Setting, changes: list[Change], time: int) -> Version | None:
    base = ledger.acts[key].at(time)
    if base is None:
        return None
    live = [c for c in changes if c.change.order.revision in (0, base.revision) and _live(ledger, c, setting, time)]
    body = base.body
    for c in live:
        body = _applied(body, c.change)
    sources = tuple(dict.fromkeys(c.item for c in live))
    news = tuple(i for i in (base, *sources) if i.issued == time) or _withdrawals(ledger, changes, setting, time)
    return Version(key, time, base, body, news or (base,), sources, performers(body, key, setting))


def _live(ledger: Ledger, change: Change, setting: Setting, time: int) -> bool:
    """Say whether an amendment was in force: its newest revision then, and not withdrawn."""
    thread = ledger.acts[change.item.key]
    end = ending(ledger, change.item.key, setting)
    return thread.at(time) == change.item and not (end and end.issued <= time)


def _withdrawals(ledger: Ledger, changes: list[Change], setting: Setting, time: int) -> tuple[Item, ...]:
    ends = (ending(ledger, c.item.key, setting) for c in changes)
    return tuple(dict.fromkeys(e for e in ends if e and e.issued == time))


def _applied(body: Message, change: OrderChange) -> Message:
    """Return a message with the fields that an amendment gives; new windows void the timing of an old route."""
    given: dict[str, Any] = {
        f: value
        for f in change.__struct_fields__
        if f != "order" and f in body.__struct_fields__ and (value := getattr(change, f)) is not None
    }
    route = getattr(body, "route", None)
    if "windows" in given and "route" not in given and route is not None:
        given["route"] = _untimed(route)
    return replace(body, **given)


def _untimed(route: Route) -> Route:
    return replace(route, points=tuple(replace(p, window=None) for p in route.points), legs=())


def performers(body: Message, key: Key, setting: Setting) -> tuple[str, ...]:
    """Return the participants that perform an order; a notice is its originator's."""
    if not isinstance(body, Directive):
        return (key[0],)
    return tuple(sorted({p for u in body.performers if (p := participant(u, setting))}))


def participant(unit: Any, setting: Setting) -> str:
    """Return the participant that a unit of a message belongs to, or ""."""
    if unit.participant:
        return str(unit.participant)
    names = (unit.id, unit.name, unit.callsign)
    return next((p for n in names if n and (p := setting.mission.participant_of(n))), "")
