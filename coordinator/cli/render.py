"""How messages and answers look as text: one line each in a list, several when shown alone. Pure: values in, text out.

Everything that came from outside passes through `text.clean`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from coordinator.cli.saying import WIDTH, author, body_of, identity, saying, severity, window
from coordinator.cli.text import clean, dtg, fields, short, table
from coordinator.core.deconfliction.explain_options import option_sentence
from coordinator.texts import say
from schemas.acknowledgements import Acknowledgement
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.findings import Evidence, Finding, Option, Party


def delivered(envelope: Envelope, precedence: str) -> str:
    """Return a delivery on one line: precedence, kind, id, what it says, when."""
    at = envelope.created.utc if envelope.created and envelope.created.utc is not None else envelope.received_at
    return f"{precedence.upper():<9}  {envelope.kind:<15}  {identity(envelope)}  {saying(envelope)}  {dtg(at)}"


# -- findings ---------------------------------------------------------------------------------------------------------


def finding_line(finding: Finding) -> str:
    """Return a finding on one line."""
    parties = " / ".join(clean(p.id or "another order") for p in finding.parties)
    said = short(finding.sentence, WIDTH) if finding.sentence else parties
    head = f"{severity(finding.severity):<10}  {finding.state:<12}  {finding.finding_kind:<24}"
    return f"{head}  {finding.id[:12]}  {said}"


def finding_block(finding: Finding) -> str:
    """Return a finding in full: sentence, parties, every number it rests on, ways out."""
    head = f"{severity(finding.severity)}  {finding.finding_kind}  {finding.certainty}  {finding.state}"
    return "\n".join((head, fields((
        ("", clean(finding.sentence)),
        ("finding", finding.id),
        *_parties(finding.parties),
        *_evidence(finding.evidence),
        ("waits for", clean(", ".join(finding.waits_for))),
        ("can decide", clean(finding.arbiter)),
        ("changed by", clean(finding.why)),
        *(("way out", _option(option, finding)) for option in finding.options),
    ))))  # fmt: skip


def _parties(parties: Iterable[Party]) -> Iterator[tuple[str, str]]:
    for party in parties:
        name = f"{party.id}:{party.revision}" if party.id else "another order"
        by = f"by {party.issuer}" if party.issuer else ""
        units = f"for {', '.join(party.units)}" if party.units else ""
        yield "party", clean("  ".join(x for x in (name, party.what, by, units, window(party.window)) if x))


def _evidence(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield every value of the evidence under its name, numbers with the limit beside them."""
    yield "rule", clean(evidence.rule)
    yield "place", clean(evidence.place) + (f" ({evidence.at[1]:.5f}, {evidence.at[0]:.5f})" if evidence.at else "")
    yield "overlap", window(evidence.overlap) + (f" ({evidence.relation})" if evidence.relation else "")
    yield "distance", _against(evidence.distance_m, evidence.required_m, "m")
    yield "gap", _against(evidence.gap_s, evidence.required_gap_s, "s")
    yield "height", _against(evidence.vertical_m, evidence.required_vertical_m, "m")
    yield "load class", _against(evidence.load_class, evidence.required_class, "")
    yield "field", clean(evidence.field)
    for name in ("missing", "cites", "because", "folded"):
        yield name, clean(", ".join(getattr(evidence, name)))


def _against(value: float | None, required: float | None, unit: str) -> str:
    if value is None and required is None:
        return ""
    have = "unknown" if value is None else f"{value:g} {unit}".strip()
    return have if required is None else f"{have}, required {required:g} {unit}".strip()


def _option(option: Option, finding: Finding) -> str:
    return clean(" ".join(x for x in (option_sentence(option, finding, say), option.note) if x))


# -- orders -----------------------------------------------------------------------------------------------------------


def order_line(envelope: Envelope, said: str) -> str:
    """Return an order on one line: id, when, what, and what this participant said to it."""
    body = body_of(envelope)
    when = window(body.windows[0]) if isinstance(body, Directive) and body.windows else ""
    return f"{clean(envelope.key)}  {when or '-'}  {short(saying(envelope), WIDTH)}  [{said or 'not acknowledged'}]"


def order_block(
    envelope: Envelope, acknowledgements: Sequence[tuple[str, Acknowledgement]], more: Iterable[tuple[str, str]] = ()
) -> str:
    """Return an order in full, who said what to it, and what else there is to say of it."""
    body = body_of(envelope)
    rows: list[tuple[str, str]] = [
        ("from", author(envelope)), ("precedence", (envelope.precedence or "").upper()),
        ("received", dtg(envelope.received_at)), ("status", "" if envelope.status == "new" else envelope.status),
    ]  # fmt: skip
    if isinstance(body, Directive):
        rows += _order_fields(body)
    rows += (("acknowledged", clean(f"{who}: {a.step} {a.code} {a.note}")) for who, a in acknowledgements)
    return f"{clean(envelope.key)}  {saying(envelope)}\n" + fields((*rows, *more))


def _order_fields(order: Directive) -> Iterator[tuple[str, str]]:
    yield "order", clean(f"{order.directive_kind} {order.serial}".strip())
    yield "action", clean(order.action + (f" ({order.action_code})" if order.action_code else ""))
    yield "who", clean(", ".join(u.callsign or u.name or u.id for u in order.performers))
    for when in order.windows:
        yield "when", window(when)
    yield "route", clean(order.route.name or f"{len(order.route.points)} points") if order.route else ""
    yield "area", clean(getattr(order.area, "name", "") or type(order.area).__name__.lower()) if order.area else ""
    for verb, references in (("supersedes", order.supersedes), ("cancels", order.cancels)):
        yield verb, clean(", ".join(r.id for r in references))
    yield "amends", clean(", ".join(c.order.id for c in order.amends))
    yield "constraints", clean(order.constraints)


# -- what the log service answers -------------------------------------------------------------------------------------


def entry_line(entry: Mapping[str, Any]) -> str:
    """Return a message of a stream on one line."""
    data = entry.get("data")
    said = ""
    if isinstance(data, dict) and "body" in data:
        said = saying(msgspec.convert(data | {"body": msgspec.Raw(msgspec.json.encode(data["body"]))}, Envelope))
    head = f"{entry['stream']:<6} {entry['seq']:>7}  {dtg(entry['at'], seconds=True)}"
    return f"{head}  {entry['subject']:<34}  {said}".rstrip()


def refused_row(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return a refusal of the quarantine as a row: input, when, whose, name, where, why."""
    body = (entry.get("data") or {}).get("body", {})
    participant = entry["subject"].rpartition(".")[2]
    mended = f"mended by {entry['mended'][:14]}; " if entry.get("mended") else ""
    said = mended + short(f"{body.get('path', '')}: {body.get('why', '')}", WIDTH)
    return body.get("input", "")[:14], dtg(entry["at"]), participant, short(body.get("bearer_id", ""), 30), said


def refused_table(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the quarantine as a table."""
    return table(("INPUT", "WHEN", "FROM", "NAME", "WHY"), map(refused_row, entries))
