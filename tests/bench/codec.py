"""Each format against the bare parser on the same bytes, which neither guards, nor maps, nor accounts.

The inputs are the golden cases that can be read, and the real files beside the checkout if they are there. A rate is of
messages; both parties go through the same inputs in turn, and medians of processor time count, so that a busy machine
is busy for both.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from time import process_time
from typing import Final, NamedTuple

import msgspec
import openpyxl
from lxml import etree

import adapters
from adapters.base import Adapter, Context, Rejected, Translation
from adapters.cap.reader import ALERTS
from adapters.cot import EVENTS
from schemas import registry
from tests.bench import corpus
from tests.bench.measure import Figure, alternately
from tests.formats.cases import SAMPLES, all_cases

ROUNDS: Final = 11
ASKED: Final = 0.25  # of the bare rate: reading costs at most four times the bare parse
_RECEIVED: Final = Context(participant="xar", received_at=1_581_185_500_000_000)
_AT_LEAST: Final = 200  # inputs in one round


class Input(NamedTuple):
    """What is read, by whom, with what the mission knows."""

    data: bytes
    context: Context = _RECEIVED


class Bare(NamedTuple):
    """A parser as anybody would call it, and which inputs it can take."""

    name: str
    parse: Callable[[bytes], object]
    takes: Callable[[bytes], bool] = lambda data: True


def _json_lines(data: bytes) -> object:
    return [msgspec.json.decode(line) for line in data.splitlines() if line]


def _archive(data: bytes) -> object:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [etree.fromstring(archive.read(name)) for name in archive.namelist() if name.endswith(".kml")]


def _workbook(data: bytes) -> object:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    rows = [list(sheet.iter_rows(values_only=True)) for sheet in book]
    book.close()
    return rows


def _rows(data: bytes) -> object:
    return list(csv.reader(io.StringIO(data.decode("utf-8", "replace"))))


def _lines(data: bytes) -> object:
    return [line.split() for line in data.decode("utf-8", "replace").splitlines()]


def _zipped(data: bytes) -> bool:
    return data.startswith(b"PK")


def _plain(data: bytes) -> bool:
    return not _zipped(data)


def _marked_up(data: bytes) -> bool:
    return data.lstrip()[:1] == b"<"


BARE: Final[dict[str, tuple[Bare, ...]]] = {
    "native": (Bare("msgspec, line by line", _json_lines),),
    "text": (Bare("lines and words", _lines),),
    "sheet": (Bare("csv", _rows, _plain), Bare("openpyxl", _workbook, _zipped)),
    "cot": (Bare("lxml", etree.fromstring, _marked_up),),
    "mtf": (Bare("lines and words", _lines),),
    "geojson": (Bare("msgspec", msgspec.json.decode),),
    "kml": (Bare("lxml", etree.fromstring, _plain), Bare("zipfile and lxml", _archive, _zipped)),
    "gpx": (Bare("lxml", etree.fromstring),),
    "c2sim": (Bare("lxml", etree.fromstring),),
    "nvg": (Bare("lxml", etree.fromstring),),
    "cap": (Bare("lxml", etree.fromstring),),
    "edxl": (Bare("lxml", etree.fromstring),),
    "short": (Bare("lines and words", _lines),),
}


PLANS: Final = {"cot": EVENTS, "cap": ALERTS}
"""What knows the markup that it has seen; without that, each input costs what the first one does."""


def figures() -> Iterator[Figure]:
    """Yield what reading costs: the cases of each format, then real files, then what writing adds for an event."""
    cases = [case for case in all_cases() if case.good]
    for name, bares in BARE.items():
        for bare in bares:
            yield from _rate(
                name, f"{name}, cases", bare, [Input(c.data, c.context) for c in cases if c.adapter == name]
            )
    for name, pattern in (("cot", "*.xml"), ("cap", "*.cap"), ("c2sim", "*.xml")):
        real = [Input(path.read_bytes()) for path in sorted((SAMPLES / name).glob(pattern))]
        if name == "cot":
            real = [Input(data) for data in corpus.events()]
        title = corpus.origin() if name == "cot" else "real files"
        yield from _rate(name, f"{name}, {title}", BARE[name][0], real, ASKED if name != "c2sim" else None)
        if name in PLANS:
            title = f"{name}, {title}, no markup known"
            yield from _rate(name, title, BARE[name][0], real, before=PLANS[name].forget)
    yield _encoded()


def _nothing() -> None:
    pass


def _rate(
    name: str,
    title: str,
    bare: Bare,
    given: Sequence[Input],
    asked: float | None = None,
    before: Callable[[], None] = _nothing,
) -> Iterator[Figure]:
    """Yield how many messages a second are read of the inputs that both can read; nothing if there are none.

    ``before`` is done ahead of each input.
    """
    reader = adapters.adapter(name)
    inputs = [i for i in given if bare.takes(i.data) and _readable(reader, i) and _parses(bare, i)]
    if not inputs:
        return
    inputs *= -(-_AT_LEAST // len(inputs))
    messages = sum(len(reader.decode(*i).messages) for i in inputs)

    def parse() -> None:
        for data, _ in inputs:
            bare.parse(data)

    def decode() -> None:
        for data, context in inputs:
            before()
            reader.decode(data, context)

    parsed, decoded = alternately(ROUNDS, parse, decode, clock=process_time)
    yield Figure(
        name=f"{title}: read", value=messages / decoded, unit="messages/s", baseline=messages / parsed,
        against=f"{bare.name} alone", low=asked,
        note=f"{decoded / parsed:.1f} times the bare parse, {decoded / len(inputs) * 1e6:.0f} µs an input",
    )  # fmt: skip


def _readable(reader: Adapter, given: Input) -> bool:
    try:
        return isinstance(reader.decode(given.data, given.context), Translation)
    except Rejected:
        return False


def _parses(bare: Bare, given: Input) -> bool:
    """Say whether the bare parser can take an input at all; we mend what it refuses."""
    try:
        bare.parse(given.data)
    except (etree.XMLSyntaxError, ValueError):
        return False
    return True


def _encoded() -> Figure:
    """Return what an event costs that is read, and written in the common schema."""
    events = corpus.events()
    reader = adapters.adapter("cot")

    def bare() -> None:
        for data in events:
            etree.fromstring(data)

    def translate() -> None:
        for data in events:
            for message in reader.decode(data, _RECEIVED).messages:
                registry.encode(message)

    parsed, done = (taken / len(events) * 1e6 for taken in alternately(ROUNDS, bare, translate, clock=process_time))
    return Figure(
        name="cot: read, and written as the bus has it", value=done, unit="µs", baseline=parsed, against="lxml alone"
    )
