"""Proposals for a refused input: each mend that is known, judged as intake would judge it, and published nowhere. Pure.

A mended input goes in as a new one: typed by an operator on behalf of its author, under a name that says which input it
mends. What was refused stays in RAW for ever.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from typing import Final, NamedTuple

from coordinator.core.mission import Mission
from coordinator.services import mends
from coordinator.services.judge import Accepted, Input, Realm, broken, judge
from schemas import subjects
from schemas.acknowledgements import Refusal

MOST: Final = 8  # proposals for one input
_STEPS: Final = 400  # places that one mend changes
_BUDGET: Final = 30_000_000  # bytes that are judged for one input, over all proposals: some seconds
_LEAST: Final = 10_000  # bytes that a judgement counts for
CHANNEL: Final = "quarantine"
MENDS: Final = "mends-"
"""How the name of a mended input begins, before the id of the refused one."""


class Asking(NamedTuple):
    """Who wants to mend, under which rules, and when."""

    operator: str
    mission: Mission
    realm: Realm
    now: int


class Sending(NamedTuple):
    """What would go in: bytes, their format ("" to be found out), whose they are and under which name."""

    data: bytes
    format: str
    author: str
    name: str


class Proposal(NamedTuple):
    """A way to mend an input, what it changes, and what intake would say."""

    name: str
    changes: tuple[str, ...]
    choice: bool
    sending: Sending
    verdict: Accepted | Refusal


def author_of(item: Input) -> str:
    """Return whose input it is."""
    return item.on_behalf_of or subjects.parse(item.subject).participant


def is_oversize(item: Input) -> bool:
    """Say whether only the hash and the first bytes of an input are kept."""
    return subjects.parse(item.subject).rest[-1] == subjects.OVERSIZE


def name_of(refusal: Refusal) -> str:
    """Return the bearer's name under which a mended input goes in: it names the refused one, and keeps the suffix."""
    room = 200 - len(MENDS) - 1 - len(refusal.input)
    return f"{MENDS}{refusal.input}-{refusal.bearer_id[-room:]}" if room > 0 else refusal.input[:200]


def mended(sent: Iterable[tuple[str, str]], refused: Set[str]) -> dict[str, str]:
    """Return the refused inputs that were mended, each with the input that did it; of several, the last.

    ``sent`` are the ids and names of inputs as they were sent. A mend that was refused as well mends nothing, unless it
    was mended in its turn.
    """
    mends: defaultdict[str, list[str]] = defaultdict(list)
    for identity, name in sent:
        for wanted in _named(name, refused):
            mends[wanted].append(identity)
    found: dict[str, str] = {}
    for wanted in mends:
        open_, seen = [wanted], {wanted}
        while open_ and wanted not in found:
            for identity in reversed(mends[open_.pop()]):
                if identity not in refused:
                    found.setdefault(wanted, identity)
                elif identity in mends and identity not in seen:
                    seen.add(identity)
                    open_.append(identity)
    return found


def _named(name: str, refused: Set[str]) -> Iterator[str]:
    """Yield the refused input that a name says it mends; ids may hold hyphens themselves."""
    rest = name.removeprefix(MENDS)
    if rest != name:
        ends = (at for at, sign in enumerate(rest) if sign == "-")
        yield from [rest[:at] for at in ends if rest[:at] in refused][-1:]


def judged(sending: Sending, asking: Asking) -> Accepted | Refusal:
    """Return what intake would say to an input; where our own code fails, that as a refusal, as intake does."""
    behalf = "" if sending.author == asking.operator else sending.author
    item = Input(
        id="dry-run",
        subject=subjects.raw(asking.operator, sending.format or subjects.UNDECLARED),
        data=sending.data,
        raw_seq=0,
        channel=CHANNEL,
        bearer_id=sending.name,
        on_behalf_of=behalf,
    )
    try:
        return judge(item, asking.mission, asking.realm, asking.now)
    except Exception as error:
        return broken(item, error)


def sending(item: Input, refusal: Refusal, data: bytes | None = None, format_: str = "") -> Sending:
    """Return a refused input as it would go in again, with other bytes or in another format if given."""
    return Sending(item.data if data is None else data, format_ or refusal.format, author_of(item), name_of(refusal))


def proposals(item: Input, refusal: Refusal, refused_at: int, asking: Asking) -> list[Proposal]:
    """Return what is known to mend a refused input, whatever would be accepted first."""
    if is_oversize(item):
        return []
    left = _BUDGET
    found: list[Proposal] = []
    for mend in mends.of(mends.case(item, refusal, asking.mission, refused_at)):
        if left <= 0 or len(found) >= MOST:
            break
        proposal, used = _carried_out(item, refusal, mend, refused_at, asking, left)
        left -= used
        if not mend.format or isinstance(proposal.verdict, Accepted):  # that another format refuses it too says nothing
            found.append(proposal)
    return sorted(found, key=lambda p: isinstance(p.verdict, Refusal))


def _carried_out(
    item: Input, refusal: Refusal, mend: mends.Mend, refused_at: int, asking: Asking, left: int
) -> tuple[Proposal, int]:
    """Apply a mend, and the same one again wherever the next refusal asks for it."""
    steps = max(1, min(_STEPS, left // max(_LEAST, len(item.data))))
    changes: list[str] = []
    done: mends.Mend | None = mend
    format_, author, data = mend.format or refusal.format, mend.author or author_of(item), item.data
    used = 0
    while done is not None:
        changes.append(done.what)
        data = done.data
        verdict = judged(Sending(data, format_, author, name_of(refusal)), asking)
        used += max(_LEAST, len(data))
        if isinstance(verdict, Accepted) or len(changes) >= steps:
            break
        here = item._replace(data=data, on_behalf_of=author)
        done = next(_again(mend, mends.case(here, verdict, asking.mission, refused_at)), None)
    return Proposal(
        mend.name, tuple(changes), mend.choice, Sending(data, format_, author, name_of(refusal)), verdict
    ), used


def _again(mend: mends.Mend, case: mends.Case) -> Iterator[mends.Mend]:
    return (m for m in mends.of(case) if m.name == mend.name and m.data != case.item.data)
