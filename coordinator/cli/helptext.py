"""How help looks: plain text in two aligned columns, the same on a terminal, in a pipe and for a screen reader."""

import textwrap
from typing import TYPE_CHECKING, Any, Final

from cyclopts.help import PlainFormatter

if TYPE_CHECKING:
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

WIDTH: Final = 100
_COLUMN: Final = 26


class Columns(PlainFormatter):
    """Names on the left, what they mean on the right."""

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: "HelpPanel") -> None:
        """Print one panel."""
        shown = [(_names(entry), _meaning(entry, console)) for entry in panel.entries]
        shown = [(names, meaning) for names, meaning in shown if names]
        if not shown:
            return
        width = min(console.width, WIDTH)
        column = min(max(len(names) for names, _ in shown), _COLUMN) + 2
        print_(console, f"{panel.title}:" if panel.title else "")
        for names, meaning in shown:
            print_(console, _entry(names, meaning, column, width))
        print_(console, "")


def print_(console: "Console", text: str) -> None:
    """Print text exactly as it is."""
    console.print(text, highlight=False, markup=False, emoji=False, soft_wrap=True)


def _names(entry: "HelpEntry") -> str:
    labels = entry.display_labels_with_metavar or entry.display_labels
    return ", ".join(labels)


def _meaning(entry: "HelpEntry", console: "Console") -> str:
    said: Any = entry.description
    text = str(getattr(said, "primary_renderable", said) or "").strip()
    parts = [text]
    if entry.choices:
        parts.append(f"One of: {', '.join(entry.choices)}.")
    if entry.default not in (None, "False", '""', "()", "None"):
        parts.append(f"Default: {entry.default}.")
    if entry.required:
        parts.append("Required.")
    return " ".join(part for part in parts if part)


def _entry(names: str, meaning: str, column: int, width: int) -> str:
    lines = textwrap.wrap(meaning, max(20, width - column - 2), break_on_hyphens=False) or [""]
    first = f"  {names.ljust(column)}{lines[0]}"
    if len(names) > column - 2:
        first = f"  {names}\n" + " " * (column + 2) + lines[0]
    return "\n".join([first.rstrip(), *(" " * (column + 2) + line for line in lines[1:])])
