"""Which findings hang together, kept up to date one finding at a time, at a cost that does not follow their number.

Findings are nodes, `correlate.linked` is the edge; edges are never stored, since a crowd of N findings has N² of them.
Nodes are filed by message and by cell of the ground, and a node is compared with one node of each cluster that it may
belong to. A cluster is everything that edges lead to, closed findings included. While its unsettled findings hang
together by themselves, which is nearly always, it is one card (``simple``); for these a tree is kept in which each node
has a parent with a lower rank: as long as the children of a node that changes find another parent, the cluster still
hangs together, and nothing else has to be looked at. Where that cannot be shown, the clusters concerned are built anew.

Groups are a function of the findings alone: neither ranks nor trees are seen from outside.
"""

from bisect import bisect_left, insort
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from math import cos, floor, radians, sin
from typing import Final, NamedTuple

from coordinator.core.correlate import EARTH_M, Spot, linked
from coordinator.core.mission import Cards

Key = tuple[object, ...]
_AROUND: Final = tuple((x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1))
_MIX: Final = 2_654_435_761  # Knuth's multiplier: spreads children over parents


class Group(NamedTuple):
    """The findings of one card, and the one that it is named by: the earliest, of several the smallest id."""

    members: frozenset[str]
    founder: str


class _Node:
    """A finding: where it is, what it is filed under, and its place in the tree of its cluster."""

    __slots__ = ("around", "children", "keys", "label", "parent", "rank", "spot")

    def __init__(self, spot: Spot, keys: tuple[Key, ...], around: tuple[Key, ...]) -> None:
        self.spot, self.keys, self.around = spot, keys, around
        self.label = self.rank = 0
        self.parent = ""
        self.children: set[str] = set()


class _Drawer:
    """The nodes of one cluster under one key: unsettled ones by rank, closed ones by when they were closed."""

    __slots__ = ("active", "closed")

    def __init__(self) -> None:
        self.active: list[tuple[float, str]] = []
        self.closed: list[tuple[float, str]] = []


