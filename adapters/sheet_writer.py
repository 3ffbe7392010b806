"""Writing tables: one header, one row a message, semicolons, formulas neutralised.

Source: RFC 4180; reference formats.md §10.4 (output).
"""

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from adapters.base import Context, Encoded, Loss, Rejected, Translation, as_received
from adapters.compare import not_carried
from adapters.text_writer import dtg, position
from adapters.vocabulary import word
from adapters.words import printable
from schemas.envelope import Envelope
from schemas.notices import Cancellation, MovementNotice, RouteState
from schemas.registry import body

Row = list[tuple[str, str]]  # field and text, in the order of the columns; places repeat

_DANGEROUS: Final = re.compile(r"\s*[=+@-]")
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d[\d.,() /+-]*")


def write(
    messages: Sequence[Envelope], originals: Mapping[str, bytes], decode: Callable[[bytes, Context], Translation]
) -> Encoded:
    """Return one table of all messages of the first kind that a table can hold.

    Raises:
        Rejected: a table can hold none of them.
    """
    if messages and (whole := as_received(messages, originals, decode)) is not None:
        return Encoded(data=whole)
    kind = next((m.kind for m in messages if m.kind in ("route-state", "movement")), "")
    if not kind:
        raise Rejected("messages", "no table can hold any of them", "kinds that have one: route-state, movement")
    held = [m for m in messages if m.kind == kind]
    language = held[0].lang
    rows = [_row(m, language) for m in held]
    columns = _columns(rows)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([word("labels", key, language) for key, _ in columns])
    writer.writerows([_cell(row, key, n) for key, n in columns] for row in rows)
    data = out.getvalue().encode()
    others = (Loss(path=m.key, value=m.kind, why=f"this table holds {kind}") for m in messages if m.kind != kind)
    return Encoded(data=data, losses=(*not_carried(held, data, decode), *others))


def _columns(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Return the columns that some row fills; a field that repeats in a row has as many."""
    most: dict[str, int] = {}
    for row in rows:
        keys = [key for key, _ in row]
        for key in keys:
            filled = sum(k == key and bool(text) for k, text in row)
            most[key] = max(most.get(key, 0), filled, key in ("id", "section", "place"))
    return [(key, n) for key, times in most.items() for n in range(times)]


def _cell(row: Row, key: str, n: int) -> str:
    texts = [" ".join(printable(text).split()) for k, text in row if k == key and text]
    text = texts[n] if n < len(texts) else ""
    return "'" + text if _DANGEROUS.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text


def _row(message: Envelope, language: str) -> Row:
    what = body(message)
    row: Row = [("id", message.id), ("revision", str(message.revision) if message.revision > 1 else "")]
    match what:
        case Cancellation():
            section = [("section", "")] if message.kind == "route-state" else [("place", "")]
            row += [*section, ("status", word("status", "cancel", language)), ("remarks", what.reason)]
        case RouteState():
            row += _route_state(what, language)
        case MovementNotice():
            row += _movement(message, what, language)
        case _:
            raise Rejected(message.key, f"no table holds a {message.kind}", "write it in another format")
    return row


def _route_state(what: RouteState, language: str) -> Row:
    speed = "" if what.speed_limit_mps is None else f"{what.speed_limit_mps * 3.6:.4g} km/h"
    row = [
        ("section", what.section),
        ("position", position(what.position)),
        ("load_class", _number(what.load_class)),
        ("width", _number(what.width_m)),
        ("lanes", _number(what.lanes)),
        ("state", word("state", what.trafficable, language)),
        ("speed_limit", speed),
        ("one_at_a_time", word("yes_no", "yes", language) if what.one_at_a_time else ""),
        ("remarks", what.remarks),
    ]
    return row + [pair for w in what.windows[:1] for pair in (("from", dtg(w.start)), ("to", dtg(w.end)))]


def _movement(message: Envelope, what: MovementNotice, language: str) -> Row:
    points = what.route.points if what.route else ()
    row = [("movement_kind", word("movement_kind", what.movement_kind, language))]
    row.append(("route", what.route.name if what.route else ""))
    for point in points:
        site = position(point.position)
        row.append(("place", f"{point.name} ({site})" if point.name and site else point.name or site))
    row += [pair for w in what.windows[:1] for pair in (("from", dtg(w.start)), ("to", dtg(w.end)))]
    row.append(("method", word("method", what.method, language) if what.method else ""))
    if len(what.vehicles) == 1:
        (one,) = what.vehicles
        row += [("vehicle_type", one.type), ("count", _number(one.count)), ("load_class", _number(one.load_class))]
    else:
        row.append(("vehicles", ", ".join(f"{v.count or ''} {v.type}".strip() for v in what.vehicles)))
        classes = {v.load_class for v in what.vehicles}
        row.append(("load_class", _number(classes.pop()) if len(classes) == 1 else ""))
    row.append(("strength", _number(what.strength)))
    for key, value in (("armed", what.armed), ("escort", what.escorted)):
        row.append((key, "" if value is None else word("yes_no", "yes" if value else "no", language)))
    row += [(key, getattr(what, key)) for key in ("purpose", "organisation", "drivers", "cargo")]
    row.append(("relies_on", ", ".join(what.relies_on)))
    if what.contact is not None:
        row += [("contact", what.contact.name), ("phone", what.contact.phone), ("email", what.contact.email)]
    if message.unit is not None:
        row.append(("unit", message.unit.name))
    if what.state != "planned":
        row.append(("status", word("status", what.state, language)))
    return row


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
