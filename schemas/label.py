"""Who may see a message, or one field of it. Source: STANAG 4774 as read in reference formats.md §9; design §5."""

from typing import Literal

from schemas.base import Value
from schemas.time import TimeValue


class Category(Value):
    """A marking. Readers need all values of a RESTRICTIVE category and at least one of a PERMISSIVE one."""

    tag: str
    type: Literal["RESTRICTIVE", "PERMISSIVE", "INFORMATIVE"]
    values: tuple[str, ...] = ()


class Label(Value):
    """Whom something may be released to.

    ``releasable_to`` lists participants, nations and groups of the mission file; None leaves it to the mission's
    default for the kind, an empty list means nobody but the originator.
    """

    releasable_to: tuple[str, ...] | None = None
    policy: str = ""
    classification: str = ""
    categories: tuple[Category, ...] = ()
    privacy_mark: str = ""
    created: TimeValue | None = None
    review_at: TimeValue | None = None
    raw: str = ""
