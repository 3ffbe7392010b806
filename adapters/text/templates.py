"""The templates: how the lines of each are read, which kind it becomes, and by which reader.

A new template is one row here and its titles in ``tables/*.toml``. Source: reference formats.md §10.1, §10.3.
"""

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from adapters import reports
from adapters.fields import Fields
from adapters.plans import movement
from adapters.text.incidents import incident
from adapters.text.lines import Form
from adapters.text.medical import request
from adapters.text.orders import order
from adapters.text.situation import patrol, situation
from adapters.text.stocks import stocks
from schemas.base import Message


class Template(NamedTuple):
    """One template."""

    kind: str
    reader: Callable[[Fields], Message]
    form: Form = Form(("labels", "header"))


_NINE: Final = tuple(f"line {n}" for n in range(1, 10))
_SPOT: Final = (
    "time", "unit", "size", "activity", "place", "seen_unit", "observed", "equipment", "assessment", "narrative",
    "authentication",
)  # fmt: skip
_SALUTE: Final = tuple(zip("salute", ("size", "activity", "place", "unit", "time", "equipment"), strict=True))
_METHANE: Final = (
    ("m", "major"), ("e", "place"), ("t", "category"), ("h", "hazards"), ("a", "access"), ("n", "casualties"),
    ("e", "action_requested"),
)  # fmt: skip
_HEAD: Final = ("header", "report", "labels")
_ENDS: Final = frozenset({"prepared_by", "approved_by", "next_contact", "patrol", "authentication"})
_ORDER_ENDS: Final = frozenset({
    "performers", "supporting", "action", "task", "on_order_of", "place", "position", "radius", "area", "from",
    "to", "window", "amends", "supersedes", "cancels", "permitted", "coordinated_with", "exclusive",
    "constraints", "frequencies", "relies_on", "draft", "acknowledge", "route", "vehicles", "load_class",
    "strength", "contact", "phone", "email", "id", "serial", "plan_ref",
})  # fmt: skip

_sectioned: Final = Form(_HEAD, sections="sections", ends=_ENDS)
_incident: Final = Form(_HEAD, free=True)
_medical: Final = Form(("nine", "labels", "report", "header"), numbers=_NINE)
_order: Final = Form(("order", "labels", "header"), sections="paragraphs", ends=_ORDER_ENDS)

TEMPLATES: Final[dict[str, Template]] = {
    "humanitarian": Template("movement", lambda fields: movement(fields, "humanitarian")),
    "patrol": Template("movement", lambda fields: movement(fields, "patrol")),
    "movement": Template("movement", lambda fields: movement(fields, "convoy")),
    "acknowledgement": Template("acknowledgement", reports.acknowledgement),
    "salute": Template("observation", reports.salute, Form(("labels", "header"), letters=_SALUTE)),
    "spotrep": Template("observation", reports.spot, Form(("labels", "report", "header"), numbers=_SPOT, free=True)),
    "medevac": Template("medevac", request, _medical),
    "casevac": Template("medevac", request, _medical),
    "message": Template("message", reports.plain),
    "sitrep": Template("sitrep", situation, _sectioned),
    "sitrep-weekly": Template("sitrep", partial(situation, report_type="weekly"), _sectioned),
    "sitrep-flash": Template("sitrep", partial(situation, report_type="flash"), _sectioned),
    "sitrep-intsum": Template("sitrep", partial(situation, report_type="intsum"), _sectioned),
    "patrol-report": Template(
        "sitrep", patrol, Form(("patrol_report", "labels", "report", "header"), sections="sections", ends=_ENDS)
    ),
    "incident": Template("incident", incident, _incident),
    "flash": Template("incident", partial(incident, stage="flash"), _incident),
    "violation": Template("incident", partial(incident, category="violation"), _incident),
    "methane": Template(
        "incident", partial(incident, category="major-incident"), Form(_HEAD, letters=_METHANE, free=True)
    ),
    "frago": Template("directive", partial(order, kind="frago"), _order),
    "taskord": Template("directive", partial(order, kind="taskord"), _order),
    "warno": Template("directive", partial(order, kind="warno"), _order),
    "opord": Template("directive", partial(order, kind="opord"), _order),
    "logsitrep": Template("logistics", stocks, Form(("return", "labels", "header"), free=True, rows=True)),
}
FORMS: Final = {name: template.form for name, template in TEMPLATES.items()}
KINDS: Final = frozenset(template.kind for template in TEMPLATES.values())
