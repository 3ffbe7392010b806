"""A way out as phrases, from the option and its finding alone.

It says what a change would do to the finding and against how many orders that was checked, or who can be talked to. It
never says who gives way and approves nothing: the finding stays until an owner has changed an order.
Source: reference deconfliction.md §2.3 (standing rules), §5 (4).
"""

from collections.abc import Callable
from typing import Final

from coordinator.core.deconfliction.phrases import Phrase, Say, Value, given, joined, render, said
from coordinator.core.deconfliction.words import metres, minutes, number
from schemas.findings import Finding, Option
from schemas.geo import AltitudeLimit

NO_SHIFT: Final = "no-shift"
"""Text key of an option that says that there is no other time."""
OTHERS_REMAIN: Final = "others-remain"
"""Text key of a change that leaves other findings of the same order as they are."""
_ANOTHER: Final = Phrase("order-another")


def option_sentence(option: Option, finding: Finding, say: Say, lang: str = "en") -> str:
    """Return a way out in a language, in one or two sentences."""
    return " ".join(render(phrase, say, lang) for phrase in phrases(option, finding))


def phrases(option: Option, finding: Finding) -> list[Phrase]:
    """Return what a way out says, a phrase a sentence."""
    if option.text_key == NO_SHIFT:
        return said("option-no-shift", order=option.party or _ANOTHER, scope=_scope(option))
    changes = _CHANGES[option.option](option) if option.option in _CHANGES else []
    if changes and option.verified:
        rest = said("option-others-remain") if option.text_key == OTHERS_REMAIN else []
        return [*said("option-removes", change=changes[0], scope=_scope(option)), *rest]
    if changes:
        return said("option-not-checked", change=changes[0])
    args = {"order": _party(option, finding), "who": option.who or _issuer(option, finding)}
    return said(f"option-{option.option}", **args)


def _scope(option: Option) -> Phrase:
    known = option.known
    return Phrase("scope-nothing") if known is None else Phrase("scope-known", {"count": known})


def _shift(o: Option) -> list[Phrase]:
    way = "later" if (o.shift_s or 0.0) >= 0 else "earlier"
    return said(f"change-{way}", order=o.party, time=given(lambda s: _long(abs(s)), o.shift_s))


def _long(seconds: float) -> str:
    """Return a duration with its units; hours where there are more than two."""
    hours, rest = divmod(seconds, 3600)
    if seconds <= 7200:
        return minutes(seconds)
    return f"{hours:.0f} h" + (f" {minutes(rest)}" if rest else "")


def _altitude(o: Option) -> list[Phrase]:
    lower, upper = (_level(limit) for limit in ((o.altitude.lower, o.altitude.upper) if o.altitude else (None, None)))
    return said("change-altitude", order=o.party, lower=lower, upper=upper) if o.altitude else []


def _level(limit: AltitudeLimit | None) -> Value:
    if limit is None or limit.value_m is None:
        return limit.reference if limit else Phrase("level-any")
    return f"{metres(limit.value_m)} {limit.reference}"


def _channel(o: Option) -> list[Phrase]:
    return said("change-channel", order=o.party, channel=given(lambda mhz: f"{mhz:g} MHz", o.frequency_mhz))


def _route(o: Option) -> list[Phrase]:
    return said("change-route", order=o.party, route=o.route or None)


def _asset(o: Option) -> list[Phrase]:
    return said("change-asset", order=o.party, asset=o.asset or None)


def _move_out(o: Option) -> list[Phrase]:
    far, bearing = given(metres, o.distance_m), given(number, o.bearing_deg)
    towards = said("change-move-out-towards", order=o.party, distance=far, bearing=bearing)
    return towards or said("change-move-out", order=o.party, distance=far)


def _reduce(o: Option) -> list[Phrase]:
    return said("change-reduce", order=o.party, distance=given(metres, o.distance_m))


_CHANGES: Final[dict[str, Callable[[Option], list[Phrase]]]] = {
    "shift": _shift, "headway": _shift, "altitude": _altitude, "channel": _channel, "route": _route, "asset": _asset,
    "move-out": _move_out, "reduce": _reduce,
}  # fmt: skip


def _party(option: Option, finding: Finding) -> Value:
    names = [option.party] if option.party else [p.id for p in finding.parties]
    return joined([n or _ANOTHER for n in names]) or _ANOTHER


def _issuer(option: Option, finding: Finding) -> Value:
    """Return who issued what an option is about."""
    issuers = dict.fromkeys(p.issuer for p in finding.parties if p.issuer and option.party in ("", p.id))
    return joined(issuers, "list-either") or Phrase("issuer-unknown")
