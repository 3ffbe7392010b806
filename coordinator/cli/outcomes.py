"""How the answer to an input looks: accepted with what was read, refused with where, why and how to mend it. Pure."""

from coordinator.cli.text import clean, count, short
from coordinator.client import Outcome

_WORDS = {True: "accepted", False: "REFUSED ", None: "stored  "}


def line(outcome: Outcome) -> str:
    """Return an outcome on one line."""
    return f"{_WORDS[outcome.accepted]}  {clean(outcome.name)}  {_rest(outcome)}".rstrip()


def _rest(outcome: Outcome) -> str:
    if outcome.accepted is False:
        return clean(f"{outcome.path}: {outcome.why}" + (f"; {outcome.hint}" if outcome.hint else ""))
    if outcome.accepted is None:
        return f"no answer yet ({outcome.input})"
    said = [_ids(outcome)] if outcome.ids != (outcome.name,) else []
    if outcome.losses:
        said.append(f"{count(outcome.losses, 'value')} kept unmapped")
    if outcome.duplicate:
        said.append("was known already")
    said += [f"look at {short(outcome.warnings[0], 90)}"] if outcome.warnings else []
    said += [f"and {count(len(outcome.warnings) - 1, 'more warning')}"] if len(outcome.warnings) > 1 else []
    return "; ".join(x for x in said if x)


def _ids(outcome: Outcome) -> str:
    if outcome.positions and outcome.positions == len(outcome.ids):
        return count(outcome.positions, "position")
    shown = " ".join(clean(identity) for identity in outcome.ids[:3])
    return f"{shown} and {len(outcome.ids) - 3} more" if len(outcome.ids) > 3 else shown
