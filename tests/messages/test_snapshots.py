"""Released schemas only grow: `schemas/snapshots/` holds what was released, `tests/support/additive.py` compares."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from schemas import published, registry
from tests.support import additive

SNAPSHOTS = Path(published.__file__).parent / "snapshots"
MEND = """
Released messages stand in logs for ever, and other releases still write them. Give a new field a default and leave the
old ones as they are; or, if the meaning must change, raise VERSION of the kind, add an upcaster from the version before
to UPCASTERS in schemas/registry.py, and keep a message of the old version in tests/messages/corpus. The envelope and
the cancellation have no version: there, only additions. See schemas/README.md."""


def problems(name: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What is wrong with releasing ``new`` after ``old``: a break without a new version, or without an upcaster."""
    if new["x-version"] < old["x-version"]:
        return [f"{name}: version {old['x-version']} was released, and this is {new['x-version']}"]
    if new["x-version"] == old["x-version"]:
        return additive.broken(name, old, new)
    versions = range(1, new["x-version"])
    return [f"{name}: no upcaster from version {v}" for v in versions if (name, v) not in registry.UPCASTERS]


@pytest.mark.parametrize("name", sorted(published.PUBLISHED))
def test_a_released_schema_only_grows(name: str, update_goldens: bool) -> None:
    file, new = SNAPSHOTS / f"{name}.json", published.snapshot(name)
    if file.exists():
        found = problems(name, msgspec.json.decode(file.read_bytes()), new)
        assert not found, "\n".join(("", *found, MEND))
    elif not update_goldens:
        pytest.fail(f"{name} is new and has no snapshot: run `make goldens`, and keep the file")
    if update_goldens:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(published.encode(new))
    assert file.read_bytes() == published.encode(new), f"{name} grew: run `make goldens`, read the diff, keep it"


def test_no_released_kind_disappears() -> None:
    released = {file.stem for file in SNAPSHOTS.glob("*.json")}
    assert released == set(published.PUBLISHED), "a kind stays registered for ever; older logs hold it" + MEND


def test_a_snapshot_is_the_same_in_every_run() -> None:
    assert all(
        published.encode(published.snapshot(name)) == published.encode(published.snapshot(name))
        for name in published.PUBLISHED
    )


def test_a_new_version_needs_an_upcaster_from_every_version_before() -> None:
    old = published.snapshot("sitrep")
    newer = {"x-version": old["x-version"] + 1, "type": "string"}
    assert problems("sitrep", old, newer) == ["sitrep: no upcaster from version 1"]
    assert problems("sitrep", newer, old) == ["sitrep: version 2 was released, and this is 1"]


# -- what the comparison sees -----------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]


def directive() -> dict[str, Any]:
    """The schema of a directive, to be changed."""
    return published.snapshot("directive")


def after(change: Change) -> list[str]:
    """What the comparison says of a change to the schema of a directive."""
    changed = directive()
    change(changed["$defs"])
    return additive.broken("directive", directive(), changed)


def fields(defs: dict[str, Any], of: str = "Directive") -> dict[str, Any]:
    """The fields of one struct."""
    found: dict[str, Any] = defs[of]["properties"]
    return found


ADDITIONS: dict[str, Change] = {
    "a new field with a default": lambda d: fields(d).update(mood={"type": "string", "default": ""}),
    "a new value of an enum": lambda d: fields(d)["action"]["enum"].append("parade"),
    "a looser bound": lambda d: fields(d, "Vehicles")["load_class"]["anyOf"][0].update(maximum=200),
    "a new alternative": lambda d: fields(d)["buffer_m"]["anyOf"].append({"type": "string"}),
    "a field that need not be given any more": lambda d: d["Directive"]["required"].remove("directive_kind"),
    "a struct under another name": lambda d: (
        d.update(Car=d.pop("Vehicles")),
        fields(d)["vehicles"]["items"].update({"$ref": "#/$defs/Car"}),
        fields(d, "OrderChange")["vehicles"]["anyOf"][0]["items"].update({"$ref": "#/$defs/Car"}),
    ),
}
BREAKS: dict[str, tuple[Change, str]] = {
    "a removed field": (lambda d: fields(d).pop("task"), "directive.task: the field was removed"),
    "a removed field far inside": (lambda d: fields(d, "UnitRef").pop("name"), "performers[].name: the field was rem"),
    "a changed type": (lambda d: fields(d)["task"].update(type="integer"), "directive.task: the type changed"),
    "a changed type among alternatives": (
        lambda d: fields(d)["strength"]["anyOf"][0].update(type="string"),
        "directive.strength: integer is no longer allowed",
    ),
    "a field that may no longer be null": (
        lambda d: fields(d)["strength"]["anyOf"].pop(),
        "strength: null is no longer allowed",
    ),
    "a new required field": (
        lambda d: (fields(d).update(mood={"type": "string"}), d["Directive"]["required"].append("mood")),
        "directive.mood: the field is new and has no default",
    ),
    "a field that became required": (
        lambda d: (d["Directive"]["required"].append("task"), fields(d)["task"].pop("default")),
        "directive.task: the field became required",
    ),
    "a changed default": (
        lambda d: fields(d)["exclusive"].update(default=True),
        "the default changed from False to True",
    ),
    "a removed value of an enum": (lambda d: fields(d)["action"]["enum"].remove("hold"), "'hold' is no longer allowed"),
    "a tighter bound": (lambda d: fields(d, "Position")["lat"].update(maximum=80), "maximum fell from 90 to 80"),
    "a new bound": (lambda d: fields(d)["task"].update(maxLength=80), "maxLength fell from none to 80"),
    "a pattern": (lambda d: fields(d)["task"].update(pattern="^A"), "pattern changed from None to '^A'"),
    "a removed shape": (
        lambda d: fields(d)["area"]["anyOf"][0]["anyOf"].pop(),
        "area: Named is no longer allowed",
    ),
    "a changed tag": (
        lambda d: fields(d, "Circle")["type"].update(enum=["round"]),
        "area.type: 'circle' is no longer allowed",
    ),
    "another order of a pair": (
        lambda d: fields(d, "Line")["points"]["items"]["prefixItems"].reverse(),
        "points[][0]: minimum rose from -180 to -90",
    ),
}


@pytest.mark.parametrize("change", ADDITIONS.values(), ids=ADDITIONS.keys())
def test_an_addition_passes(change: Change) -> None:
    assert after(change) == []


@pytest.mark.parametrize(("change", "said"), BREAKS.values(), ids=BREAKS.keys())
def test_a_break_is_found_and_named(change: Change, said: str) -> None:
    found = after(change)
    assert any(said in line for line in found), found


def test_a_word_that_the_comparison_does_not_know_is_no_silence() -> None:
    old = {"type": "string", "format": "date-time"}
    assert "does not know ['format']" in additive.broken("kind", old, {"type": "string"})[0]
