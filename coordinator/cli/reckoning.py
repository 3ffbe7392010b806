"""How returns, the age of feeds and sums look: what is missing is said, and never counted as nothing. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from coordinator.cli.text import clean, dtg, span, table
from coordinator.core.returns.rollup import Figure
from coordinator.texts import say

OWED: Final = ("RETURN", "OF", "TO", "DUE", "STATE", "CAME", "REPORT", "MISSING")
FEEDS: Final = ("OF", "CONTACT", "LAST WORD", "LAST POSITION", "LAST OF EACH KIND")
SUMS: Final = ("FIGURE", "SUM", "FROM", "REPORTS", "NOT STATED")
Row = Mapping[str, Any]


def listed(owed: Sequence[Row], feeds: Sequence[Row], now: int) -> str:
    """Return what is owed, and how old what is known of each participant is."""
    parts = [table(OWED, (_owed(row) for row in owed))] if owed else []
    if feeds:
        parts.append(table(FEEDS, (_feed(feed, now) for feed in feeds)))
    return "\n\n".join(parts) or say("no-information")


def _owed(row: Row) -> tuple[str, ...]:
    counted = f"{row.get('in_a_row', 0)} in a row, {row.get('altogether', 0)} altogether"
    return (
        clean(row["name"]), row["participant"], row["to"], dtg(row["due"]), row["state"].upper(),
        dtg(row.get("came_at")), clean(row.get("report", "")) or "-", counted if row.get("altogether") else "-",
    )  # fmt: skip


def _feed(feed: Row, now: int) -> tuple[str, ...]:
    kinds = {kind: at for kind, at in feed["kinds"].items() if at}
    last = max(kinds.values(), default=None)
    each = ", ".join(f"{kind} {_age(at, now)}" for kind, at in sorted(kinds.items(), key=lambda kv: -kv[1]))
    return feed["participant"], _contact(feed), _age(last, now), _age(feed["position_at"], now), each or "-"


def _contact(feed: Row) -> str:
    if feed["reachable"] is None:
        return "never seen" if feed["watched"] else "not watched"
    since = f" since {dtg(feed['since'])}" if feed["since"] else ""
    return ("reachable" if feed["reachable"] else "UNREACHABLE") + since


def _age(at: int | None, now: int) -> str:
    return say("no-information") if at is None else f"{span(max(0, now - at))} ago"


# -- sums -------------------------------------------------------------------------------------------------------------


def rolled_up(name: str, rows: Sequence[Row], figures: Iterable[Figure]) -> str:
    """Return the sums of one return for one period, each with the reports that it comes from."""
    came = [row for row in rows if row.get("report")]
    oldest = min((row["came_at"] for row in came), default=None)
    first, among = rows[0], f"{len(came)} of {len(rows)} reports"
    head = f"{clean(name)} to {first['to']}, {dtg(first['start'])} to {dtg(first['due'])}: {among}"
    if oldest is not None:
        head += f" ({say('valid-as-of', at=dtg(oldest))})"
    absent = [
        f"{row['participant']}: {say('no-information')} ({row['state']})" for row in rows if not row.get("report")
    ]
    body = [table(SUMS, (_sum(figure) for figure in figures))] if came else []
    return "\n".join((head, *absent, *body))


def _sum(figure: Figure) -> tuple[str, ...]:
    number = _number(figure.value)
    among = len({p.participant for p in figure.parts})
    return (
        f"{figure.section}: {clean(figure.name)}", f"{number} {clean(figure.unit)}".strip(),
        f"{among} of {figure.expected}",
        ", ".join(f"{clean(p.report)} {_number(p.value)}" for p in figure.parts),
        ", ".join(figure.not_stated) or "-",
    )  # fmt: skip


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}" if value == int(value) else f"{value:g}"


def as_row(name: str, row: Row, figure: Figure) -> dict[str, Any]:
    """Return a figure for a program: nothing is left out that is empty."""
    return {
        "return": name, "to": row["to"], "start": row["start"], "due": row["due"],
        "section": figure.section, "figure": figure.name,
        "value": figure.value, "unit": figure.unit, "of": len({p.participant for p in figure.parts}),
        "expected": figure.expected, "parts": figure.parts, "not_stated": figure.not_stated,
        "missing": figure.missing,
    }  # fmt: skip


def about(name: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return who reported for a period and who did not, for a program."""
    reports = [{"participant": r["participant"], "state": r["state"], "report": r.get("report", "")} for r in rows]
    return {"return": name, "to": rows[0]["to"], "start": rows[0]["start"], "due": rows[0]["due"], "reports": reports}
