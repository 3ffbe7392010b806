"""The bearer of short messages: spool folders as SMS gateways and satellite terminals' gateways read and write them.

::

    incoming/   one file a message: header lines From:, Alphabet: ..., a blank line, the text (SMS Server Tools 3);
                or a plain file whose name begins with the IMEI of a satellite terminal
    outgoing/   the same with To: and, for flash and immediate, Priority: high; of a terminal a plain file
    unknown/    what came from numbers that no channel has: never taken

1. The sender is the number; the mission says whose it is. A file stays in incoming/ until the bus has kept it.
2. Parts wait there for each other, for a day. Then they are taken as they are, and the refusal names what is missing.
3. Every input is answered by one message of at most 270 bytes, in the language of the channel: where it is longer it
   is cut. Not more than thirty an hour go to one number, so that two machines cannot answer each other for ever.
4. Handing over means a file in outgoing/: what the gateway makes of it stands in its own folders.
"""

import hashlib
import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import anyio
from anyio import to_thread
from anyio.abc import TaskStatus

import adapters
from adapters.short import wire
from coordinator import log
from coordinator.edges import endpoints, spool
from coordinator.edges.carrying import carry_on
from coordinator.edges.folders import plain
from coordinator.errors import BusError, ConfigError, ConfigFinding, Undelivered
from coordinator.ports import Answered, Clock, Departure, Gate

LOOK_S: Final = 2.0
WAIT_S: Final = 86_400  # that parts wait for each other
MOST_PARTS: Final = 60  # of one sender that wait; more, and the oldest message is taken as it is
BATCH: Final = 20  # messages of one sender in a look: nobody waits for somebody who floods
MAX_FILE: Final = 64_000
UNKNOWN: Final = "unknown"
MOST_UNKNOWN: Final = 1_000  # files there
ANSWERS: Final = 30  # to one number within an hour
_HOUR_S: Final = 3_600
_SECOND: Final = 1_000_000
_IMEI: Final = "imei:"
_URGENT: Final = ("flash", "immediate")
_log = log.get("short")
_T = TypeVar("_T")


async def serve(
    gates: Sequence[Gate],
    at: endpoints.Short,
    store: Path,
    clock: Clock,
    *,
    task_status: TaskStatus[tuple[str, ...]] = anyio.TASK_STATUS_IGNORED,
) -> None:
    """Serve the spool folders for all gates until cancelled.

    Raises:
        ConfigError: the folders cannot be made, or an address is missing or belongs to two channels.
    """
    bearer = _Bearer(_by_address(gates), store / at.folder, clock)
    await bearer.prepare()
    async with anyio.create_task_group() as group:
        for address, gate in bearer.gates.items():
            group.start_soon(carry_on, gate, partial(bearer.carry, address), clock)
        group.start_soon(bearer.take_in)
        task_status.started((str(bearer.incoming),))


def number(text: str) -> str:
    """Return a number as it is compared and written: its digits without the ``+`` or, where there is none, the ``00``.

    That prefix goes once; zeros behind it belong to the number. The number of a terminal has no prefix at all.
    """
    said = text.strip()
    digits = "".join(c for c in said.removeprefix(_IMEI) if c in "0123456789")
    return digits if said.startswith((_IMEI, "+")) else digits.removeprefix("00")


def _by_address(gates: Sequence[Gate]) -> dict[str, Gate]:
    """Return the gates by their addresses, terminals with their prefix."""
    found: dict[str, Gate] = {}
    wrong: list[ConfigFinding] = []
    for gate in gates:
        said = gate.channel.address.strip().lower()
        key = (_IMEI if said.startswith(_IMEI) else "") + number(said)
        path = f"{gate.participant}.channels.{gate.channel.name}.address"
        if not number(said):
            hint = 'write the number of the phone ("+9995550100") or of the terminal ("imei:300234010753370")'
            wrong.append(ConfigFinding(path=path, what=f'"{said}" is no number', hint=hint))
        elif key in found:
            what = f"it is that of {found[key].participant} as well"
            wrong.append(ConfigFinding(path=path, what=what, hint="a number says who sends: give each its own"))
        found.setdefault(key, gate)
    if wrong:
        raise ConfigError(wrong)
    return found


class Text(NamedTuple):
    """A message as it lies in incoming/: from which address, what it says, when it was written (microseconds UTC)."""

    path: Path
    sender: str
    text: str
    at: int
    parts: tuple[wire.Part, ...]


