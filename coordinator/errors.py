"""Everything that can go wrong, and whose turn it is.

::

    CoordinatorError
    ├── ConfigError        the operator's: a mission file, a store, a key is wrong; carries findings
    ├── UsageError         the caller's: a command was called in a way that cannot work
    └── BusError           the world's; `retry` says whether trying again can help
        ├── Forbidden      the server refused this identity
        ├── Full           the stream refuses more: disk or limit reached
        ├── NotFound       no such stream, consumer or message for this identity
        ├── TooLarge       a message is larger than the server takes; found before it is sent
        ├── NoAnswer       nobody answered a request
        ├── Disconnected   no connection
        └── Undelivered    a bearer did not take what was to go out

What a sender did wrong is not an exception of this tree: it is `adapters.base.Rejected`, and becomes a refusal on the
bus. Anything else that is raised is our bug.
"""

from collections.abc import Sequence

import msgspec


class ConfigFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing wrong in a configuration: where, what, and how to mend it."""

    path: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" + (f"; {self.hint}" if self.hint else "")


class CoordinatorError(Exception):
    """Base of every error that this project raises on purpose."""


class ConfigError(CoordinatorError):
    """Raised when a configuration cannot be used; ``findings`` lists everything wrong at once."""

    def __init__(self, findings: Sequence[ConfigFinding]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = tuple(findings)


class UsageError(CoordinatorError):
    """Raised when a command or a call cannot work as given."""


class BusError(CoordinatorError):
    """Raised when the bus could not do what was asked."""

    retry = True


class Forbidden(BusError):
    """Raised when the server refused this identity an operation."""

    retry = False

    def __init__(self, operation: str, subject: str) -> None:
        super().__init__(f'not permitted: {operation} "{subject}"')
        self.operation = operation
        self.subject = subject


class Full(BusError):
    """Raised when a stream refuses more because a limit or the disk is reached."""


class NotFound(BusError):
    """Raised when there is no such stream, consumer or message for this identity."""

    retry = False


class TooLarge(BusError):
    """Raised when a message with its headers is larger than the server takes; nothing of the call was sent."""

    retry = False

    def __init__(self, subject: str, size: int, limit: int) -> None:
        super().__init__(f'message for "{subject}" has {size} bytes with its headers, the server takes {limit}')
        self.subject = subject
        self.size = size
        self.limit = limit


class NoAnswer(BusError):
    """Raised when nobody answered a request in time."""


class Disconnected(BusError):
    """Raised when there is no connection to the server."""


class Undelivered(BusError):
    """Raised by a bearer that did not take what was to go out; ``retry`` False: it never will, in this form."""

    def __init__(self, why: str, *, retry: bool = True) -> None:
        super().__init__(why)
        self.retry = retry


# -- across the bus ---------------------------------------------------------------------------------------------------


def spelled(error: CoordinatorError) -> str:
    """Return an error as the end of an answer says it: its kind and its text, on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def understood(text: str) -> BusError:
    """Return the error that an answer ended with; of a kind that is not known here, a plain `BusError`."""
    kind, _, what = text.partition(": ")
    if kind == Forbidden.__name__:
        operation, _, subject = what.removeprefix("not permitted: ").partition(' "')
        return Forbidden(operation, subject.rstrip('"'))
    known = {k.__name__: k for k in (NotFound, NoAnswer, Full, Disconnected, BusError)}
    return known[kind](what) if kind in known else BusError(text)