class Clusters:
    """All findings that may be on cards. ``members`` are the findings of each cluster by its label."""

    def __init__(self, cards: Cards) -> None:
        self.members: dict[int, set[str]] = {}
        self._cards = cards
        self._nodes: dict[str, _Node] = {}
        self._files: dict[Key, dict[int, _Drawer]] = {}
        self._split: set[int] = set()  # clusters that are several cards
        self._ranks = self._labels = 0

    def label(self, identity: str) -> int | None:
        """Return the cluster that a finding is in."""
        node = self._nodes.get(identity)
        return node.label if node else None

    def beside(self, identity: str) -> str:
        """Return a finding of the same cluster, itself only if it is there alone."""
        node = self._nodes[identity]
        return node.parent or next(iter(node.children), identity)

    def take(self, identity: str, spot: Spot | None) -> set[str] | None:
        """Bring the clusters up to date with a finding, without a spot if it is to be on no card.

        Returns None if everything else hangs together as before and it belongs to its cluster's one group; else the
        findings that `rebuild` has to be called with, before anything else.
        """
        node = self._nodes.get(identity)
        if node and spot == node.spot:
            return None if node.label not in self._split else set(self.members[node.label])
        if node is None and spot is None:
            return None
        whole = self._loosen(identity, node) if node else True
        before = {node.label} & self.members.keys() if node else set()
        if spot is None:
            del self._nodes[identity]
            return {identity}.union(*(self.members[c] for c in before))
        node = self._put(identity, spot)
        concerned = self._hits(node) | before
        if whole and len(concerned) == 1 and not concerned & self._split and self._hang(identity, node, *concerned):
            return None
        self._file(identity, node, self._new_label())
        return {identity}.union(*(self.members[c] for c in concerned)) if concerned else None

    def rebuild(self, region: Iterable[str]) -> list[Group]:
        """Build the clusters of some findings anew, and return their groups; no edge may lead out of the region."""
        left = {i for i in region if i in self._nodes}
        for label in {self._nodes[i].label for i in left}:
            self._clear(label)
        index, groups = self._index(left), []
        for seed in sorted(left, key=self._age):
            if seed in left:
                groups += self._build({i for i, _ in self._walk([seed], left, index)})
        return groups

    # -- one finding --------------------------------------------------------------------------------------------------

    def _put(self, identity: str, spot: Spot) -> _Node:
        """Make a new node; it is filed nowhere yet."""
        parties = tuple((spot.only, p) for p in sorted(spot.parties))
        cells = self._cells(spot)
        node = _Node(spot, (*parties, *cells[:1]), (*parties, *cells))
        self._nodes[identity] = node
        return node

    def _cells(self, spot: Spot) -> tuple[Key, ...]:
        """Return the cube of space that a place is in, and those around it; no meridian and no pole is special."""
        if spot.at is None:
            return ()
        lon, lat = radians(spot.at[0]), radians(spot.at[1])
        across, side = cos(lat) * EARTH_M, max(self._cards.distance_m * 1.001, 1.0)
        x, y, z = (floor(v / side) for v in (across * cos(lon), across * sin(lon), sin(lat) * EARTH_M))
        return ((spot.only, x, y, z), *((spot.only, x + a, y + b, z + c) for a, b, c in _AROUND if a or b or c))

    def _linked(self, a: Spot, other: str) -> bool:
        return linked(a, self._nodes[other].spot, self._cards)

    def _hits(self, node: _Node) -> set[int]:
        """Return the clusters that any edge leads to."""
        found: set[int] = set()
        for key in node.around:
            for label, drawer in self._files.get(key, {}).items():
                if label not in found and self._meets(node.spot, drawer):
                    found.add(label)
        return found

    def _meets(self, spot: Spot, drawer: _Drawer) -> bool:
        alive = drawer.closed[bisect_left(drawer.closed, (spot.born, "")) :]  # what was over by then is no neighbour
        return any(self._linked(spot, i) for _, i in drawer.active) or any(self._linked(spot, i) for _, i in alive)

    def _hang(self, identity: str, node: _Node, label: int) -> bool:
        """Add a node to a cluster, behind any unsettled one; return whether there is one."""
        self._ranks += 1
        node.rank = self._ranks
        node.parent = self._parent(node, label, self._ranks)
        if node.parent:
            self._nodes[node.parent].children.add(identity)
            self._file(identity, node, label)
        return bool(node.parent)

    def _parent(self, node: _Node, label: int, below: int) -> str:
        """Return an unsettled neighbour in a cluster with a lower rank, or ""; each has its turn."""
        for key in node.around:
            drawer = self._files.get(key, {}).get(label)
            active = drawer.active if drawer else []
            count = bisect_left(active, (below, ""))
            start = node.rank * _MIX % count if count else 0
            for i in range(count):
                other = active[(start + i) % count][1]
                if self._linked(node.spot, other):
                    return other
        return ""

    def _loosen(self, identity: str, node: _Node) -> bool:
        """Take a node out of its cluster; return whether the rest is whole: its children have other parents."""
        self._unfile(identity, node)
        self.members[node.label].discard(identity)
        if not self.members[node.label]:
            self._clear(node.label)
        if parent := self._nodes.get(node.parent):
            parent.children.discard(identity)
        if node.label in self._split:
            return False
        children = sorted(node.children, key=lambda c: self._nodes[c].rank)
        heir = None if node.parent else next((c for c in children if self._nodes[c].spot.active), None)
        if heir:
            self._nodes[heir].parent = ""  # it has the lowest rank of all unsettled ones that are left: the new root
            children.remove(heir)
        return all(self._rehang(child, self._nodes[child]) for child in children)

    def _rehang(self, identity: str, node: _Node) -> bool:
        node.parent = self._parent(node, node.label, node.rank)
        if not node.parent and not node.children:  # nothing hangs on it: it may go to the end
            self._unfile(identity, node)
            return self._hang(identity, node, node.label)
        if node.parent:
            self._nodes[node.parent].children.add(identity)
        return bool(node.parent)

    # -- files --------------------------------------------------------------------------------------------------------

    def _new_label(self) -> int:
        self._labels += 1
        return self._labels

    def _file(self, identity: str, node: _Node, label: int) -> None:
        node.label = label
        self.members.setdefault(label, set()).add(identity)
        for key in node.keys:
            drawer = self._files.setdefault(key, {}).setdefault(label, _Drawer())
            if node.spot.active:
                insort(drawer.active, (node.rank, identity))
            else:
                insort(drawer.closed, (node.spot.died, identity))

    def _unfile(self, identity: str, node: _Node) -> None:
        for key in node.keys:
            drawers = self._files.get(key, {})
            drawer = drawers.get(node.label)
            if drawer is None:
                continue
            pile, entry = _entry(identity, node, drawer)
            at = bisect_left(pile, entry)
            if pile[at : at + 1] == [entry]:
                del pile[at]
            if not drawer.active and not drawer.closed:
                del drawers[node.label]
            if not drawers:
                del self._files[key]

    def _clear(self, label: int) -> None:
        """Empty the drawers of a cluster that is built anew."""
        for identity in self.members.pop(label):
            for key in self._nodes[identity].keys:
                drawers = self._files.get(key, {})
                drawers.pop(label, None)
                if not drawers:
                    self._files.pop(key, None)
        self._split.discard(label)

    # -- whole clusters -----------------------------------------------------------------------------------------------

    def _age(self, identity: str) -> tuple[float, str]:
        return self._nodes[identity].spot.born, identity

    def _index(self, among: Iterable[str]) -> dict[Key, list[str]]:
        index: dict[Key, list[str]] = defaultdict(list)
        for identity in among:
            for key in self._nodes[identity].keys:
                index[key].append(identity)
        return index

    def _walk(self, seeds: Iterable[str], left: set[str], index: dict[Key, list[str]]) -> Iterator[tuple[str, str]]:
        """Yield the seeds and everything in ``left`` that edges lead to, each with where it was reached from."""
        queue = deque(seeds)
        left.difference_update(queue)
        yield from ((i, "") for i in queue)
        while queue:
            here = queue.popleft()
            node = self._nodes[here]
            for key in node.around:
                for there in index.pop(key, ()):
                    if there in left:
                        if self._linked(node.spot, there):
                            left.discard(there)
                            queue.append(there)
                            yield there, here
                        else:
                            index.setdefault(key, []).append(there)

    def _build(self, cluster: set[str]) -> list[Group]:
        """File a cluster, plant its tree, and return its groups: what was closed goes to the oldest that it touches."""
        label, groups = self._new_label(), []
        active = {i for i in cluster if self._nodes[i].spot.active}
        closed, index = cluster - active, self._index(active)
        rest = self._index(closed)
        trees = [list(self._walk([i], active, index)) for i in sorted(active, key=self._age) if i in active]
        for tree in trees:
            settled = list(self._walk([i for i, _ in tree], closed, rest))[len(tree) :]
            groups.append(self._plant([*tree, *settled], label))
        if not trees:
            groups.append(self._plant([(i, "") for i in sorted(closed)], label))
        if len(trees) > 1:
            self._split.add(label)
        return groups

    def _plant(self, tree: list[tuple[str, str]], label: int) -> Group:
        for identity, _ in tree:
            self._nodes[identity].children = set()
        for identity, parent in tree:
            node = self._nodes[identity]
            self._ranks += 1
            node.rank, node.parent = self._ranks, parent
            if parent:
                self._nodes[parent].children.add(identity)
            self._file(identity, node, label)
        return Group(frozenset(i for i, _ in tree), min((i for i, _ in tree), key=self._age))


def _entry(identity: str, node: _Node, drawer: _Drawer) -> tuple[list[tuple[float, str]], tuple[float, str]]:
    if node.spot.active:
        return drawer.active, (node.rank, identity)
    return drawer.closed, (node.spot.died, identity)
