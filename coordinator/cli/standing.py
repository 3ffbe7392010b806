"""How far an order is, as text: whether it is coordinated, each acting unit with its steps, and what differs. Pure."""

from collections.abc import Iterator

from coordinator.cli.text import clean, dtg
from coordinator.core.orders.readback import Compared
from coordinator.core.orders.standing import OrderState, Standing, Step
from coordinator.texts import say


def rows(state: OrderState) -> Iterator[tuple[str, str]]:
    """Yield how far an order is, for below its own fields."""
    if state.in_force:
        yield "in force", f"since {dtg(state.since)}, by {clean(', '.join(state.named))}"
    yield "coordinated", coordinated(state)
    for standing in state.performers:
        yield from _rows(standing)


def coordinated(state: OrderState) -> str:
    """Say whether an order is coordinated, and how many acting units are still missing."""
    if not state.in_force:
        return say("coordinated-gone")
    if state.coordinated:
        return say("coordinated-yes")
    if not state.acting:
        return say("coordinated-nobody")
    if len(state.performers) < state.acting or any(s.state == "withheld" for s in state.performers):
        return say("coordinated-unknown")
    ready = sum(s.state in ("wilco", "own") for s in state.performers)
    return say("coordinated-not-yet", count=ready, of=state.acting)


def words(standing: Standing) -> str:
    """Say how far one acting unit is."""
    return say(f"order-{standing.state}") + (f" {standing.code}" if standing.code else "")


def brief(state: OrderState, participant: str) -> str:
    """Say in a list how far the reader is with an order; if it does not act, whether the order is coordinated."""
    own = next((s for s in state.performers if s.participant == participant), None)
    if own and own.state in ("sent", "delivered"):
        return "not acknowledged"
    if own:
        return own.state + (f" {own.code}" if own.code else "")
    return "coordinated" if state.coordinated else "not coordinated" if state.in_force else "no longer in force"


def difference(compared: Compared) -> str:
    """Say what was ordered and what was read back."""
    key = "read-different" if compared.verdict == "different" else "read-unclear"
    field = say(f"read-{compared.field}")
    return clean(say(key, field=field, ordered=compared.ordered, read=compared.read_back))


def _rows(standing: Standing) -> Iterator[tuple[str, str]]:
    who = clean(standing.participant)
    steps = ", ".join(map(_step, standing.steps))
    units = f"({clean(', '.join(standing.units))}) " if standing.units else ""
    yield who, units + words(standing) + (f": {steps}" if steps else "")
    for compared in standing.compared:
        if compared.verdict != "same":
            yield f"{who}, read back", difference(compared)
    if standing.earlier:
        yield f"{who}, earlier", ", ".join(map(_step, standing.earlier)) + "; the order has changed since"


def _step(step: Step) -> str:
    code = f" {step.code}" if step.code else ""
    return clean(f"{step.step}{code} {dtg(step.at)}")
