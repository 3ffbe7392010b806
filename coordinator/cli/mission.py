"""``coordinator mission``: a mission file to begin with, everything wrong in one at once, a contingent's pass sheet."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.cli.onboard import onboard
from coordinator.errors import UsageError

__all__ = ["lint", "new", "onboard"]

MissionFile = Annotated[Path, Parameter(name="FILE", help="The mission file.")]


def new(
    file: Annotated[Path, Parameter(name="FILE", help="Where to write it.")],
    /,
    *,
    yes: Annotated[bool, Parameter(help="Replace the file if it is there.")] = False,
) -> int:
    """Write the starter mission."""
    from coordinator import config

    if file.exists() and not yes:
        raise UsageError(f"{file} is there already; --yes replaces it")
    if not file.parent.is_dir():
        raise UsageError(f"{file.parent} is no folder")
    file.write_text(config.starter(), encoding="utf-8")
    out.note(f"written: {file}; change it, then: coordinator mission lint {file}")
    return exits.FINE


def lint(file: MissionFile, /, *, json: common.Json = False) -> int:
    """Print everything in a mission file that cannot be meant."""
    from coordinator import config
    from coordinator.cli.text import count
    from coordinator.errors import ConfigError

    if not file.exists():
        raise UsageError(f"{file}: no such file")
    try:
        mission = config.read(file)
        findings = config.lint(mission)
    except ConfigError as error:
        findings = list(error.findings)
    for finding in findings:
        out.whole(finding) if json else out.line(str(finding))
    if not findings:
        numbers = (count(len(mission.participants), "participant"), count(len(mission.places), "place"))
        out.note(f"{file}: nothing wrong: {', '.join(numbers)}, {count(len(mission.matrix), 'row')} in the matrix")
    return exits.FAILED if findings else exits.FINE
