"""What a command leaves behind: its exit code, and one line on standard error that says what to do.

| code | meaning | code | meaning |
|---|---|---|---|
| 0 | fine | 4 | not permitted |
| 1 | failed, or there are findings | 5 | not found |
| 2 | the command was called wrongly | 6 | the condition that was asked about is met |
| 3 | no connection, or nobody answers | 130 | interrupted |

Source: design §6 (fixed).
"""

from collections.abc import Iterator
from typing import Final

from adapters.base import Rejected
from coordinator import errors

FINE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
NO_CONNECTION: Final = 3
NOT_PERMITTED: Final = 4
NOT_FOUND: Final = 5
CONDITION_MET: Final = 6
INTERRUPTED: Final = 130

CODES: Final[tuple[tuple[type[BaseException], int], ...]] = (  # the first row that fits decides
    (errors.UsageError, USAGE),
    (errors.Disconnected, NO_CONNECTION),
    (errors.NoAnswer, NO_CONNECTION),
    (errors.Forbidden, NOT_PERMITTED),
    (errors.NotFound, NOT_FOUND),
    (errors.CoordinatorError, FAILED),
    (Rejected, FAILED),
    (PermissionError, NOT_PERMITTED),
    (OSError, FAILED),
    (KeyboardInterrupt, INTERRUPTED),
)
MENDS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (errors.Disconnected, "start one with `coordinator up`, or name it with --store DIR or --server URL --creds FILE"),
    (errors.NoAnswer, "`coordinator status` shows which services run; `coordinator up SERVICE` starts one"),
    (errors.Full, "make room on the disk of the store; nothing was forgotten, and nothing new is taken until then"),
)


def code(error: BaseException) -> int:
    """Return the exit code for an error."""
    cause = root(error)
    return next((number for kind, number in CODES if isinstance(cause, kind)), FAILED)


def explain(error: BaseException) -> str:
    """Return what to tell the user: what went wrong, and how to mend it if we know."""
    cause = root(error)
    if isinstance(cause, KeyboardInterrupt):
        return "interrupted"
    if not isinstance(cause, tuple(kind for kind, _ in CODES)):
        return f"our own mistake: {type(cause).__name__}: {cause}; COORDINATOR_DEBUG=1 shows where it happened"
    hint = next((text for kind, text in MENDS if isinstance(cause, kind)), "")
    text = str(cause) or type(cause).__name__
    return f"{text}; {hint}" if hint and "`coordinator" not in text else text


def root(error: BaseException) -> BaseException:
    """Return the error that matters: the first one of ours in a group, else the first."""
    leaves = list(_leaves(error))
    return next((leaf for leaf in leaves if isinstance(leaf, errors.CoordinatorError)), leaves[0])


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if not isinstance(error, BaseExceptionGroup):
        yield error
        return
    for part in error.exceptions:
        yield from _leaves(part)
