"""How far a fold had come in what it writes outside the log: deliveries and seals, which it does not read back.

The last ``Cause-Seq`` that stands in a stream says so. Effects of earlier causes are there; those of that cause are
written again, and their ids make it once.
"""

from collections.abc import Mapping, Sequence

from coordinator.errors import NotFound
from coordinator.ports import CAUSE_SEQ, ID, Bus, Outgoing
from coordinator.topology import BOARD, INBOX, of
from schemas import subjects


def cause(headers: Mapping[str, str]) -> int:
    """Return the LOG sequence whose handling produced a message, 0 if it does not say."""
    value = headers.get(CAUSE_SEQ, "")
    return int(value) if value.isdigit() else 0


def ledger(subject: str) -> str:
    """Return the name of the ledger that a subject outside the log is written to: its stream, or the seal's own."""
    parsed = subjects.parse(subject)
    streams = {"to": INBOX, "board": BOARD}
    return of(parsed.participant, streams[parsed.family]) if parsed.family in streams else subject


async def last_cause(bus: Bus, stream: str, pattern: str) -> tuple[int, set[str]]:
    """Return the last cause in a ledger, and the ids that it produced there: the stream may have forgotten them."""
    try:
        last = found = await bus.last(stream, pattern)
    except NotFound:
        return 0, set()
    latest: set[str] = set()
    while found is not None and last is not None and cause(found.headers) == cause(last.headers):
        latest.add(found.headers.get(ID, ""))
        found = await bus.get(stream, found.seq - 1) if found.seq > 1 else None
    return (cause(last.headers) if last else 0), latest


def current(due: Sequence[Outgoing]) -> list[Outgoing]:
    """Return what is still worth publishing: of several states of one thing on a board the newest, in its own place.

    Two of them must not be on their way together: one that is sent again after a reconnect would end up on top.
    """
    found: dict[str, Outgoing] = {}
    for message in due:
        key = message.subject if subjects.matches(subjects.ALL_BOARDS, message.subject) else message.id
        found.pop(key, None)
        found[key] = message
    return list(found.values())
