"""How a refused input looks: the text or the bytes around the place, and what could be done about it. Pure."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from coordinator.cli import outcomes
from coordinator.cli.text import clean
from coordinator.client import Outcome
from coordinator.services import pointing
from coordinator.services.judge import Accepted
from coordinator.services.mending import Proposal
from schemas.acknowledgements import Refusal

_ABOVE: Final = 4  # lines that are shown before the one that is meant
_BELOW: Final = 2
_WIDTH: Final = 110  # characters of a line that are shown
_ROW: Final = 16  # bytes in a row
_ROWS: Final = 3  # rows before and behind the one that is meant
_SURROGATES: Final = range(0xDC80, 0xDD00)  # how `pointing.read` shows bytes that are no text


def around(data: bytes, path: str, why: str) -> Iterator[str]:
    """Yield what stands around the place that a refusal points at."""
    at = pointing.byte(path)
    if data.startswith(b"PK\x03\x04"):
        yield "it is an archive: open it to see the place that is named above"
    elif pointing.is_binary(data) or at is not None:
        yield from _bytes(data, at or 0)
    else:
        text = pointing.read(data).text
        yield from _lines(text, pointing.find(text, path, why))


def where(data: bytes, path: str, why: str) -> dict[str, int]:
    """Return the place as numbers: a byte, or a line and a column; nothing where it is not known."""
    if (at := pointing.byte(path)) is not None:
        return {"byte": at}
    place = None if pointing.is_binary(data) else pointing.find(pointing.read(data).text, path, why)
    return {"line": place.line, "column": place.column, "length": place.end - place.start} if place else {}


def _lines(text: str, place: pointing.Place | None) -> Iterator[str]:
    lines = text.splitlines() if place is None else text.split("\n")
    first = max(0, place.line - 1 - _ABOVE) if place else 0
    shown = lines[first : (place.line + _BELOW) if place else 20]
    if place is not None:
        yield f"line {place.line}, column {place.column}"
    for number, line in enumerate(shown, first + 1):
        if place is None or number != place.line:
            yield f"| {visible(line[:_WIDTH])[:_WIDTH]}"
        else:
            yield from _marked(line.rstrip("\r"), place.column - 1, place.end - place.start)


def _marked(line: str, column: int, length: int) -> Iterator[str]:
    """Yield a line, cut to what is around the place, and carets below the place."""
    begin = max(0, column - _WIDTH // 2) if column + length > _WIDTH else 0
    before, meant = visible(line[begin:column]), visible(line[column : column + min(length, _WIDTH)])
    rest = visible(line[column + length : column + length + _WIDTH])
    cut = "…" if begin else ""
    yield f"| {cut}{before}{meant}{rest}"[: _WIDTH + 2]
    yield f"| {' ' * len(cut + before)}{'^' * max(1, min(len(meant), _WIDTH - len(cut + before)))}"


def visible(text: str) -> str:
    """Return a line on which every character can be seen: controls, turning marks and bytes that are no text."""
    return "".join(map(_visible, text))


def _visible(char: str) -> str:
    if ord(char) in _SURROGATES:
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char if char == " " else "\\t" if char == "\t" else clean(char) or f"\\u{ord(char):04x}"


def _bytes(data: bytes, at: int) -> Iterator[str]:
    yield f"byte {at} of {len(data)}"
    meant = at // _ROW * _ROW
    for start in range(max(0, meant - _ROWS * _ROW), min(len(data), meant + (_ROWS + 1) * _ROW), _ROW):
        row = data[start : start + _ROW]
        letters = "".join(chr(b) if 32 <= b < 127 else "." for b in row)
        yield f"| {start:06x}  {row.hex(' '):<{3 * _ROW}} {letters}"
        if start == meant:
            yield f"| {' ' * (8 + 3 * (at - meant))}^^"


# -- proposals --------------------------------------------------------------------------------------------------------


def proposed(number: int, proposal: Proposal, identity: str) -> Iterator[str]:
    """Yield a proposal as lines: what changes, what intake would say, what to type."""
    ask = "; only the sender knows whether that is meant" if proposal.choice else ""
    yield f"{number}  {clean(proposal.name)}{ask}"
    yield from (f"   {clean(change)}" for change in proposal.changes[:_MOST])
    if more := len(proposal.changes) - _MOST:
        yield from [f"   and {more} more"] if more > 0 else []
    yield f"   {would(proposal.verdict)}"
    yield f"   coordinator quarantine retry {identity} --mend {number}"


_MOST: Final = 6  # changes that are shown


def would(verdict: Accepted | Refusal) -> str:
    """Return what intake would say, on one line."""
    said = outcomes.line(outcome(verdict))
    return "would be " + " ".join(said.split(maxsplit=1))


def outcome(verdict: Accepted | Refusal) -> Outcome:
    """Return a verdict as the outcome that a sender is told."""
    if isinstance(verdict, Refusal):
        return Outcome(name="", input="", accepted=False, path=verdict.path, why=verdict.why, hint=verdict.hint)
    answer = verdict.answer
    warnings = tuple(f"{w.path}: {w.text}" for w in answer.warnings)
    return Outcome(name="", input="", accepted=True, ids=answer.ids, positions=answer.positions,
                   losses=answer.losses, warnings=warnings)  # fmt: skip


def as_rows(proposals: Sequence[Proposal]) -> list[dict[str, Any]]:
    """Return proposals as JSON objects."""
    return [
        {
            "mend": number,
            "name": p.name,
            "changes": p.changes,
            "choice": p.choice,
            "format": p.sending.format,
            "author": p.sending.author,
            "result": result(p.verdict),
        }
        for number, p in enumerate(proposals, 1)
    ]


def result(verdict: Accepted | Refusal) -> dict[str, Any]:
    """Return a verdict as a JSON object."""
    if isinstance(verdict, Refusal):
        return {"accepted": False, "path": verdict.path, "why": verdict.why, "hint": verdict.hint}
    return {"accepted": True} | {k: getattr(verdict.answer, k) for k in ("ids", "positions", "losses", "warnings")}
