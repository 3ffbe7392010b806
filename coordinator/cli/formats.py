"""``coordinator formats``: what can be read and written; each adapter's own attributes, nothing else."""

from typing import TYPE_CHECKING

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from adapters.base import Adapter


def formats(*, json: common.Json = False) -> int:
    """Print every format."""
    import adapters
    from coordinator.cli.text import fields

    for name in adapters.names():
        adapter = adapters.adapter(name)
        if json:
            out.row(described(adapter))
            continue
        reads, writes = kinds(adapter.reads), kinds(adapter.writes)
        out.line(f"{adapter.name}  {adapter.title}")
        out.line(fields((
            ("spec", adapter.spec), ("reads", reads), ("writes", "the same" if writes == reads else writes),
            ("suffixes", " ".join(adapter.suffixes)),
        )))  # fmt: skip
    return exits.FINE


def described(adapter: "Adapter") -> dict[str, object]:
    """Return a format as a JSON object."""
    return {
        "name": adapter.name, "title": adapter.title, "spec": adapter.spec, "reads": sorted(adapter.reads),
        "writes": sorted(adapter.writes), "suffixes": list(adapter.suffixes),
    }  # fmt: skip


def kinds(names: frozenset[str]) -> str:
    """Return kinds as a list, or "every kind"."""
    from schemas import registry

    if names >= registry.PARTICIPANT_KINDS:
        return "every kind"
    return ", ".join(sorted(names)) or "nothing"
