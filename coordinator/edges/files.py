"""The bearer of drop folders: what people copy into ``in/`` goes to the bus, what is for them goes into ``out/``.

People copy with a file manager, scp, rsync or a USB stick. `dropfolder` says what the folders are and what is safe in
them; here is when they are looked at:

1. Every participant has tasks and threads of its own, so a network drive that hangs stops nobody else.
2. A folder that cannot be used (a stick that was pulled out, a full or read-only disk) is looked at again, for ever;
   the log says once that it is away and once that it is back. It is made at the start only: later it would be made
   in the empty place where the stick was, and filled there.
3. Files are taken one after the other, so that the bus gets a week of reports in their order. One that the bus does
   not keep stays in ``in/`` and waits behind the others.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar, TypeVarTuple

import anyio
import msgspec
from anyio import to_thread
from anyio.abc import TaskStatus

from coordinator import log, texts
from coordinator.edges import endpoints
from coordinator.edges.carrying import carry_on
from coordinator.edges.dropfolder import BATCH, OUT, DropFolder, Found, Unreadable
from coordinator.edges.folders import plain
from coordinator.edges.tasks import beside
from coordinator.errors import BusError, ConfigError, ConfigFinding, Undelivered
from coordinator.ports import Answered, Clock, Departure, Gate

LOOK_S: Final = 2.0
HANGS_S: Final = 30.0  # a disk that answers nothing for so long is worth a line in the log
START_S: Final = 5.0  # that the start waits for a disk; then the folder counts as away

_LANGUAGES: Final = ("en", "fr", "es", "ru", "ar", "zh")  # all that we have, for somebody whose language is not known
_UNUSABLE: Final = (PermissionError, NotADirectoryError)

_log = log.get("files")
_T = TypeVar("_T")
_Given = TypeVarTuple("_Given")


async def serve(
    gates: Sequence[Gate],
    at: endpoints.Files,
    store: Path,
    clock: Clock,
    *,
    task_status: TaskStatus[tuple[str, ...]] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Serve a folder for each gate until cancelled.

    A participant's folder has its id as name, that of a second channel ``<participant>.<channel>``. A place relative
    to ``store`` is made with everything above it; elsewhere, what the participants' folders stand in must be there.

    Raises:
        ConfigError: a folder is no folder, or may not be written.
    """
    place = store / at.folder
    boxes = [_Box(gate, place / name, clock) for gate, name in _named(gates)]
    findings: list[ConfigFinding] = []
    async with anyio.create_task_group() as group:
        for box in boxes:
            group.start_soon(box.start, not Path(at.folder).is_absolute(), findings)
    if findings:
        raise ConfigError(findings)
    async with anyio.create_task_group() as group:
        for box in boxes:
            group.start_soon(box.take_in)
            group.start_soon(carry_on, box.gate, box.carry, clock)
        task_status.started(tuple(str(box.root) for box in boxes))


def _named(gates: Sequence[Gate]) -> Iterator[tuple[Gate, str]]:
    known: set[str] = set()
    for gate in gates:
        yield gate, f"{gate.participant}.{gate.channel.name}" if gate.participant in known else gate.participant
        known.add(gate.participant)


