"""The versions of every order with their readings, worked out when somebody asks and kept while they are in use.

What an order was and is follows from the ledger; nothing is lost when it is forgotten here. A million orders stay in
the ledger as bytes, and only those that are looked at become shapes.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from coordinator.core.deconfliction.active import Version, versions
from coordinator.core.deconfliction.ledger import Key, Ledger
from coordinator.core.deconfliction.reading import Reading, reading
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.sides import Side
from coordinator.core.deconfliction.windows import FAR

Sides = tuple[Side, ...]
KEPT: Final = 8192
"""Orders whose readings are kept."""


class Roll(Mapping[Key, Sides]):
    """Versions by order, oldest first."""

    def __init__(self, ledger: Ledger, setting: Setting) -> None:
        self._ledger = ledger
        self._setting = setting
        self._kept: dict[Key, Sides] = {}
        self.instead: dict[Key, Sides] = {}  # what counts in place of what was read, while something is tried

    def __getitem__(self, key: Key) -> Sides:
        found = self.instead.get(key) or self._kept.get(key)
        if found is None:
            found = self.read(key)
        if not found:
            raise KeyError(key)
        return found

    def of(self, key: Key) -> Sides:
        """Return the versions of an order, none if it is not in the set; faster than `get`."""
        return self.instead.get(key) or self._kept.get(key) or self.read(key)

    def __contains__(self, key: object) -> bool:
        thread = self._ledger.acts.get(key)  # type: ignore[call-overload]  # Mapping asks about any object
        return thread is not None and bool(thread.items)

    def __iter__(self) -> Iterator[Key]:
        return (key for key in self._ledger.acts if key in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def read(self, key: Key) -> Sides:
        """Read an order again; return its versions, or nothing if it is not in the set."""
        before = {s.version.stamp: s.reading for s in self._kept.pop(key, ())}
        made = versions(self._ledger, key, self._setting)
        if not made:
            return ()
        ends = [*(v.since for v in made[1:]), FAR]
        sides = tuple(Side(v, self._reading(v, before), end) for v, end in zip(made, ends, strict=True))
        self._keep(key, sides)
        return sides

    def forget(self, key: Key) -> None:
        """Keep nothing of an order."""
        self._kept.pop(key, None)

    def _keep(self, key: Key, sides: Sides) -> None:
        if len(self._kept) >= KEPT:
            for old in list(islice(self._kept, KEPT // 4)):
                del self._kept[old]
        self._kept[key] = sides

    def _reading(self, version: Version, before: dict[tuple[bytes, ...], Reading | None]) -> Reading | None:
        if version.body is None:
            return None
        known = before.get(version.stamp)
        return known if known is not None else reading(version.body, self._setting)
