"""Intake: what participants send becomes messages in the log, or refusals.

Takes a share of RAW's durable, so it may run as many times as needed; it keeps no state. Accepted positions go to
TRACKS, everything else to LOG; every input gets exactly one answer: a receipt or a refusal. Receipts are published
after the messages that they confirm are stored. Positions of one sender in one batch share a receipt.

Delivery: an input may be judged twice (a crash before its acknowledgement); the ids are the same, so the log keeps one.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote

from coordinator import log
from coordinator.core.step import Effect
from coordinator.ports import (
    BATCH,
    BEARER_ID,
    CAUSE_SEQ,
    CHANNEL,
    ID,
    LOGGED_AT,
    ON_BEHALF_OF,
    SPOKEN_BY,
    WRITTEN_BY,
    Delivery,
    Outgoing,
)
from coordinator.services.base import Service, Setting, outgoing, stamped
from coordinator.services.judge import MAX_FUNCTION, Accepted, Input, Realm, broken, judge
from coordinator.topology import INTAKE, RAW
from schemas import subjects
from schemas.acknowledgements import Answer, Receipt, Refusal

NAME: Final = "intake"
SHARED_BYTES: Final = 2_000  # of an answer that may share its receipt: a batch of them must fit into one message
MAX_ID: Final = 200  # of an input; what a participant writes into headers comes back in every message that it causes


class Intake:
    """Judges batches of RAW; two waves: messages and refusals, then receipts."""

    def __init__(self, setting: Setting) -> None:
        self._mission = setting.mission
        self._realm: Realm = "exercise" if setting.realm == "exercise" else "live"
        self._log = log.get(NAME)

    def decide(self, batch: Sequence[Delivery], now: int) -> Sequence[Sequence[Outgoing]]:
        """Return what to publish for a batch, in waves; a wave follows when the one before is stored."""
        first: list[Outgoing] = []
        receipts: list[Outgoing] = []
        shared: dict[tuple[str, str], list[Answer]] = {}
        for delivery in batch:
            item = opened(delivery)
            participant = subjects.parse(item.subject).participant
            verdict = self._judge(item, now)
            if isinstance(verdict, Refusal):
                first.append(_refused(participant, verdict, now))
                continue
            first.extend(_records(verdict, item, now))
            if verdict.positions_only and verdict.answer_bytes <= SHARED_BYTES:
                shared.setdefault((participant, item.batch), []).append(verdict.answer)
            else:
                receipts.append(_receipt(participant, "", (verdict.answer,), item.id, now))
        receipts.extend(_receipt(p, b, tuple(a), a[0].input, now) for (p, b), a in shared.items())
        return first, receipts

    def _judge(self, item: Input, now: int) -> Accepted | Refusal:
        try:
            return judge(item, self._mission, self._realm, now)
        except Exception as error:
            self._log.exception("input broke an adapter", input=item.id, raw_seq=item.raw_seq)
            return broken(item, error)


def opened(delivery: Delivery) -> Input:
    """Return an input as it is judged, from how it stands in RAW; what its headers say is bounded."""
    headers, unnamed = delivery.headers, f"raw-{delivery.seq}"
    identity = headers.get(ID) or unnamed
    return Input(
        id=identity if len(identity) <= MAX_ID else unnamed,
        subject=delivery.subject,
        data=delivery.data,
        raw_seq=delivery.seq,
        channel=headers.get(CHANNEL, "nats")[:40],
        bearer_id=headers.get(BEARER_ID, "")[:200],
        on_behalf_of=headers.get(ON_BEHALF_OF, "")[:200],
        spoken_by=unquote(headers.get(SPOKEN_BY, ""))[:MAX_FUNCTION],
        batch=headers.get(BATCH, "")[:200],
    )


def _records(accepted: Accepted, item: Input, now: int) -> list[Outgoing]:
    at, seq = str(now), str(item.raw_seq)
    return [
        stamped(subject, data, identity, {LOGGED_AT: at, WRITTEN_BY: NAME, CAUSE_SEQ: seq})
        for subject, identity, data in accepted.messages
    ]


def _refused(participant: str, refusal: Refusal, now: int) -> Outgoing:
    effect = Effect(subjects.refusal(participant), refusal, refusal.input, refusal.input, refusal.raw_seq)
    return outgoing(effect, NAME, now)


def _receipt(participant: str, batch: str, answers: tuple[Answer, ...], cause: str, now: int) -> Outgoing:
    receipt, about = Receipt(answers=answers, batch=batch), f"{participant}/{batch}"  # two may send the same bytes
    return outgoing(Effect(subjects.record(Receipt.KIND, participant), receipt, about, cause, 0), NAME, now)


SERVICE: Final = Service(
    name=NAME,
    about="translates and checks what participants send; everything is answered with a receipt or a refusal",
    reads={RAW: subjects.ALL_RAW},
    writes=(subjects.ALL_RECORDS, subjects.ALL_REFUSALS, *subjects.ALL_POSITIONS),
    build=Intake,
    durable=INTAKE,
)
