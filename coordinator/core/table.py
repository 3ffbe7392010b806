"""The base of everything that a mission file says."""

from datetime import datetime
from typing import Annotated, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, dict=True):
    """A part of the mission file; a word that is not known is a mistake of its author."""


Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A time of the mission file, as TOML writes it: ``2027-03-15T06:00:00Z``; one without an offset is refused."""
