"""The command ``coordinator``: runs a verb and leaves an exit code, never a traceback.

COORDINATOR_DEBUG=1 shows the traceback as well.
"""

import os
import sys
from collections.abc import Sequence
from typing import TextIO


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has seen enough
        _discard(sys.stdout)
        return 0
    return code


def _run(arguments: list[str]) -> int:
    from cyclopts import CycloptsError

    from coordinator.cli import build

    try:
        result = build()(arguments)
    except BrokenPipeError:
        raise
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else 2
    except CycloptsError as error:
        return _usage(error, arguments)
    except BaseException as error:
        return _failed(error)
    return result if isinstance(result, int) else 0


def _usage(error: Exception, arguments: Sequence[str]) -> int:
    verb = " ".join(part for part in arguments[:1] if not part.startswith("-"))
    sys.stderr.write(f"coordinator: {error}\n" + f"see: coordinator {verb} --help\n".replace("  ", " "))
    return 2


def _failed(error: BaseException) -> int:
    from coordinator.cli import exits

    if os.environ.get("COORDINATOR_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if isinstance(exits.root(error), BrokenPipeError):
        raise BrokenPipeError
    for line in exits.explain(error).splitlines():
        sys.stderr.write(f"coordinator: {line}\n")
    return exits.code(error)


def _discard(stream: TextIO) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
