"""How cards look to a duty officer: what, where, how long is left, who has it, what to do next. Pure.

Order of the queue: not acknowledged first, then urgency, severity, and the nearest deadline (reference console.md §6).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from coordinator.cli import deeds
from coordinator.cli.saying import severity, window
from coordinator.cli.text import clean, count, dtg, fields, relative, short
from schemas.alerts import Alert, Told
from schemas.time import TimeWindow

OVER: Final = frozenset({"resolved", "cancelled", "superseded"})
_WORST_FIRST: Final = ("extreme", "severe", "moderate", "minor", "unknown")
_SOONEST_FIRST: Final = ("Immediate", "Expected", "Future", "Past", "Unknown")
_AS_CAP: Final = {"critical": "extreme", "high": "severe", "medium": "moderate", "low": "minor"}
SEVERITIES: Final = (*_WORST_FIRST[:4], *_AS_CAP)


def is_over(card: Alert) -> bool:
    """Say whether a card asks for nothing any more."""
    return card.work in OVER or bool(card.merged_into)


def is_shelved(card: Alert) -> bool:
    """Say whether a card is put aside."""
    return card.shelved is not None and not is_over(card)


def is_shown(card: Alert) -> bool:
    """Say whether a card stands in a list: neither over, nor put aside, nor covered by another one; all are counted."""
    return not is_over(card) and card.shelved is None and not card.inhibited_by


def groups(cards: Sequence[Alert]) -> dict[str, list[Alert]]:
    """Return the open cards that are told as one group, by the card of that group, if that is open as well."""
    found: dict[str, list[Alert]] = {c.id: [] for c in cards if c.alert_kind == "flood" and not is_over(c)}
    for card in cards:
        for group in {*card.grouped.values()} & found.keys():
            if is_shown(card):
                found[group].append(card)
    return found


def one_by_one(cards: Sequence[Alert]) -> list[Alert]:
    """Return the cards that stand in a list: those in a group do not, its card does."""
    together = {card.id for members in groups(cards).values() for card in members}
    return [card for card in cards if is_shown(card) and card.id not in together]


def waits(card: Alert) -> bool:
    """Say whether somebody has still to acknowledge a card, whether or not somebody works on it."""
    return not is_over(card) and (card.work == "raised" or deadline(card) is not None)


def fits(card: Alert, area: str, worst_down_to: str) -> bool:
    """Say whether a card is at a place (part of its name) and at least as severe as a word."""
    wanted = worst_down_to.casefold()
    limit = _WORST_FIRST.index(_AS_CAP.get(wanted, wanted)) if wanted else len(_WORST_FIRST)
    return area.casefold() in card.place.casefold() and _WORST_FIRST.index(card.severity.casefold()) <= limit


def queue(cards: Iterable[Alert]) -> list[Alert]:
    """Return cards as they should be worked on."""
    return sorted(cards, key=lambda card: (
        is_over(card), card.work != "raised", _SOONEST_FIRST.index(card.urgency),
        _WORST_FIRST.index(card.severity.casefold()), deadline(card) or 2**63, card.id,
    ))  # fmt: skip


def deadline(card: Alert) -> int | None:
    """Return the nearest time by which somebody must acknowledge."""
    return min((t.due for t in card.told if t.due is not None and t.acknowledged_at is None), default=None)


def left(card: Alert, now: int) -> str:
    """Return how long is left until it happens, or since when it goes on."""
    if is_over(card):
        return ""
    if card.event_from is not None and card.event_from > now:
        return f"starts {relative(card.event_from, now)}"
    if card.event_to is not None:
        return f"{'ends' if card.event_to > now else 'ended'} {relative(card.event_to, now)}"
    return f"since {dtg(card.event_from)}" if card.event_from is not None else ""


def due(card: Alert, now: int) -> str:
    """Return by when somebody must acknowledge, if anybody must."""
    at = deadline(card)
    if at is None or is_over(card):
        return ""
    return f"acknowledge by {dtg(at)} ({relative(at, now)})" if at > now else f"LATE: was due {relative(at, now)}"


def who(card: Alert) -> str:
    """Return who has it, and who was told and is silent."""
    if card.merged_into:
        return f"merged into {card.merged_into[:12]}"
    silent = [t.participant for t in card.told if t.due is not None and t.acknowledged_at is None]
    have = f"{card.owner} has it" if card.owner and card.owner not in silent else "nobody has it yet"
    if not card.owner and card.work in ("acknowledged", "in-progress"):
        have = "somebody has it"
    return clean(f"{have}; waiting for {', '.join(silent)}" if silent else have)


def next_step(card: Alert) -> str:
    """Return what to do next."""
    if card.next_step:
        return clean(card.next_step)
    return f"acknowledge it: coordinator alerts ack {card.id[:12]}" if card.work == "raised" else ""


def line(card: Alert, now: int) -> str:
    """Return a card on one line: one change of it, as an append-only list shows it."""
    parts = [
        severity(card.severity),
        card.work.upper(),
        short(card.headline or card.alert_kind, 110),
        clean(card.place),
    ]
    if not is_over(card):
        parts += (left(card, now), due(card, now), who(card), next_step(card))
    if card.merged_into:
        parts.append(who(card))
    parts.append(deeds.brief(card))
    parts.append(f"{card.id[:12]} rev {card.rev}")
    return f"{dtg(card.changed_at or card.raised_at, seconds=True)}  " + " | ".join(part for part in parts if part)


def row(card: Alert, now: int) -> tuple[str, ...]:
    """Return a card as a row of the live table, several lines in each cell: `HEADER` names the columns."""
    state = (severity(card.severity), card.work, f"{card.id[:12]} r{card.rev}")
    what = (clean(card.headline or card.alert_kind), clean(card.place), left(card, now))
    who_next = (due(card, now), who(card), deeds.brief(card), next_step(card))
    return tuple("\n".join(text for text in cell if text) for cell in (state, what, who_next))


HEADER: Final = ("CARD", "WHAT AND WHERE", "WHO HAS IT AND WHAT NEXT")


def block(card: Alert, now: int) -> str:
    """Return a card in full."""
    head = f"{severity(card.severity)}  {card.work.upper()}  {clean(card.headline or card.alert_kind)}"
    return "\n".join((head, fields((
        ("do next", next_step(card)),
        ("time", " · ".join(x for x in (left(card, now), due(card, now)) if x)),
        ("when", window(TimeWindow(start_earliest=card.event_from, end_latest=card.event_to))),
        ("where", clean(card.place) + (f" ({card.at[1]:.5f}, {card.at[0]:.5f})" if card.at else "")),
        ("who", who(card)),
        ("parties", clean(", ".join(card.parties))),
        ("can decide", clean(card.arbiter)),
        ("sure", f"{card.urgency}, {card.certainty}"),
        ("card", f"{card.id} revision {card.rev}"),
        ("escalated", count(card.escalation, "time") if card.escalation else ""),
        ("merged from", ", ".join(card.merged_from)),
        ("split from", card.split_from),
        *deeds.rows(card),
        *(("", clean(line.text)) for line in card.lines if line.text),
        ("covers", count(len(card.children), "other card") if card.children else ""),
        ("covered by", card.inhibited_by[:12]),
        ("in group", ", ".join(group[:12] for group in card.grouped.values())),
        ("comes and goes", f"since {dtg(card.flapping)}" if card.flapping is not None else ""),
        ("came", _came(card)),
        *(("finding", _member(m.finding, m.severity, m.state, m.sentence or m.finding_kind)) for m in card.members),
        ("and", _rest(card)),
        *(("told", _told(t)) for t in card.told),
        ("changed", f"{dtg(card.changed_at, seconds=True)} {clean(card.why)}".strip() if card.changed_at else ""),
    ))))  # fmt: skip


def _member(identity: str, severity_: str, state: str, sentence: str) -> str:
    return f"{severity(severity_)}  {state}  {identity[:12]}  {clean(sentence)}"


def _came(card: Alert) -> str:
    """Return how often a card came, if more than once."""
    if card.count < 2:
        return ""
    return f"{count(card.count, 'time')}, first {dtg(card.first_seen)}, last {dtg(card.last_seen)}"


def _rest(card: Alert) -> str:
    """Return how many findings are not listed."""
    if card.rest is None:
        return ""
    counts = ", ".join(f"{number} {name}" for name, number in (card.rest.severities | card.rest.states).items())
    return f"{count(card.rest.count, 'more finding')}: {counts}"


def _told(told: Told) -> str:
    if told.acknowledged_at is not None:
        typed = f", typed by {told.typed_by}" if told.typed_by else ""
        return f"{told.participant}: acknowledged {dtg(told.acknowledged_at, seconds=True)}{typed}"
    state = "unreachable" if told.unreachable else "late" if told.late else "asked" if told.due else "informed"
    due_at = f", due {dtg(told.due)}" if told.due else ""
    again = f", by another bearer as well since {dtg(told.second_at, seconds=True)}" if told.second_at else ""
    voice = f", CALL BY VOICE since {dtg(told.voice_at, seconds=True)}" if told.voice_at else ""
    return f"{told.participant}: {state} since {dtg(told.since, seconds=True)}{due_at}{again}{voice}"


def summary(cards: Sequence[Alert]) -> str:
    """Return how many are open, how many nobody has acknowledged, and how many of each sort are not listed or noisy."""
    open_ = [card for card in cards if not is_over(card)]
    said = [count(len(open_), "open card"), f"{sum(map(waits, open_))} not acknowledged"]
    aside = (
        ("put aside", sum(map(is_shelved, open_))),
        ("covered by others", sum(bool(card.inhibited_by) for card in open_)),
        ("flapping", sum(card.flapping is not None for card in open_)),
        ("in groups", sum(map(len, groups(cards).values()))),
    )
    return ", ".join((*said, *(f"{number} {name}" for name, number in aside if number)))
