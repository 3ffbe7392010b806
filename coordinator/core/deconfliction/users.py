"""Who uses which section of a route, and how each was rated: what K04 is judged on."""

from collections import defaultdict
from collections.abc import Iterable

from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.reading import Reading
from coordinator.core.deconfliction.sections import Rating, Use, named, ratings, uses
from coordinator.core.deconfliction.setting import Setting, Spot
from schemas.notices import RouteState


class Users:
    """The sections of a mission and of the reports, with the orders that use them."""

    def __init__(self, ledger: Ledger, setting: Setting) -> None:
        self._ledger = ledger
        self._setting = setting
        self._by_name: defaultdict[str, set[Key]] = defaultdict(set)
        self._used: dict[Key, frozenset[str]] = {}
        self._ratings: dict[str, tuple[Rating, ...]] = {}
        self._spots: dict[str, Spot] = dict(setting.spots)

    def put(self, key: Key, readings: Iterable[Reading]) -> None:
        """Note which sections an order uses, over all its versions."""
        self._use(key, frozenset(name for r in readings for name in self.passings(r)))

    def drop(self, key: Key) -> None:
        """Forget an order."""
        self._use(key, frozenset())

    def of(self, name: str) -> set[Key]:
        """Return the orders that use a section."""
        return set(self._by_name.get(name, ()))

    def near(self, key: Key) -> set[Key]:
        """Return the orders that use a section with one where that can matter: one lane, or a headway."""
        return {
            k
            for name in self._used.get(key, ())
            if any(r.lanes == 1 or r.headway_s for r in self._rated(self._spots[name.casefold()]))
            for k in self._by_name[name]
        }

    def using(self) -> list[Key]:
        """Return every order that uses some section, sorted."""
        return sorted(self._used)

    def rate(self, state: RouteState) -> Spot | None:
        """Take note that a section was rated anew; return where it is, or None if nobody knows."""
        spot = named(state, self._setting)
        if spot is not None:
            self._spots.setdefault(spot.section.name.casefold(), spot)
            self._ratings.pop(spot.section.name, None)
        return spot

    def passings(self, of: Reading) -> dict[str, tuple[Spot, tuple[Use, ...], tuple[Rating, ...]]]:
        """Return the sections that vehicles of a reading use, when, and how each was rated."""
        if not of.vehicles or not of.parts:
            return {}
        found = {}
        for spot in self._spots.values():
            name = spot.section.name
            if name not in of.uses:
                of.uses[name] = uses(of, spot)
            if of.uses[name]:
                found[name] = (spot, of.uses[name], self._rated(spot))
        return found

    def _rated(self, spot: Spot) -> tuple[Rating, ...]:
        name = spot.section.name
        if name not in self._ratings:
            self._ratings[name] = ratings(self._ledger, spot)
        return self._ratings[name]

    def _use(self, key: Key, used: frozenset[str]) -> None:
        for name in self._used.pop(key, frozenset()) - used:
            self._by_name[name].discard(key)
        for name in used:
            self._by_name[name].add(key)
        if used:
            self._used[key] = used
