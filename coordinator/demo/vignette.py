"""A vignette: its mission, its timed steps with their files, and what must and must not come of it."""

from collections.abc import Mapping
from importlib import resources
from typing import Final

import msgspec

from adapters import times
from coordinator import config
from coordinator.core.mission import Mission
from coordinator.errors import UsageError

_FOLDER: Final = resources.files("coordinator.demo")
NAMES: Final = tuple(sorted(f.name for f in _FOLDER.iterdir() if (f / "script.json").is_file()))
"""Every folder here that holds a script."""


class Step(msgspec.Struct, frozen=True, kw_only=True, rename={"sender": "from", "behalf": "for"}):
    """Something that happens at a time: a participant sends files, or its link goes down or up.

    Steps happen in the order of the script; numbers only name them. ``files`` are sent one after the other, in the same
    format; one that is listed twice is sent twice.
    """

    step: int
    at: str
    sender: str = ""
    file: str = ""
    files: tuple[str, ...] = ()
    format: str = ""
    channel: str = "nats"
    name: str = ""
    behalf: str = ""
    link: str = ""
    up: bool = True
    note: str = ""

    @property
    def time(self) -> int:
        """When it happens, microseconds UTC."""
        return moment(self.at)

    @property
    def sends(self) -> tuple[str, ...]:
        """The files that are sent."""
        return (self.file, *self.files) if self.file else self.files


class ExpectedFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that must come up at one step and be closed at another (0: it stays open).

    ``told`` are those whom it must name, ``only`` those outside of whom nobody may; ``says`` are words of its sentence.
    """

    name: str
    step: int
    kind: str
    severity: str
    parties: tuple[str, ...]
    closed: int = 0
    rule: str = ""
    cites: str = ""
    told: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


class ExpectedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """A card that must come up, exactly once."""

    kind: str
    step: int = 0
    at: str = ""
    about: str = ""
    told: str = ""
    undelivered: int = 0
    severity: str = ""
    closed: int = 0
    stays: bool = False  # only a person ends it, and in the vignette nobody does


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Findings that an order removes, but that stay until the acting units have said wilco; ``by`` are those."""

    step: int
    names: tuple[str, ...]
    by: tuple[str, ...] = ()


class Acknowledged(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that everybody whom it concerns has acknowledged by a step, as it stood then."""

    step: int
    name: str


class ExpectedRefusal(msgspec.Struct, frozen=True, kw_only=True):
    """An input that the bus must not accept: which step sends it, where it is wrong, words of the reason."""

    step: int
    path: str
    says: str = ""


class ExpectedValue(msgspec.Struct, frozen=True, kw_only=True, rename={"reader": "as"}):
    """A value that the after-action report must show a participant at the end, in minutes or as its measure counts."""

    reader: str
    measure: str
    what: str  # as the report names it
    value: float
    no_link: float = 0  # minutes of it without a link
    late: bool = False


class AfterGap(msgspec.Struct, frozen=True, kw_only=True):
    """What a participant gets first when its link is back."""

    participant: str
    step: int
    ids: tuple[str, ...]
    then_cards: int


class Secret(msgspec.Struct, frozen=True, kw_only=True):
    """Words that only these participants may ever have received."""

    text: str
    allowed: tuple[str, ...]


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Words that these participants must have received, and words ``beside`` them in the same message."""

    text: str
    beside: tuple[str, ...] = ()
    by: tuple[str, ...]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that must come of a vignette; any other finding, card or refusal is wrong.

    ``waiting`` and ``first_after_gap`` are one, several or none. After the step ``open_after`` nothing is open (0: the
    vignette ends with something open).
    """

    findings: tuple[ExpectedFinding, ...] = ()
    waiting: Waiting | tuple[Waiting, ...] = ()
    acknowledged: tuple[Acknowledged, ...] = ()
    alerts: tuple[ExpectedAlert, ...] = ()
    refused: tuple[ExpectedRefusal, ...] = ()
    first_after_gap: AfterGap | tuple[AfterGap, ...] = ()
    secrets: tuple[Secret, ...] = ()
    seen: tuple[Seen, ...] = ()
    after_action: tuple[ExpectedValue, ...] = ()
    open_after: int = 0

    @property
    def waits(self) -> tuple[Waiting, ...]:
        """What waits for wilco, as a list."""
        return (self.waiting,) if isinstance(self.waiting, Waiting) else self.waiting

    @property
    def gaps(self) -> tuple[AfterGap, ...]:
        """What comes first after a gap, as a list."""
        return (self.first_after_gap,) if isinstance(self.first_after_gap, AfterGap) else self.first_after_gap


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """The timed steps; ``silent`` names participants that never acknowledge a card, and why.

    ``told_as`` says of steps whose sender uses a format that is not read yet what is sent in its place, and why.
    """

    title: str
    start: str
    silent: dict[str, str] = {}
    told_as: dict[str, str] = {}
    steps: tuple[Step, ...]
    expect: Expected


class Vignette(msgspec.Struct, frozen=True, kw_only=True):
    """A vignette with all its files read."""

    name: str
    mission: Mission
    script: Script
    files: dict[str, bytes]

    def step(self, number: int) -> Step:
        """Return a step by its number."""
        return next(s for s in self.script.steps if s.step == number)


def moment(text: str) -> int:
    """Return the instant of a full date-time group, microseconds UTC."""
    utc = times.read(text).utc
    if utc is None:
        raise UsageError(f'"{text}" is no date-time group')
    return utc


def load(name: str, renamed: Mapping[str, str] | None = None) -> Vignette:
    """Return a vignette; ``renamed`` swaps words everywhere at once, in both directions and both cases.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in NAMES:
        raise UsageError(f'there is no vignette "{name}"; there are: {", ".join(NAMES)}')
    folder = _FOLDER / name
    files = {f.name: _swap(f.read_bytes(), renamed or {}) for f in folder.iterdir() if f.is_file()}
    return Vignette(
        name=name,
        mission=config.parse(files["mission.toml"].decode(), "mission.toml"),
        script=msgspec.json.decode(files["script.json"], type=Script),
        files=files,
    )


def _swap(data: bytes, renamed: Mapping[str, str]) -> bytes:
    text = data.decode()
    pairs = {
        k: v for a, b in renamed.items() for k, v in ((a, b), (b, a), (a.upper(), b.upper()), (b.upper(), a.upper()))
    }
    for i, word in enumerate(pairs):
        text = text.replace(word, f"\x00{i}\x00")
    for i, word in enumerate(pairs.values()):
        text = text.replace(f"\x00{i}\x00", word)
    return text.encode()