class _Bearer:
    """The spool folders of a host."""

    def __init__(self, gates: dict[str, Gate], root: Path, clock: Clock) -> None:
        self.gates = gates
        self.root, self.incoming, self.outgoing = root, root / "incoming", root / "outgoing"
        self._clock = clock
        self._looks = spool.Looks(self.incoming)
        self._answers: dict[str, deque[int]] = defaultdict(deque)
        self._away = False
        self._threads = anyio.CapacityLimiter(4)

    async def prepare(self) -> None:
        """Make the folders.

        Raises:
            ConfigError: they cannot be made.
        """
        try:
            for folder in (self.incoming, self.outgoing):
                await self._aside(partial(folder.mkdir, parents=True, exist_ok=True))
        except OSError as error:
            hint = "let the coordinator write there, or choose another folder in channels.toml, [short]"
            found = ConfigFinding(path=str(self.root), what=f"cannot be used: {error.strerror}", hint=hint)
            raise ConfigError([found]) from None

    async def _aside(self, work: Callable[[], _T]) -> _T:
        return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._threads)

    # -- out

    async def carry(self, address: str, departure: Departure) -> None:
        """Put something into outgoing/, one file a part.

        Raises:
            Undelivered: it does not fit into 270 bytes a part, or the folder cannot be written now.
        """
        texts = _texts(departure)
        for n, text in enumerate(texts, 1):
            name = departure.name if len(texts) == 1 else f"{n}-{departure.name}"
            try:
                await self._put(address, name, text, urgent=departure.precedence in _URGENT)
            except OSError as error:
                raise Undelivered(f"{self.outgoing} cannot be written: {error.strerror}") from None

    async def _put(self, address: str, name: str, text: str, *, urgent: bool = False) -> None:
        data = text.encode()
        if not address.startswith(_IMEI):
            data = _heads(address, text, urgent).encode() + data
        place = self.outgoing / plain(f"{address.removeprefix(_IMEI)}-{name}")
        await self._aside(partial(spool.write, place, data))

    # -- in

    async def take_in(self) -> None:
        """Look again and again."""
        while True:
            await self._look()
            await self._clock.sleep(LOOK_S)

    async def _look(self) -> None:
        """Take what is ready; a folder that is away is looked at again, and the log says so once."""
        failed: list[OSError] = []
        by_sender: dict[str, list[Text]] = defaultdict(list)
        try:
            found = await self._aside(self._looks.settled)
        except OSError as error:
            found = []
            failed.append(error)
        for settled in found:
            with _noted(failed):
                if (text := await self._opened(settled)) is not None:
                    by_sender[text.sender].append(text)
        async with anyio.create_task_group() as group:  # no sender waits for another, whose connection may be gone
            for sender, texts in by_sender.items():
                group.start_soon(self._take_all, sender, texts, failed)
        self._tell(failed)

    async def _take_all(self, sender: str, texts: Sequence[Text], failed: list[OSError]) -> None:
        for files in list(self._ready(sender, texts))[:BATCH]:
            with _noted(failed):  # one file that cannot be read, or answered, keeps no other waiting
                await self._take(sender, files)

    def _tell(self, failed: Sequence[OSError]) -> None:
        if failed and not self._away:
            why = str(failed[0].strerror or failed[0])
            _log.warning("spool folder is away", folder=str(self.root), why=why, files=len(failed))
        if self._away and not failed:
            _log.info("spool folder is back", folder=str(self.root))
        self._away = bool(failed)

    async def _opened(self, settled: spool.Settled) -> Text | None:
        """Read a file; what comes from nobody whom the mission knows is put aside."""
        try:
            data = await self._aside(partial(spool.read, settled.path, MAX_FILE))
        except FileNotFoundError:
            return None
        sender, text = opened(settled.path.name, data)
        if sender not in self.gates:
            await self._unknown(settled.path, data)
            return None
        parts = tuple(found for line in text.splitlines() if (found := wire.part(line)) is not None)
        return Text(settled.path, sender, text, settled.written_at, parts)

    async def _unknown(self, path: Path, data: bytes) -> None:
        """Put aside what nobody whom the mission knows sent: so much that it fills no disk."""
        if await self._aside(partial(spool.count, self.root / UNKNOWN)) < MOST_UNKNOWN:
            place = await self._aside(partial(spool.move, path, self.root / UNKNOWN))
            _log.warning("message of an unknown number", file=place.name, hint="add a channel with it, move it back")
            return
        _log.warning(
            "message of an unknown number dropped", sha256=hashlib.sha256(data).hexdigest(), hint="empty unknown/"
        )
        await self._aside(partial(path.unlink, missing_ok=True))

    def _ready(self, sender: str, texts: Sequence[Text]) -> Iterator[list[Text]]:
        """Yield the files of each message that is whole, or whose parts have waited long enough."""
        waiting: dict[str, list[Text]] = defaultdict(list)
        for text in texts:
            if text.parts:
                waiting[text.parts[0].key].append(text)
            else:
                yield [text]
        count = sum(map(len, waiting.values()))
        for files in sorted(waiting.values(), key=lambda files: files[0].at):
            parts = [part for file in files for part in file.parts]
            old = self._clock.now() - max(file.at for file in files) >= WAIT_S * _SECOND
            if not wire.missing(parts) or old or count > MOST_PARTS:
                count -= len(files)
                yield sorted(files, key=lambda file: file.parts[0].number)

    async def _take(self, sender: str, files: Sequence[Text]) -> None:
        """Put a message on the bus, answer it, and only then take its files away."""
        data = "\n".join(file.text.strip("\r\n") for file in files).encode()
        gate = self.gates[sender]
        format_ = "short" if adapters.adapter("short").sniff(data[:4096]) > 0.5 else ""
        name = plain(files[0].path.name if len(files) == 1 else f"{files[0].parts[0].key}-{_digest(data)}")
        try:
            answered = await gate.take(data, name if "." in name else f"{name}.sms", format_)
        except BusError as error:
            _log.warning("message not kept", file=name, participant=gate.participant, why=str(error))
            return
        await self._answer(sender, name, answered)
        for file in files:
            await self._aside(partial(file.path.unlink, missing_ok=True))

    async def _answer(self, sender: str, name: str, answered: Answered) -> None:
        """Send an answer back, if it is known and not one too many."""
        if answered.accepted is None:
            return  # it comes later, by dispatch
        now, sent = self._clock.now(), self._answers[sender]
        while sent and sent[0] <= now - _HOUR_S * _SECOND:
            sent.popleft()
        if len(sent) >= ANSWERS:
            _log.warning("answer not sent", participant=self.gates[sender].participant, why="too many within an hour")
            return
        await self._put(
            sender, f"answer-{_digest(name.encode())}", clipped(answered.text), urgent=not answered.accepted
        )
        sent.append(now)