class _Box:
    """One gate and its folder."""

    def __init__(self, gate: Gate, root: Path, clock: Clock) -> None:
        self.root = root
        self.gate, self._clock = gate, clock
        self._folder = DropFolder(root, _readme(gate))
        self._log = _log.bind(participant=gate.participant, folder=str(root))
        self._threads = anyio.CapacityLimiter(2)  # one takes in, one carries out
        self._ready = False
        self._away = False
        self._not_kept = ""  # why the bus did not keep the last file that it did not
        self._answered: tuple[Found, Answered] | None = None  # what could not be put away yet

    # -- the disk

    async def start(self, parents: bool, findings: list[ConfigFinding]) -> None:
        """Make the folder; a disk that is away or silent is waited for later."""
        with anyio.move_on_after(START_S):
            try:
                await self._aside(_make, self.root, parents)
                await self._prepare()
            except _UNUSABLE as error:
                hint = "give the coordinator a folder of its own there: deploy/README.md, Drop folder"
                findings.append(ConfigFinding(path=str(self.root), what=f"cannot be used: {_why(error)}", hint=hint))
            except OSError as error:
                self._gone(error)

    async def _prepare(self) -> None:
        if not self._ready:
            await self._aside(self._folder.prepare)
            self._ready = True

    async def _aside(self, work: Callable[[*_Given], _T], *given: *_Given) -> _T:
        """Do something with the disk in a thread; one that hangs is given up when we are cancelled."""
        async with beside(self._complain):
            done = await to_thread.run_sync(work, *given, abandon_on_cancel=True, limiter=self._threads)
        return done  # noqa: RET504 - inside, mypy would miss a return: a context might swallow an error

    async def _complain(self) -> None:
        await self._clock.sleep(HANGS_S)
        self._log.warning("drop folder hangs", for_s=HANGS_S)

    def _gone(self, error: OSError) -> None:
        self._ready = False
        if not self._away:
            self._away = True
            self._log.warning("drop folder is away", why=_why(error), hint="it is looked at again until it is back")

    def _back(self) -> None:
        if self._away:
            self._away = False
            self._log.info("drop folder is back")

    # -- in

    async def take_in(self) -> None:
        """Look again and again."""
        while True:
            if not await self._look():
                await self._clock.sleep(LOOK_S)

    async def _look(self) -> bool:
        """Deal with what is ready; say whether more of it waits."""
        try:
            await self._prepare()
            found = await self._aside(self._folder.look, self._clock.now())
            dealt = [await self._take(one) for one in found]
        except BusError:
            return False
        except OSError as error:
            self._gone(error)
            return False
        self._back()
        return len(found) == BATCH and any(dealt)

    async def _take(self, found: Found) -> bool:
        """Take one file and put it away with its answer; False if it is not ready after all."""
        if found.unfit:
            return await self._refuse(found, found.unfit)
        try:
            data = await self._aside(self._folder.read, found)
        except Unreadable:
            return await self._refuse(found, "drop-unreadable")
        except OSError:  # a bad place on the disk: the other files first
            self._folder.postpone(found.name)
            raise
        if data is None:
            return False
        answered = await self._answer(found, data)
        answers = (f"{answered.text}\n".encode(), answered.data)
        await self._aside(self._folder.settle, found, data, answered.accepted is not False, answers)
        self._answered = None
        return True

    async def _answer(self, found: Found, data: bytes) -> Answered:
        """Offer a file to the bus, unless it was taken before and could not be put away."""
        if self._answered and self._answered[0] == found:
            return self._answered[1]
        name = plain(found.name)
        try:
            answered = await self.gate.take(data, name)
        except BusError as error:
            self._postpone(found, str(error))
            raise
        except Exception as error:  # our bug; a file that shows it must not end everybody's folders
            self._log.exception("file failed", file=name)
            self._folder.postpone(found.name)
            raise BusError(f"{name}: {error!r}") from error
        self._answered, self._not_kept = (found, answered), ""
        return answered

    def _postpone(self, found: Found, why: str) -> None:
        self._folder.postpone(found.name)
        if why != self._not_kept:
            self._not_kept = why
            self._log.warning("file stays: the bus did not keep it", file=plain(found.name), why=why)

    async def _refuse(self, found: Found, key: str) -> bool:
        name = plain(found.name)
        said = [texts.say(key, language, name=name) for language in _languages(self.gate)]
        answer = msgspec.json.encode({"name": name, "accepted": False, "why": said[0]})
        await self._aside(self._folder.tell, found, ("".join(f"{line}\n" for line in said).encode(), answer))
        return True

    # -- out

    async def carry(self, departure: Departure) -> None:
        """Put something into ``out/``.

        Raises:
            Undelivered: the folder cannot be written now.
        """
        try:
            await self._aside(self._folder.put, departure.name, departure.data)
        except OSError as error:
            raise Undelivered(f"{self.root / OUT}: {_why(error)}") from error


def _make(root: Path, parents: bool) -> None:
    """Make a participant's folder, unless it is there or is a link, whose other end may come later."""
    if not root.is_symlink() and not root.exists():
        root.mkdir(parents=parents)


def _languages(gate: Gate) -> tuple[str, ...]:
    return (gate.channel.language,) if gate.channel.language else _LANGUAGES


def _readme(gate: Gate) -> str:
    pages = (texts.say("drop-readme", language, participant=gate.participant) for language in _languages(gate))
    return "\n\n".join(pages) + "\n"


def _why(error: OSError) -> str:
    name = plain(Path(error.filename).name) if isinstance(error.filename, str) else ""
    return f"{error.strerror or error}" + (f' ("{name}")' if name else "")
