"""Every input's one answer, as its sender reads it: a receipt or a refusal on its own board, under the input's id.

A receipt says "received", never "approved". Answers that belong to a named batch stand together under the batch's name;
when a batch grows beyond what one message may hold, its oldest answers move to places of their own, so none is lost.
Batches are forgotten a day after their last answer, single answers after three days; both by the time of the log.
"""

from collections.abc import Sequence
from typing import Final

import msgspec

from coordinator.core.step import Effect, Logged
from schemas import registry, subjects
from schemas.acknowledgements import Answer, Receipt, Refusal

HOUR: Final = 3_600_000_000
BATCH_KEPT: Final = 24 * HOUR
ANSWER_KEPT: Final = 72 * HOUR
SHOWN_S: Final = 7 * 86_400  # how long a receipt stands on the board
MAX_BATCH_BYTES: Final = 64 * 1024  # of answers in one message; the server takes 1 MiB with everything around it
MAX_BATCHES: Final = 2_000
MAX_ANSWERS: Final = 50_000


class Batch(msgspec.Struct):
    """The answers of a batch so far, oldest first: each input and its answer, encoded."""

    at: int
    answers: list[tuple[str, msgspec.Raw]] = []


class Said(msgspec.Struct, frozen=True):
    """What an input was answered, and when."""

    at: int
    seq: int
    answer: Answer | None = None
    refusal: Refusal | None = None


class State(msgspec.Struct):
    """Everything that receipts remember, oldest first; keys are a participant, a blank and an id.

    Lists, because a snapshot sorts the keys of a mapping and what comes next depends on their order.
    """

    batches: list[tuple[str, Batch]] = []
    said: list[tuple[str, Said]] = []


class Receipts:
    """Turns receipts and refusals into what stands on boards, and remembers them for whoever asks."""

    def __init__(self, state: State | None = None) -> None:
        held = state or State()
        self._batches, self._said = dict(held.batches), dict(held.said)

    @property
    def state(self) -> State:
        """Everything that is remembered."""
        return State(batches=list(self._batches.items()), said=list(self._said.items()))

    def receipt(self, message: Logged, participant: str, receipt: Receipt) -> list[Effect]:
        """Put a receipt's answers on the board of the participant that sent the inputs."""
        for answer in receipt.answers:
            self._remember(participant, answer.input, Said(message.at, message.seq, answer=answer))
        if not receipt.batch:
            return [_single(message, participant, answer) for answer in receipt.answers]
        return self._grown(message, participant, receipt)

    def refusal(self, message: Logged, participant: str, refusal: Refusal) -> list[Effect]:
        """Put a refusal, as it is, where the receipt would stand."""
        self._remember(participant, refusal.input, Said(message.at, message.seq, refusal=refusal))
        subject = subjects.board(participant, Receipt.KIND, refusal.input)
        data = registry.encode(message.envelope)
        return [
            Effect(subject, refusal, subject, message.id, message.seq, log_seq=message.seq, ttl_s=SHOWN_S, data=data)
        ]

    def answer_of(self, participant: str, input_id: str) -> Answer | Refusal | None:
        """Return what one of a participant's inputs was answered, if that is not forgotten."""
        said = self._said.get(f"{participant} {input_id}")
        return (said.answer or said.refusal) if said else None

    # -- batches ------------------------------------------------------------------------------------------------------

    def _grown(self, message: Logged, participant: str, receipt: Receipt) -> list[Effect]:
        batch = self._batch(f"{participant} {receipt.batch}", message.at)
        new = {answer.input: msgspec.Raw(registry.encode(answer)) for answer in receipt.answers}
        batch.answers = [*(held for held in batch.answers if held[0] not in new), *new.items()]
        moved = [_single(message, participant, answer) for answer in _overflow(batch)]
        together = tuple(_decoded(a) for _, a in batch.answers)
        subject = subjects.board(participant, Receipt.KIND, receipt.batch)
        body = Receipt(answers=together, batch=receipt.batch)
        return [*moved, _shown(message, subject, body)]

    def _batch(self, key: str, now: int) -> Batch:
        batch = self._batches.pop(key, None) or Batch(now)
        batch.at = now
        self._batches[key] = batch  # the one answered last stands last
        if len(self._batches) > MAX_BATCHES:
            del self._batches[next(iter(self._batches))]
        return batch

    # -- memory -------------------------------------------------------------------------------------------------------

    def _remember(self, participant: str, input_id: str, said: Said) -> None:
        key = f"{participant} {input_id}"
        self._said.pop(key, None)
        self._said[key] = said
        if len(self._said) > MAX_ANSWERS:
            del self._said[next(iter(self._said))]

    def next_wake(self) -> int | None:
        """Return the full hour at which the next thing may be forgotten."""
        due = [next(iter(self._batches.values())).at + BATCH_KEPT] if self._batches else []
        due += [next(iter(self._said.values())).at + ANSWER_KEPT] if self._said else []
        return -(-min(due) // HOUR) * HOUR if due else None

    def forget(self, now: int) -> None:
        """Forget what has been kept long enough."""
        self._batches = {k: b for k, b in self._batches.items() if b.at + BATCH_KEPT > now}
        self._said = {k: s for k, s in self._said.items() if s.at + ANSWER_KEPT > now}


def _single(message: Logged, participant: str, answer: Answer) -> Effect:
    subject = subjects.board(participant, Receipt.KIND, answer.input)
    return _shown(message, subject, Receipt(answers=(answer,)))


def _shown(message: Logged, subject: str, body: Receipt | Refusal) -> Effect:
    return Effect(subject, body, subject, message.id, message.seq, log_seq=message.seq, ttl_s=SHOWN_S)


def _overflow(batch: Batch) -> Sequence[Answer]:
    """Take the oldest answers out of a batch until the rest fits into one message."""
    moved = []
    size = sum(len(bytes(encoded)) for _, encoded in batch.answers)
    while size > MAX_BATCH_BYTES and len(batch.answers) > 1:
        _, encoded = batch.answers.pop(0)
        size -= len(bytes(encoded))
        moved.append(_decoded(encoded))
    return moved


def _decoded(encoded: msgspec.Raw) -> Answer:
    return msgspec.json.decode(encoded, type=Answer)