@contextmanager
def _noted(failed: list[OSError]) -> Iterator[None]:
    """Keep an error of the disk for the end of the look."""
    try:
        yield
    except OSError as error:
        failed.append(error)


# -- files of gateways ------------------------------------------------------------------------------------------------

_HEAD: Final = re.compile(rb"([A-Za-z][A-Za-z_-]{1,40}):[ \t]*([^\r\n]*)\r?\n")
_NUMBER: Final = re.compile(r"\+?[\d ()/-]{3,30}")
_BLANK: Final = re.compile(rb"\r?\n")
_TERMINAL: Final = re.compile(r"(\d{14,16})(?!\d)")
_ENCODINGS: Final = {"ucs2": "utf-16-be", "ucs": "utf-16-be", "utf-8": "utf-8", "utf8": "utf-8", "iso": "latin-1"}


def opened(name: str, data: bytes) -> tuple[str, str]:
    """Return from which address a file came ("" if it does not say), and its text.

    With header lines it is an SMS; a plain file is a burst of the terminal whose IMEI begins its name.
    """
    heads: dict[str, str] = {}
    at = 0
    while len(heads) < 50 and (match := _HEAD.match(data, at)):
        heads.setdefault(match[1].decode().lower(), match[2].decode("utf-8", "replace").strip())
        at = match.end()
    blank = _BLANK.match(data, at)
    if _NUMBER.fullmatch(heads.get("from", "")) and (blank or at == len(data)):
        body = data[blank.end() if blank else at :]
        return number(heads["from"]), _decoded(body, heads.get("alphabet", "").lower())
    terminal = _TERMINAL.match(name)
    return (f"{_IMEI}{terminal[1]}" if terminal else ""), _decoded(data, "")


def _decoded(body: bytes, alphabet: str) -> str:
    """Return a text by the alphabet that its head names; without one as UTF-8 or, if it is none, as Latin-1."""
    if alphabet in _ENCODINGS:
        return body.decode(_ENCODINGS[alphabet], errors="replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _heads(address: str, text: str, urgent: bool) -> str:
    lines = [f"To: {address}"]
    if not text.isascii():
        lines.append("Alphabet: UTF-8")
    if urgent:
        lines.append("Priority: high")
    return "\n".join(lines) + "\n\n"


def _texts(departure: Departure) -> list[str]:
    """Return the messages of a departure: one a line in the short form, one in all of anything else.

    Raises:
        Undelivered: one of them is longer than 270 bytes.
    """
    text = departure.data.decode(errors="replace").strip()
    texts = [line for line in text.splitlines() if line.strip()] if departure.format == "short" else [text]
    longest = max((len(each.encode()) for each in texts), default=0)
    if not 0 < longest <= wire.MAX_PART:
        why = f"{longest} bytes in one message; {wire.MAX_PART} fit: give the channel the format short"
        raise Undelivered(why, retry=False)
    return texts


def clipped(text: str) -> str:
    """Return a text for a person on one line, in at most 270 bytes; what was cut ends in two points."""
    flat = " ".join(text.split())
    if len(flat.encode()) <= wire.MAX_PART:
        return flat
    return flat.encode()[: wire.MAX_PART - 2].decode(errors="ignore").rstrip() + ".."


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]
