"""``coordinator completion``: the script that makes a shell complete verbs and options."""

from typing import Annotated, Literal

from cyclopts import Parameter

from coordinator.cli import exits, out


def completion(shell: Annotated[Literal["bash", "zsh", "fish"], Parameter(name="SHELL", help="Your shell.")], /) -> int:
    """Print the completion script."""
    from coordinator.cli import build

    out.line(build().generate_completion(shell=shell))
    return exits.FINE
