"""Any message of any kind, out of few names, places and times, so that what is said in one meets what is in another."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from schemas import registry
from schemas.base import Message
from schemas.envelope import Addressee, Envelope
from tests.support.desk import HOUR, MINUTE, MISSION, z

WHO: Final = [p.id for p in MISSION.participants]
START: Final = z("140400")
WORDS: Final = st.sampled_from(["", "o1", "o2", "KESSA", "OPENREP", "none", *WHO])
NUMBERS: Final = st.sampled_from([0, 1, 2, 5, START, START + 10 * MINUTE, START + HOUR, START + 5 * HOUR])
DEPTH: Final = 4
DEADLINES: Final = frozenset({"utc", "at", "until", "need_by", "reply_by"})


def _of(kind: inspect.Type, depth: int) -> st.SearchStrategy[Any]:
    """Return values of a type of messages, as JSON has them."""
    match kind:
        case inspect.Metadata(type=inner):
            return _of(inner, depth)
        case inspect.NoneType():
            return st.none()
        case inspect.BoolType():
            return st.booleans()
        case inspect.LiteralType(values=values):
            return st.sampled_from(list(values))
        case inspect.StrType(pattern=pattern):
            return st.sampled_from(["o1", "o2", *WHO]) if pattern else WORDS
        case inspect.IntType() | inspect.FloatType():
            return _number(kind)
        case inspect.UnionType(types=types):
            return st.one_of([_of(t, depth) for t in types])
        case inspect.StructType(cls=cls):
            return _struct(cls, depth - 1) if depth else st.nothing()
        case inspect.VarTupleType(item_type=item) | inspect.ListType(item_type=item):
            return st.lists(_of(item, depth), max_size=2)
        case inspect.TupleType(item_types=items):
            return st.tuples(*(_of(t, depth) for t in items)).map(list)
        case inspect.DictType(key_type=key, value_type=value):
            return st.dictionaries(_of(key, depth), _of(value, depth), max_size=1)
    return st.nothing()


def _number(kind: inspect.IntType | inspect.FloatType) -> st.SearchStrategy[Any]:
    low, high = kind.ge if kind.ge is not None else kind.gt, kind.le
    if low is None and high is None:
        return NUMBERS
    least = int(low or 0) + (kind.gt is not None)
    return st.integers(least, int(high if high is not None else least + 3))


@cache
def _struct(cls: type, depth: int) -> st.SearchStrategy[Any]:
    """Return structs with every field that must be there, and some of the others."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    needed = {f.encode_name: _of(f.type, depth) for f in info.fields if f.required}
    others = [f for f in info.fields if not f.required]

    def some(names: Sequence[str]) -> st.SearchStrategy[Any]:
        chosen = {f.encode_name: _of(f.type, depth) for f in others if f.encode_name in names}
        tag = {} if info.tag is None else {str(info.tag_field): st.just(info.tag)}
        return st.fixed_dictionaries(needed | chosen | tag)

    names = [f.encode_name for f in others if not _of(f.type, depth).is_empty]
    return (st.lists(st.sampled_from(names), unique=True) if names else st.just([])).flatmap(some)


@cache
def bodies(kind: str) -> st.SearchStrategy[Message]:
    """Return messages of a kind; what does not decode is none."""
    cls = registry.KINDS[kind]

    def decoded(value: Any) -> Message | None:
        try:
            return msgspec.convert(value, cls)
        except msgspec.ValidationError:
            return None

    return _struct(cls, DEPTH).map(decoded).filter(lambda body: body is not None)  # type: ignore[return-value]


@cache
def envelopes(kind: str) -> st.SearchStrategy[Envelope]:
    """Return envelopes around messages of a kind, by anybody, addressed to anybody, about anything."""
    return st.builds(
        lambda body, number, by, to, revision, precedence: registry.pack(
            body, id=f"o{number}", originator=by, revision=revision, precedence=precedence, ack_required=bool(to),
            addressees=tuple(Addressee(to=p) for p in to),
        ),
        bodies(kind), st.integers(1, 4), st.sampled_from(WHO), st.lists(st.sampled_from(WHO), max_size=2, unique=True),
        st.integers(1, 3), st.sampled_from([None, "flash", "immediate", "routine"]),
    )  # fmt: skip
