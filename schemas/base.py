"""How a message is built: frozen, keyword-only structs that leave out what was not said.

Readers ignore fields that they do not know (a newer release may have written them) and whoever stores or forwards a
message keeps its original bytes, because re-encoding drops what is unknown.
"""

from typing import ClassVar, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Value(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A building block of a message. Absent means "not said", never "no" or zero."""


class Message(Value):
    """The body of one kind of message; `KIND` is its name in subjects, commands and texts."""

    KIND: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
