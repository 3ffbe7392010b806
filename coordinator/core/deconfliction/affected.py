"""Which orders must be read again when a message arrives; too many are only slow, too few would be wrong."""

from collections.abc import Iterator
from typing import Final

from coordinator.core.deconfliction.active import superseded
from coordinator.core.deconfliction.declared import concerned, declared
from coordinator.core.deconfliction.geometry import widen
from coordinator.core.deconfliction.ledger import FAMILIES, Item, Key, Ledger, links
from coordinator.core.deconfliction.picture import Picture
from coordinator.core.deconfliction.ties import performed
from schemas.acknowledgements import Acknowledgement, Action
from schemas.envelope import Reference
from schemas.notices import RouteState
from schemas.operations import Whereabouts

_STRONG: Final = ("amends", "supersedes", "cancels")
"""Fields by which a message changes what another is."""


def affected(ledger: Ledger, picture: Picture, new: Item) -> set[Key]:
    """Return the orders and notices whose reading or findings a message may change."""
    match new.body:
        case Acknowledgement():
            return _with_targets(ledger, ledger.answered(new.body.of))
        case Action():
            return {k for f in new.body.findings for k in picture.where.get(f, ())}
        case Whereabouts():
            return set()  # it changes no order: see `Picture.watching`
    return _threads(ledger, picture, new)


def _threads(ledger: Ledger, picture: Picture, new: Item) -> set[Key]:
    """Return what any revision of a message may be about: the one that counted until now is read as well."""
    if new.envelope.kind == "route-state":
        return _states(ledger, picture, new)
    if new.envelope.kind == "agreement":
        return _agreed(ledger, new) | _framed(ledger, picture, new)
    if new.envelope.kind == "caveat":
        return _restricted(ledger, picture, new)
    if new.envelope.kind in ("acknowledgement", "action"):
        return _unsaid(ledger, picture, new)
    return _acts(ledger, picture, new)


def _unsaid(ledger: Ledger, picture: Picture, new: Item) -> set[Key]:
    """Return what an answer or an action that is withdrawn was about, in any of its revisions."""
    thread = ledger.threads[FAMILIES[new.envelope.kind]].get(new.key)
    said = [i for i in thread.items.values() if not i.cancelled] if thread else []
    return {k for i in said for k in affected(ledger, picture, i)}


def _framed(ledger: Ledger, picture: Picture, new: Item) -> set[Key]:
    """Return the orders in and around the zones that follow an agreement, as any of its revisions lays them out."""
    layers, thread = picture.setting.layers, ledger.threads["agreement"].get(new.key)
    found: set[Key] = set()
    for zone in layers.following:
        for item in thread.items.values() if thread else ():
            plot = layers.plot(zone, item)
            if plot and plot.spans:
                first, last = min(s.se for s in plot.spans), max(s.el for s in plot.spans)
                found |= picture.around(widen(plot.shape.box, zone.standoff_m), first, last)
    return found


def _restricted(ledger: Ledger, picture: Picture, new: Item) -> set[Key]:
    """Return the orders that any revision of a caveat may be about."""
    thread, setting = ledger.threads["caveat"].get(new.key), picture.setting
    items = [*thread.items.values()] if thread else []
    bound = {p for item in items if (caveat := declared(item, setting)) for p in caveat.binds}
    return {
        key
        for key in {k for p in bound for k in picture.bonds.tagged(performed(p))}
        if any(concerned(side, item, setting) for item in items for side in picture.sides.get(key, ()))
    }


def _acts(ledger: Ledger, picture: Picture, new: Item) -> set[Key]:
    first = {new.key} | _named(ledger, _strong(ledger, new.key)) | ledger.citing.get(new.key[1], set())
    first |= set(ledger.resolve(Reference(id=new.key[1])))  # namesakes: answers that name the id can now mean either
    first |= ledger.aliases.turned()
    found = _with_targets(ledger, first)
    for key in first:
        found |= ledger.citing.get(key[1], set()) if key != new.key else set()
        found |= superseded(ledger, key, picture.setting)
    return {k for k in _with_targets(ledger, found) if k in ledger.acts or k == new.key}


def _strong(ledger: Ledger, key: Key) -> Iterator[Reference]:
    thread = ledger.acts.get(key)
    for i in thread.items.values() if thread else ():
        yield from (link.ref for link in links(i.body) if link.field in _STRONG)


def _named(ledger: Ledger, refs: Iterator[Reference] | list[Reference]) -> set[Key]:
    return {k for ref in refs for k in ledger.resolve(ref)}


def _with_targets(ledger: Ledger, keys: set[Key] | list[Key]) -> set[Key]:
    """Return orders, and those that they amend, supersede or cancel."""
    return {*keys, *(t for k in keys for t in _named(ledger, _strong(ledger, k)))}


def _states(ledger: Ledger, picture: Picture, new: Item) -> set[Key]:
    thread = ledger.threads["route-state"].get(new.key)
    reports = [i.body for i in thread.items.values()] if thread else []
    return {k for body in reports if isinstance(body, RouteState) for k in picture.rate(body)}


def _agreed(ledger: Ledger, new: Item) -> set[Key]:
    thread = ledger.threads["agreement"].get(new.key)
    refs = [link.ref for i in (thread.items.values() if thread else ()) for link in links(i.body)]
    return _named(ledger, refs)
