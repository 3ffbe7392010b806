"""What the log holds of inputs: a walk over LOG and TRACKS beside a walk over RAW, in bounded memory.

Intake writes the sequence of an input into every record and refusal that it causes, and names the input in its answer.
It deals with RAW nearly in sequence; so the walk over the log is led only as far as the inputs at hand need it.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from coordinator.cli import common
from coordinator.cli.inputs import QUIET_S
from coordinator.ports import CAUSE_SEQ, WRITTEN_BY
from coordinator.topology import LOG, TRACKS
from schemas.acknowledgements import Answer, Receipt, Refusal
from schemas.envelope import Envelope

if TYPE_CHECKING:
    from coordinator.client import Client

PAGE: Final = 500
AHEAD: Final = 5_000  # inputs: whatever is further behind in the log than this has no answer
KEPT_ANSWERS: Final = 20_000  # an input that was sent twice has the answer of the first time
KEPT_BYTES: Final = 64_000_000
_WRITER: Final = "intake"


class Answered(NamedTuple):
    """The answer to an input, where it stands in the LOG, and when it was given."""

    answer: Answer | Refusal
    log_seq: int
    at: int


class Recorded:
    """Answers by input, records by the sequence of the input that caused them."""

    def __init__(self, client: "Client", since: int) -> None:
        self._client, self._since = client, since
        self._next = {LOG: 1, TRACKS: 1}
        self._ended: set[str] = set()
        self._at = {LOG: 0, TRACKS: 0}
        self._seen = 0  # highest sequence of an input that the log speaks of
        self._size = 0
        self._answers: OrderedDict[str, Answered] = OrderedDict()
        self._records: OrderedDict[int, dict[str, bytes]] = OrderedDict()

    async def lead(self, wanted: Sequence[tuple[str, int]]) -> None:
        """Read on until the answers and records of these inputs (id, sequence) are there, or cannot come any more."""
        self._ended.clear()
        last = max(seq for _, seq in wanted)
        while any(i not in self._answers for i, _ in wanted) and self._seen < last + AHEAD and LOG not in self._ended:
            await self._page(LOG)
        latest = max((self._answers[i].at for i, _ in wanted if self._has_positions(i)), default=0)
        while self._at[TRACKS] <= latest and latest and TRACKS not in self._ended:
            await self._page(TRACKS)

    def answer(self, identity: str) -> Answered | None:
        """Return the answer to an input, if the log holds one."""
        return self._answers.get(identity)

    def take(self, seq: int) -> dict[str, bytes]:
        """Return the records that an input caused, by ``id:revision``, and forget them."""
        found = self._records.pop(seq, {})
        self._size -= sum(map(len, found.values()))
        return found

    def _has_positions(self, identity: str) -> bool:
        found = self._answers.get(identity)
        return found is not None and isinstance(found.answer, Answer) and found.answer.positions > 0

    async def _page(self, stream: str) -> None:
        wanted = {"stream": stream, "first": self._next[stream], "since": self._since, "limit": PAGE}
        count = 0
        async for row in common.ask(self._client, "log", "show", wanted, timeout_s=QUIET_S):
            count += 1
            self._next[stream], self._at[stream] = row["seq"] + 1, max(self._at[stream], row["at"])
            if row["headers"].get(WRITTEN_BY) == _WRITER:
                self._note(row)
        if count < PAGE:
            self._ended.add(stream)

    def _note(self, row: dict[str, Any]) -> None:
        body = row["data"]["body"]
        match row["data"]["kind"]:
            case Refusal.KIND:
                refusal = msgspec.convert(body, Refusal)
                self._seen = max(self._seen, refusal.raw_seq)
                self._keep(refusal.input, Answered(refusal, row["seq"], row["at"]))
            case Receipt.KIND:
                for answer in msgspec.convert(body, Receipt).answers:
                    self._keep(answer.input, Answered(answer, row["seq"], row["at"]))
            case _:
                self._record(int(row["headers"].get(CAUSE_SEQ, "0")), row)

    def _keep(self, identity: str, answered: Answered) -> None:
        self._answers.setdefault(identity, answered)
        if len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)

    def _record(self, cause: int, row: dict[str, Any]) -> None:
        self._seen = max(self._seen, cause)
        data = msgspec.json.encode(row["data"])
        envelope = msgspec.json.decode(data, type=Envelope)
        self._records.setdefault(cause, {})[envelope.key] = data
        self._size += len(data)
        while self._size > KEPT_BYTES and len(self._records) > 1:  # then these are compared by their ids
            _, gone = self._records.popitem(last=False)
            self._size -= sum(map(len, gone.values()))
