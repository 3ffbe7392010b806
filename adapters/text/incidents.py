"""Things that happened: incident and flash reports, cease-fire violations, METHANE; and what people need at once.

1. Casualties are numbers. Names of them, of sources or detainees are dropped, and the loss does not repeat them.
2. A party that is alleged stands among the actors; the attribution stays "undetermined" unless it is labelled as one.
3. "None" is a statement: no dead and no injured. A count that cannot be read is a loss with a warning, never nought.

Source: reference formats.md §10.1, §10.3; domain.md §1.5 (CFV), design §1.
"""

from typing import Any, Final

from adapters import vocabulary, words
from adapters.base import Rejected
from adapters.fields import Fields
from adapters.plans import yes_or_no
from adapters.reports import site
from adapters.text.values import casualties, confidence, direction, distance, when
from schemas.reports import Actor, IncidentReport, Violation

NAMES: Final = "names of casualties, sources or detainees are never carried"
_MAJOR: Final = "major-incident"


def incident(fields: Fields, stage: str = "initial", category: str = "") -> IncidentReport:
    """Take an incident. A METHANE report is one whose category is ``major-incident``.

    Raises:
        Rejected: it does not say what kind it is, or neither where nor when, or something that cannot be read.
    """
    fields.withhold("names", NAMES)
    kind, detail = _category(fields, category)
    at, name = site(fields, "place")
    position = fields.position()
    occurred = when(fields)
    if at is None and position is None and not name and occurred is None:
        raise Rejected("location", "it says neither where nor when", 'write "Location:" and "Time:"')
    stated = fields.meaning("stage", "stage")
    return IncidentReport(
        category=kind,
        subcategory=detail or fields.text("subcategory"),
        stage=stated or stage,  # type: ignore[arg-type]  # a meaning of the table
        occurred=occurred,
        ended=fields.instant("ended"),
        observed=fields.instant("observed"),
        reported=fields.instant("reported"),
        position=position or at,
        place_name=name,
        actors=_actors(fields),
        casualties=casualties(fields),
        violation=_violation(fields, category),
        danger=fields.meaning("danger", "danger"),  # type: ignore[arg-type]  # a meaning of the table
        method=fields.meaning("sensed", "sensed"),  # type: ignore[arg-type]
        seen_from=fields.position("seen_from"),
        direction_deg=direction(fields),
        range_m=distance(fields, "distance"),
        safety_radius_m=distance(fields, "safety_radius"),
        rounds=fields.count("rounds"),
        confidence=confidence(fields),
        **_words(fields),
    )


def _words(fields: Fields) -> dict[str, Any]:
    """Take what stays in the words of the report; a second value of a field stands below the first."""
    names = (
        "activity", "damage", "hazards", "access", "action_taken", "action_requested", "assessment", "weapons",
        "intention", "media_interest",
    )  # fmt: skip
    return {name: "\n".join(cell.text.strip() for cell in fields.every(name)) for name in names}


def _category(fields: Fields, usual: str) -> tuple[str, str]:
    """Take category and subcategory: the mission's word where the table knows it, the sender's otherwise.

    Raises:
        Rejected: the report says neither.
    """
    major = yes_or_no(fields, "major")
    cell = fields.peek("category")
    if cell is None:
        if usual == _MAJOR and major is None:
            fields.warn("not-declared", "title", "it does not say whether a major incident is declared")
        if not usual:
            raise Rejected("type", "it does not say what happened", 'write "Type: shooting"')
        return ("other" if major is False else usual), ""
    fields.drop(cell)
    text = cell.text.strip()
    if usual == _MAJOR and major is not False:
        return _MAJOR, "" if vocabulary.meaning("category", text, fields.language) == _MAJOR else text
    return vocabulary.meaning("category", text, fields.language) or text[:200], ""


def _actors(fields: Fields) -> tuple[Actor, ...]:
    """Take who was seen, and who is alleged."""
    listed = [Actor(role="actor", description=cell.text.strip()) for cell in fields.every("who")]
    return (*listed, *(Actor(role="party", description=cell.text.strip()) for cell in fields.every("party")))


def _violation(fields: Fields, category: str) -> Violation | None:
    """Take what a cease-fire violation adds. The judge of the mission refuses an attribution without its sources."""
    names = ("agreement", "article", "attribution", "corroboration", "verifier", "protest")
    if not any(name in fields for name in names) and category != "violation":
        return None
    sources = tuple(p.strip() for p in words.plain(fields.text("corroboration")).split(",") if p.strip())
    return Violation(
        agreement=fields.text("agreement"),
        article=fields.text("article"),
        attribution=fields.text("attribution") or "undetermined",
        protest_lodged=yes_or_no(fields, "protest"),
        sources=sources,
        verifier=fields.text("verifier"),
    )
