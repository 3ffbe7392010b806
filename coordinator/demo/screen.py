"""What a vignette looks like on a terminal: the messages, the card growing, the acknowledgements, the score.

The story goes to stderr, the score to stdout: as a table, or as one JSON object with ``--json``.
"""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from coordinator.core.deconfliction import explain, words
from coordinator.demo.score import Score
from coordinator.demo.vignette import Step, Vignette
from coordinator.texts import say
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
        console.print(f"[bold]{words.dtg(moment.now)}[/]  {_headline(moment.step)}")
        for answer in moment.answers:
            console.print(f"    [red]refused[/] {answer}")
        for finding in moment.findings:
            console.print(Padding(_finding(finding), (0, 0, 0, 4)))
        for card in {card.id: card for card in moment.cards}.values():  # each as the step left it
            console.print(Padding(_card(card), (0, 0, 0, 4)))

    return show


def _headline(step: Step) -> str:
    if step.sends:
        behalf = f" for {step.behalf}" if step.behalf else ""
        return f"{step.step:>2}  {step.sender}{behalf} sends {', '.join(step.sends)} ({step.format}, {step.channel})"
    return f"{step.step:>2}  {step.note}"


def _finding(finding: Finding) -> str:
    """Return the whole sentence of a new finding; of a known one only who is in it, and what changed."""
    parties = " x ".join(p.id for p in finding.parties)
    said = explain.sentence(finding, say) if finding.state == "open" else f"{parties}  {finding.why}"
    return f"[{STATE[finding.state]}]{finding.state}[/] {finding.severity} {finding.finding_kind}: {said}"


def _card(card: Alert) -> str:
    count = len(card.members)
    about = f"about {card.about}" if card.about else f"with {count} finding{'s' if count != 1 else ''}"
    waiting = ", ".join(t.participant for t in card.told if t.due is not None and t.acknowledged_at is None)
    done = ", ".join(t.participant for t in card.told if t.acknowledged_at is not None)
    people = (f"; acknowledged by {done}" if done else "") + (f"; waits for {waiting}" if waiting else "")
    state = f"{card.severity}, {card.work}{people}"
    return f"[magenta]card {card.id[:6]}[/] rev {card.rev}: {card.alert_kind} {about}, {state}"


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
