"""Messages as nobody should send them: whole ones of every kind that is folded, changed at random where it hurts.

A mutant is an envelope in plain values with some leaves replaced, left out, repeated or taken from another message;
what does not decode any more is none. Seeded: a seed is a set of mutants.
"""

import random
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.envelope import Envelope, Reference, UnitRef
from schemas.geo import AltitudeBand, AltitudeLimit, MultiPolygon, Route, RoutePoint
from schemas.notices import MovementNotice
from schemas.operations import Whereabouts
from tests.support.pool import IDS, PARTICIPANTS, Pool
from tests.support.v1 import MINUTE, during, z

Path = tuple[str | int, ...]

NUMBERS: Final = (
    0, 1, -1, 2, 90, -90, 180, -180, 360, 10**9, 10**12, 1 << 61, -(1 << 61), 1 << 63, (1 << 63) - 1, -(1 << 63),
    1 << 64, 10**30, -(10**30), 253_402_300_800_000_000, -62_135_596_800_000_001,
)  # fmt: skip
FRACTIONS: Final = (0.0, -0.0, 0.5, -0.5, 1e-300, 1e-9, 1e3, 4e7, 1e9, 1e15, 1e300, -1e300, 1.7e308, -1.7e308)
WORDS: Final = (
    "", " ", "x", "KESSA", "kessa", "LIME", "nan,nan", "inf,0", "95,500", "1e400,0", "2,-27", "\x00", "\x1e\x1f/",
    "\u202e\U0001f4a3", "o0", "O0", "o1:1", "sn-hq", "xar-batt", "crane", "a" * 200,
)  # fmt: skip
KEPT: Final = ("kind", "version", "originator", "body")
"""Fields of the envelope that stay: without them nothing is decoded at all, or it is another participant's."""


def seeds(share: Pool) -> list[Envelope]:
    """Return messages of every kind that is folded."""
    when = during("140900", "141000")
    band = AltitudeBand(lower=AltitudeLimit(reference="AGL", value_m=50.0), upper=AltitudeLimit(reference="AGL"))
    way = Route(points=(RoutePoint(name="KESSA", altitude=band), RoutePoint(name="FORD", window=when)),
                method="vehicle", column_length_m=300.0, speed_min_mps=2.0, speed_max_mps=9.0, width_m=8.0)  # fmt: skip
    ring = ((-27.0, 2.0), (-26.99, 2.0), (-26.99, 2.01), (-27.0, 2.0))
    at = z("140000")
    more = [
        MovementNotice(movement_kind="flight", route=way, windows=(when,), altitude=band),
        MovementNotice(movement_kind="patrol", area=MultiPolygon(polygons=((ring,), (ring,))), windows=(when,)),
    ]  # fmt: skip
    said = [share.said(m, "xar-batt", at, f"o{2 + i}") for i, m in enumerate(more)]
    for i, who in enumerate(PARTICIPANTS):
        said.append(share.said(Acknowledgement(of=Reference(id=IDS[i]), step="wilco"), who, at))
        waiver = Action(alert="a", verb="waive", seen_rev=1, note="n", until=at + 300 * MINUTE, findings=("0" * 32,))
        said.append(share.said(waiver, who, at))
    place = Whereabouts(participant="xar-batt", unit=UnitRef(participant="xar-batt"), place="KESSA", state="left",
                        seen=at, position=1)  # fmt: skip
    said.append(share.said(place, "coord", at, "w1"))
    return [
        *share.first,
        *share.revised,
        *share.superseding,
        *share.amendments,
        *share.cancellations,
        *share.reports,
        *said,
    ]


def mutants(seed: int, count: int) -> Iterator[Envelope]:
    """Yield so many messages, most of them changed in one to three places."""
    random_ = random.Random(seed)
    known = seeds(Pool(seed))
    made = 0
    while made < count:
        new = mutant(random_, random_.choice(known), random_.choice(known))
        if new is not None:
            made += 1
            yield new


def mutant(random_: random.Random, of: Envelope, other: Envelope) -> Envelope | None:
    """Return a message changed in up to three places, with pieces of another one; None if it cannot be decoded."""
    value, donor = plain(of), plain(other)
    for _ in range(random_.randint(0, 3)):
        spots = [p for p in _paths(value) if (p and p[0] not in KEPT) or len(p) > 1]
        if spots:
            _change(random_, value, random_.choice(spots), donor)
    try:
        new = registry.envelope(msgspec.json.encode(value))
        registry.body(new)
    except (msgspec.MsgspecError, registry.UnknownKind):
        return None
    return new


def plain(of: Envelope) -> dict[str, Any]:
    """Return a message in plain values, its body opened."""
    value: dict[str, Any] = msgspec.json.decode(registry.encode(replace(of, body=msgspec.Raw(b"{}"))))
    return value | {"body": msgspec.json.decode(of.body)}


def _paths(value: Any, at: Path = ()) -> Iterator[Path]:
    """Yield where something stands in plain values."""
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from _paths(inner, (*at, key))


def _change(random_: random.Random, value: Any, path: Path, donor: Any) -> None:
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    match random_.randrange(5):
        case 0:
            del holder[path[-1]]
        case 1:
            grafts = [p for p in _paths(donor) if p and p[-1] == path[-1]]
            if grafts:
                holder[path[-1]] = deepcopy(_at(donor, random_.choice(grafts)))
        case 2 if isinstance(holder[path[-1]], list):
            holder[path[-1]] = random_.choice(([], holder[path[-1]] * 2, holder[path[-1]] * 40, holder[path[-1]][::-1]))
        case _:
            holder[path[-1]] = _worse(random_, holder[path[-1]])


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _worse(random_: random.Random, value: Any) -> Any:
    """Return something of the same sort that nobody would say."""
    match value:
        case bool():
            return not value
        case int():
            return random_.choice((*NUMBERS, value + 1, value - 1, -value))
        case float():
            return random_.choice((*FRACTIONS, -value, value * 1e6, value / 1e6))
        case str():
            return random_.choice(WORDS)
        case _:
            return random_.choice((None, [], {}, value))
