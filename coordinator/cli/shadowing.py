"""``coordinator replay --adapter-diff``: recorded inputs through the adapters of now, beside what the log holds.

Each input is judged under the mission that was in force then, at the time of its answer. Nothing is published.
"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import adapters
from adapters.base import Rejected
from coordinator.cli import exits, inputs, out
from coordinator.cli.recorded import Answered, Recorded
from coordinator.cli.text import clean, count, dtg, short
from coordinator.services import intake, shadow
from coordinator.services.judge import Input, Realm
from schemas import subjects

if TYPE_CHECKING:
    from coordinator.cli.inputs import InForce
    from coordinator.client import Client
    from coordinator.core.mission import Mission
    from coordinator.ports import Delivery
    from coordinator.services.shadow import Difference

_AT_ONCE: Final = 100  # inputs for which the log is read on at once
_AT_ONCE_BYTES: Final = 8_000_000
_SKEW_US: Final = 600_000_000  # between the clocks of hosts that write RAW and LOG
_SHOWN: Final = 12  # lines of one input


class Span(NamedTuple):
    """Which inputs: sent from when until when (microseconds UTC), in which format ("" is all)."""

    since: int
    until: int
    format: str


class _Diff:
    """Compares inputs in small groups, prints what differs, counts the rest."""

    def __init__(self, recorded: Recorded, missions: "list[InForce]", realm: Realm, *, json: bool) -> None:
        self._recorded, self._missions, self._realm, self._json = recorded, missions, realm, json
        self.counts: Counter[str] = Counter()

    async def compare(self, group: "list[tuple[Delivery, Input]]") -> None:
        await self._recorded.lead([(item.id, item.raw_seq) for _, item in group])
        for delivery, item in group:
            answered = self._recorded.answer(item.id)
            records = self._recorded.take(item.raw_seq)
            if answered is None:
                self.counts["not answered"] += 1
                continue
            verdict = shadow.again(item, self._mission(answered), self._realm, answered.at)
            found = shadow.compare(item, answered.answer, records, verdict)
            if found.by_id_only:
                self.counts["by id only"] += found.by_id_only
            self.counts[found.difference.kind if found.difference else "equal"] += 1
            if found.difference:
                self._show(delivery, item, found.difference)

    def _mission(self, answered: Answered) -> "Mission":
        before = [m for m in self._missions if m.log_seq < answered.log_seq]
        return (before[-1] if before else self._missions[0]).mission

    def _show(self, delivery: "Delivery", item: Input, difference: "Difference") -> None:
        if self._json:
            out.row({"difference": difference})
            return
        source = subjects.parse(item.subject)
        head = (item.id[:14], source.participant, source.rest[-1], item.bearer_id, dtg(delivery.time, seconds=True))
        out.line("  ".join(clean(part) for part in head if part))
        lines = list(_lines(difference))
        for name, said in lines[:_SHOWN]:
            out.line(f"  {name:<14}  {short(said, 200)}")
        if len(lines) > _SHOWN:
            out.line(f"  and {len(lines) - _SHOWN} more; --json lists all")


async def adapter_diff(client: "Client", span: Span, realm: Realm, *, json: bool) -> int:
    """Compare every input of a span and return 1 if something would change."""
    from coordinator import config

    missions = await inputs.in_force(client)
    diff: _Diff | None = None
    group: list[tuple[Delivery, Input]] = []
    size = 0
    async for delivery in inputs.inputs(client, since=span.since, until=span.until):
        item = intake.opened(delivery)
        if span.format and span.format != format_of(item):
            continue
        if diff is None:
            recorded = Recorded(client, max(0, delivery.time - _SKEW_US) if span.since else 0)
            diff = _Diff(recorded, missions, realm, json=json)
        group.append((delivery, item))
        size += len(item.data)
        if len(group) >= _AT_ONCE or size >= _AT_ONCE_BYTES:
            await diff.compare(group)
            group, size = [], 0
    if diff is not None and group:
        await diff.compare(group)
    return _summary(diff.counts if diff else Counter(), missions[-1].code, config.code_version(), json=json)


def format_of(item: Input) -> str:
    """Return the format in which an input is read: as declared, else as it is found out; "" if nobody knows it."""
    rest = subjects.parse(item.subject).rest
    if rest[0] == "msg":
        return "native"
    if rest[-1] != subjects.UNDECLARED:
        return rest[-1]
    suffix = "." + item.bearer_id.rpartition(".")[2].lower() if "." in item.bearer_id else ""
    try:
        return adapters.detect(item.data, suffix)
    except Rejected:
        return ""


def _lines(d: "Difference") -> Iterator[tuple[str, str]]:
    """Yield what would change, each with its name."""
    if d.newly_accepted:
        yield "newly accepted", " ".join(d.newly_accepted[:5])
    if d.newly_refused:
        yield "NEWLY REFUSED", d.newly_refused
    if d.refused_otherwise:
        yield "refused as", d.refused_otherwise
    if d.was_refused:
        yield "was refused", d.was_refused
    yield from (("id gone", x) for x in d.ids_before)
    yield from (("id new", x) for x in d.ids_after)
    yield from (("field", f"{c.id} {c.path}: {c.before} -> {c.after}") for c in d.fields)
    if d.more_fields:
        yield "field", f"and {d.more_fields} more"
    if d.losses:
        yield "losses", f"{d.losses[0]} -> {d.losses[1]}"
    yield from (("warning gone", x) for x in d.warnings_gone)
    yield from (("warning new", x) for x in d.warnings_new)


def _summary(counts: Counter[str], recorded: str, now: str, *, json: bool) -> int:
    changed = {k: n for k, n in counts.items() if k not in ("equal", "not answered", "by id only") and n}
    if json:
        out.row({"summary": dict(counts), "recorded": recorded, "adapters": now})
        return exits.FAILED if changed else exits.FINE
    compared = counts["equal"] + sum(changed.values())
    parts = [f"{n} {name}" for name, n in sorted(changed.items())]
    parts += [f"{counts['not answered']} not answered yet"] if counts["not answered"] else []
    parts += [f"{count(counts['by id only'], 'message')} known before: by id only"] if counts["by id only"] else []
    out.line(f"{count(compared, 'input')} compared: {counts['equal']} equal" + "".join(f", {p}" for p in parts))
    out.note(f"adapters {now}, the log was last written by {recorded}; nothing was published")
    return exits.FAILED if changed else exits.FINE
