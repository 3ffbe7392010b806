"""A way out in plain English, from the option and its finding alone.

It says what a change would do to the finding and against how many orders that was checked, or who can be talked to. It
never says who gives way and approves nothing: the finding stays until an owner has changed an order.
Source: reference deconfliction.md §2.3 (standing rules), §5 (4).
"""

from collections.abc import Callable
from typing import Final

from coordinator.core.deconfliction.words import metres, minutes, number
from schemas.findings import Finding, Option
from schemas.geo import AltitudeBand, AltitudeLimit

NO_SHIFT: Final = "no-shift"
"""Text key of an option that says that there is no other time."""
OTHERS_REMAIN: Final = "others-remain"
"""Text key of a change that leaves other findings of the same order as they are."""


def option_sentence(option: Option, finding: Finding) -> str:
    """Return a way out in one or two sentences."""
    made = _CHANGES.get(option.option)
    change = made(option) if made else ""
    if option.text_key == NO_SHIFT:
        return f"No other time within the mission's limit was found for {option.party}{_scope(option)}."
    if change and option.verified:
        rest = " Its other findings may remain." if option.text_key == OTHERS_REMAIN else ""
        return f"{change} removes it, and creates nothing new{_scope(option)}.{rest}"
    if change:
        return f"{change}: not checked."
    return _TALKS[option.option].format(party=_party(option, finding), who=option.who or _issuer(option, finding))


def _scope(option: Option) -> str:
    return f" among {option.known} orders known" if option.known is not None else ""


def _shift(o: Option) -> str:
    if o.shift_s is None:
        return ""
    return f"{o.party} {_long(abs(o.shift_s))} {'later' if o.shift_s >= 0 else 'earlier'}"


def _long(seconds: float) -> str:
    """Return a duration with its units; hours where there are more than two."""
    hours, rest = divmod(seconds, 3600)
    if seconds <= 7200:
        return minutes(seconds)
    return f"{hours:.0f} h" + (f" {minutes(rest)}" if rest else "")


def _altitude(o: Option) -> str:
    return f"{o.party} at {_band(o.altitude)}" if o.altitude else ""


def _band(band: AltitudeBand) -> str:
    return f"{_level(band.lower)} to {_level(band.upper)}"


def _level(limit: AltitudeLimit | None) -> str:
    if limit is None or limit.value_m is None:
        return limit.reference if limit else "any height"
    return f"{metres(limit.value_m)} {limit.reference}"


def _channel(o: Option) -> str:
    return f"{o.party} on {o.frequency_mhz:g} MHz" if o.frequency_mhz is not None else ""


def _route(o: Option) -> str:
    return f"{o.party} by {o.route}" if o.route else ""


def _asset(o: Option) -> str:
    return f"{o.party} with {o.asset}" if o.asset else ""


def _move_out(o: Option) -> str:
    where = f" towards {number(o.bearing_deg)} degrees" if o.bearing_deg is not None else ""
    return f"{o.party} moved by {number(o.distance_m)} m{where}" if o.distance_m is not None else ""


def _reduce(o: Option) -> str:
    return f"{o.party} with an effect smaller by {number(o.distance_m)} m" if o.distance_m is not None else ""


_CHANGES: Final[dict[str, Callable[[Option], str]]] = {
    "shift": _shift, "headway": _shift, "altitude": _altitude, "channel": _channel, "route": _route, "asset": _asset,
    "move-out": _move_out, "reduce": _reduce,
}  # fmt: skip
_TALKS: Final[dict[str, str]] = {
    "shift": "Another time for {party}.",
    "headway": "More headway for {party}.",
    "altitude": "Another height for {party}.",
    "channel": "Another channel for {party}.",
    "route": "Another route for {party}.",
    "asset": "Other means for {party}.",
    "move-out": "Another place for {party}.",
    "reduce": "A smaller effect of {party}.",
    "liaison": "{who} can be talked to about {party}.",
    "permission": "{who} can be asked for permission for {party}.",
    "coordinate": "{who} can be asked to coordinate {party}.",
    "refer": "{who} can decide.",
    "split": "The unit can be split between the tasks: {party}.",
    "cover": "Cover can be added for {party}.",
    "withdraw": "{who} can withdraw {party}.",
    "re-issue": "{who} can issue {party} anew.",
    "acknowledge": "{who} can acknowledge {party}.",
    "merge": "{party} can be merged with the other task.",
    "fix-field": "{who} can correct {party}.",
}


def _party(option: Option, finding: Finding) -> str:
    names = [option.party] if option.party else [p.id for p in finding.parties]
    return " and ".join(n or "another order" for n in names)


def _issuer(option: Option, finding: Finding) -> str:
    """Return who issued what an option is about."""
    issuers = dict.fromkeys(p.issuer for p in finding.parties if p.issuer and option.party in ("", p.id))
    return " or ".join(issuers) or "Whoever issued it"
