"""What would change if recorded inputs were judged by the adapters as they are now. Pure: nothing is published.

An input is compared with the answer that the log holds for it, and its messages with the records that it caused. Where
a record is not at hand (it was known before, so the log kept the earlier one) only ids are compared, and that is said.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from coordinator.core.mission import Mission
from coordinator.services.judge import Accepted, Input, Realm, broken, judge
from schemas.acknowledgements import Answer, Refusal

MAX_FIELDS: Final = 50  # that are listed of one message
MAX_VALUE: Final = 200  # characters of a value that are shown
_ABSENT: Final = "(nothing)"


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a message: its path, what the log holds, what it would be."""

    id: str
    path: str
    before: str
    after: str


class Difference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What would change for one input; every part that is empty would stay as it is."""

    input: str
    raw_seq: int
    newly_accepted: tuple[str, ...] = ()
    newly_refused: str = ""
    refused_otherwise: str = ""
    was_refused: str = ""
    ids_before: tuple[str, ...] = ()
    ids_after: tuple[str, ...] = ()
    fields: tuple[Changed, ...] = ()
    more_fields: int = 0
    losses: tuple[int, int] | None = None
    warnings_gone: tuple[str, ...] = ()
    warnings_new: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The sort of difference, the gravest first."""
        return next((name for name in _SORTS if getattr(self, name.replace(" ", "_"))), "different")


_SORTS: Final = ("newly refused", "newly accepted", "refused otherwise")


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """An input beside its record: the difference if there is one, and how many messages only had their ids compared."""

    difference: Difference | None
    by_id_only: int = 0


def again(item: Input, mission: Mission, realm: Realm, now: int) -> Accepted | Refusal:
    """Judge an input as it was judged then: by the mission in force, at the time of its answer."""
    try:
        return judge(item, mission, realm, now)
    except Exception as error:  # as intake does: our own mistake refuses the input
        return broken(item, error)


def compare(item: Input, before: Answer | Refusal, records: Mapping[str, bytes], after: Accepted | Refusal) -> Compared:
    """Return what would change. ``records`` are the messages that the log holds of this input, by ``id:revision``."""
    who: dict[str, Any] = {"input": item.id, "raw_seq": item.raw_seq}
    if isinstance(before, Refusal) or isinstance(after, Refusal):
        return Compared(difference=_refusals(who, before, after))
    changed = [c for key, data in _messages(after) if key in records for c in _fields(key, records[key], data)]
    found = Difference(
        **who,
        ids_before=_only(before.ids, after.answer.ids),
        ids_after=_only(after.answer.ids, before.ids),
        fields=tuple(changed[:MAX_FIELDS]),
        more_fields=max(0, len(changed) - MAX_FIELDS),
        losses=(before.losses, after.answer.losses) if before.losses != after.answer.losses else None,
        warnings_gone=_only(_warnings(before), _warnings(after.answer)),
        warnings_new=_only(_warnings(after.answer), _warnings(before)),
    )
    by_id = sum(key not in records for key, _ in _messages(after) if key in before.ids)
    return Compared(difference=found if found != Difference(**who) else None, by_id_only=by_id)


def _refusals(who: dict[str, Any], before: Answer | Refusal, after: Accepted | Refusal) -> Difference | None:
    if isinstance(before, Refusal) and isinstance(after, Refusal):
        if (before.path, before.why, before.hint) == (after.path, after.why, after.hint):
            return None
        return Difference(**who, was_refused=_said(before), refused_otherwise=_said(after))
    if isinstance(before, Refusal) and isinstance(after, Accepted):
        return Difference(**who, was_refused=_said(before), newly_accepted=after.answer.ids or ("(no message)",))
    if isinstance(before, Answer) and isinstance(after, Refusal):
        return Difference(**who, ids_before=before.ids, newly_refused=_said(after))
    return None


def _said(refusal: Refusal) -> str:
    return f"{refusal.path}: {refusal.why}" + (f"; {refusal.hint}" if refusal.hint else "")


def _only(here: tuple[str, ...], there: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is here and not there, in its order."""
    known = frozenset(there)
    return tuple(x for x in here if x not in known)


def _warnings(answer: Answer) -> tuple[str, ...]:
    return tuple(f"{w.path}: {w.text}" for w in answer.warnings)


def _messages(accepted: Accepted) -> Iterator[tuple[str, bytes]]:
    return zip(accepted.answer.ids, (data for _, _, data in accepted.messages), strict=True)


def _fields(key: str, before: bytes, after: bytes) -> Iterator[Changed]:
    """Yield the leaves in which two messages differ."""
    if before == after:
        return
    old, new = (dict(_leaves(msgspec.json.decode(data), "")) for data in (before, after))
    for path in dict.fromkeys((*old, *new)):
        one, other = old.get(path, _ABSENT), new.get(path, _ABSENT)
        if one != other:
            yield Changed(id=key, path=path, before=str(one)[:MAX_VALUE], after=str(other)[:MAX_VALUE])


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{i}]")
    else:
        yield path, value
