"""The cases in ``cases/<adapter>/``: real texts, each named after what is odd about it, with its result beside it."""

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

import adapters
from adapters.base import Adapter, Context, Rejected, Translation
from schemas import registry
from schemas.envelope import Envelope

FOLDER = Path(__file__).parent / "cases"
_HASH = re.compile(rb"~[0-9a-f]{12}")  # of what a document says, in the ids of its parts
RECEIVED_AT = 1_805_007_600_000_000  # 2027-03-14T07:00:00Z, the day of the first vignette
SAMPLES = Path(__file__).parents[3] / "shared" / "data"


class Case(NamedTuple):
    """An input of one adapter, and where its expected result stands."""

    adapter: str
    path: Path

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def golden(self) -> Path:
        return self.path.with_suffix(self.path.suffix + ".result.json")

    @property
    def expected(self) -> dict[str, Any]:
        return msgspec.json.decode(self.golden.read_bytes()) if self.golden.exists() else {}

    @property
    def context(self) -> Context:
        """Return the context of the case; its golden file may state more than the usual."""
        return msgspec.convert({**usual(self.adapter), **self.expected.get("context", {})}, Context)

    @property
    def reader(self) -> Adapter:
        return adapters.adapter(self.adapter)

    def read(self) -> Translation | Rejected:
        """Return what the adapter makes of it."""
        return read(self.adapter, self.data, self.context)

    @property
    def good(self) -> bool:
        """Say whether it is read: as its golden file says, which is held against the adapter; a new case has none."""
        return "rejected" not in self.expected if self.golden.exists() else isinstance(self.read(), Translation)


def usual(adapter: str) -> dict[str, Any]:
    return {"participant": "xar-batt", "received_at": RECEIVED_AT, "bearer_id": "case"}


def read(adapter: str, data: bytes, context: Context | None = None) -> Translation | Rejected:
    """Return a translation, or why there is none; any other exception is a bug."""
    context = context or msgspec.convert(usual(adapter), Context)
    try:
        return adapters.adapter(adapter).decode(data, context)
    except Rejected as rejected:
        return rejected


def all_cases() -> list[Case]:
    return [
        Case(name, path)
        for name in adapters.BUILTIN
        for path in sorted((FOLDER / name).glob("*"))
        if not path.name.endswith(".result.json")
    ]


@cache
def good_cases() -> tuple[Case, ...]:
    """Return the cases that are read."""
    return tuple(case for case in all_cases() if case.good)


def label(case: Case) -> str:
    return f"{case.adapter}/{case.path.name}"


def shown(message: Envelope) -> dict[str, Any]:
    """Return an envelope as JSON."""
    shown: dict[str, Any] = msgspec.json.decode(registry.encode(message))
    return shown


def said(message: Envelope) -> dict[str, Any]:
    """Return what a message says, without what depends on the bytes as a whole."""
    value: dict[str, Any] = msgspec.json.decode(_HASH.sub(b"~of-content", registry.encode(message)))
    value.pop("source", None)
    if value["id"].startswith("h-"):
        value["id"] = "of content"
    return value
