"""What a vignette looks like on a terminal: the messages, the card growing, the acknowledgements, the score.

The story goes to stderr, the score to stdout: as a table, or as one JSON object with ``--json``.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table

from coordinator.core.deconfliction import explain
from coordinator.demo.score import Score
from coordinator.demo.vignette import Step, Vignette
from schemas import registry
from schemas.alerts import Alert
from schemas.findings import Finding

if TYPE_CHECKING:
    from coordinator.demo.play import Moment

Show = Callable[["Moment"], None]
STATE: Final = {
    "open": "bold red",
    "acknowledged": "yellow",
    "waived": "yellow",
    "resolved-if-acknowledged": "cyan",
    "closed": "green",
}


def silent(_: "Moment") -> None:
    """Show nothing."""


def storyteller(vignette: Vignette) -> Show:
    """Return what tells the story of a vignette on stderr, step by step."""
    console = Console(stderr=True, highlight=False)
    console.rule(f"[bold]{vignette.name.upper()}[/]  {vignette.script.title}")

    def show(moment: "Moment") -> None:
        console.print(f"[bold]{explain.dtg(moment.now)}[/]  {_headline(moment.step)}")
        for answer in moment.answers:
            console.print(f"    [red]refused[/] {answer}")
        for finding in moment.findings:
            console.print(f"    {_finding(finding)}")
        for card in moment.cards:
            console.print(f"    {_card(card)}")

    return show


def _headline(step: Step) -> str:
    if step.file:
        behalf = f" for {step.behalf}" if step.behalf else ""
        return f"{step.step:>2}  {step.sender}{behalf} sends {step.file} ({step.format}, {step.channel})"
    return f"{step.step:>2}  {step.note}"


def _finding(finding: Finding) -> str:
    style = STATE[finding.state]
    return f"[{style}]{finding.state:<24}[/] {finding.severity:<8} {explain.sentence(finding)}"


def _card(card: Alert) -> str:
    waiting = ", ".join(t.participant for t in card.told if t.due is not None and t.acknowledged_at is None)
    about = f" about {card.about}" if card.about else f" with {len(card.members)} findings"
    owed = f"; waits for {waiting}" if waiting else ""
    return f"[magenta]card[/] {card.alert_kind}{about}, {card.severity}, {card.work}{owed}"


def print_score(score: Score, *, as_json: bool) -> None:
    """Print the score on stdout."""
    if as_json:
        result = {"vignette": score.vignette, "passed": score.passed, "rows": score.rows}
        sys.stdout.write(registry.encode(result).decode() + "\n")
        return
    table = Table(title=f"{score.vignette.upper()}: {'as expected' if score.passed else 'NOT as expected'}")
    for column in ("", "expected", "detail"):
        table.add_column(column)
    for row in score.rows:
        table.add_row("[green]met[/]" if row.met else "[red]NOT met[/]", row.check, row.detail)
    Console().print(table)
