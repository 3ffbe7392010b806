"""Shadow mode: for one message in so many, what the index proposes is compared with brute force, for ever.

Comparing with every order would take seconds among a hundred thousand, so two samples stand for all: orders that a look
at every row finds near, and orders from anywhere. Both are chosen by the message's content, so a replay compares the
same. Who wants the whole set compared runs ``coordinator deconflict`` over an export, for instance every night.
Source: reference deconfliction.md §5 (2).
"""

from collections.abc import Iterable, Iterator

from coordinator.core.deconfliction.ledger import Item, Key
from coordinator.core.deconfliction.picture import Picture, pair
from coordinator.core.deconfliction.register import code_of


def chosen(new: Item, every: int) -> bool:
    """Say whether a message is one that is compared; ``every`` 0 compares none."""
    return every > 0 and code_of(new.digest) % every == 0


def compare(picture: Picture, keys: Iterable[Key], new: Item, count: int, now: int) -> str:
    """Judge orders against a sample of others; return what differs from what is held, or "".

    ``count`` is how many others each sample has, and how many of ``keys`` are looked at.
    """
    code = code_of(new.digest)
    touched = sorted(k for k in keys if k in picture.sides)[:count]
    for key in touched:
        for other in _others(picture, key, code, count):
            case = pair(key, other)
            if picture.rule(case, now) != picture.rulings.packed(case):
                return f"{case[0][0]}/{case[0][1]} and {case[1][0]}/{case[1][1]}"
    return ""


def _others(picture: Picture, key: Key, code: int, count: int) -> Iterator[Key]:
    near = {k for query in picture.queries(key) for k in picture.index.everything(query)}
    anywhere = picture.register.sample(code, count)
    some = picture.register.sample(code, count, near)
    yield from sorted({*some, *anywhere} - {key})
