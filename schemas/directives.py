"""What HQs order, and what limits and frames it: directives, national caveats, agreements between parties.

Source: reference formats.md §3.3, §8.5; domain.md §1.2-1.4; design §2, §3 (effective order).
"""

from typing import ClassVar, Literal

from schemas.base import Message, Value
from schemas.envelope import Contact, Reference, UnitRef
from schemas.geo import AltitudeBand, Area, Route
from schemas.time import TimeWindow
from schemas.units import Count, Length, LoadClass, Seconds

Action = Literal[
    "move", "patrol", "observe", "hold", "secure", "escort", "block", "control", "search", "clear", "engineer",
    "resupply", "medevac", "air-mission", "airspace", "use-of-force", "comms", "aid", "other",
]  # fmt: skip
"""The bus taxonomy of formats.md §8.5; ``action_code`` keeps the source's own word."""


class Vehicles(Value):
    """What moves: a type of the mission's table, how many, and the load class if it was stated (STANAG 2021)."""

    type: str
    count: Count | None = None
    load_class: LoadClass | None = None


class AssetDemand(Value):
    """What a task needs of shared means, by the mission's name: a crane, a ferry, an ambulance, litres, seats."""

    name: str
    amount: float = 1.0


class Dependency(Value):
    """What a task hangs on: it starts after, ends before or is covered by another."""

    task: str
    relation: Literal["after-start", "after-end", "before-start", "covered-by", "relief-of"] = "after-end"
    offset_s: Seconds = 0.0


class OrderChange(Value):
    """What an amendment replaces in one order: each field that is given replaces that field completely."""

    order: Reference
    action: Action | None = None
    exclusive: bool | None = None
    windows: tuple[TimeWindow, ...] | None = None
    area: Area | None = None
    route: Route | None = None
    altitude: AltitudeBand | None = None
    vehicles: tuple[Vehicles, ...] | None = None
    performers: tuple[UnitRef, ...] | None = None
    permitted: tuple[Reference, ...] | None = None
    coordinated_with: tuple[Reference, ...] | None = None
    task: str | None = None
    frequencies_mhz: tuple[float, ...] | None = None
    assets: tuple[AssetDemand, ...] | None = None
    dependencies: tuple[Dependency, ...] | None = None


class Directive(Message):
    """An order, as issued. What is in force is its base with the fields that amendments replaced: `core.active`.

    A pure amendment (``directive_kind="frago"`` with ``amends`` and no ``performers``) tasks nobody by itself.
    """

    KIND: ClassVar[str] = "directive"

    directive_kind: Literal[
        "opord", "warno", "frago", "taskord", "airspace-measure", "movement-order", "restriction", "rules"
    ]
    action: Action = "other"
    action_code: str = ""
    task: str = ""  # one plain sentence: who does what
    serial: str = ""
    plan_ref: str = ""
    on_order_of: str = ""  # legal or superior authority that the issuer cites
    performers: tuple[UnitRef, ...] = ()
    supporting: tuple[UnitRef, ...] = ()
    windows: tuple[TimeWindow, ...] = ()
    area: Area | None = None
    route: Route | None = None
    altitude: AltitudeBand | None = None
    buffer_m: Length | None = None
    exclusive: bool = False
    vehicles: tuple[Vehicles, ...] = ()
    strength: Count | None = None
    dependencies: tuple[Dependency, ...] = ()
    amends: tuple[OrderChange, ...] = ()
    supersedes: tuple[Reference, ...] = ()
    cancels: tuple[Reference, ...] = ()
    permitted: tuple[Reference, ...] = ()
    coordinated_with: tuple[Reference, ...] = ()
    frequencies_mhz: tuple[float, ...] = ()
    constraints: str = ""
    contact: Contact | None = None
    draft: bool = False
    assets: tuple[AssetDemand, ...] = ()
    relies_on: tuple[str, ...] = ()  # places that it needs observed or held by others
    partial: bool = False  # only part of the performing units; the rest stays free for other tasks


class Caveat(Message):
    """A restriction that a nation puts on its units. Its text never leaves the audience of its label."""

    KIND: ClassVar[str] = "caveat"

    units: tuple[UnitRef, ...] = ()
    actions: tuple[Action, ...] = ()
    area: Area | None = None
    windows: tuple[TimeWindow, ...] = ()
    condition: str = ""
    text: str = ""
    vehicles: tuple[str, ...] = ()  # types of the mission's table, or classes of them ("armoured")
    methods: tuple[str, ...] = ()  # foot, vehicle, air, boat
    night: bool = False  # only while the sun is down
    transport_of_others: bool = False  # only where it carries or escorts others


class Agreement(Message):
    """What parties agreed: a local cease-fire, a window of silence, a coordination between two orders."""

    KIND: ClassVar[str] = "agreement"

    agreement_kind: Literal["ceasefire", "silence", "coordination", "relief"]
    parties: tuple[str, ...] = ()
    area: Area | None = None
    windows: tuple[TimeWindow, ...] = ()
    permitted: tuple[str, ...] = ()
    orders: tuple[Reference, ...] = ()
    hotline: str = ""
    text_sha256: str = ""
