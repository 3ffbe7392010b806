"""Every service there is, in the order in which they are started; each is imported when it is first chosen."""

from importlib import import_module
from typing import Final, cast

from coordinator.errors import UsageError
from coordinator.services.base import Service

NAMES: Final = (
    "log",
    "tracks",
    "deconfliction",
    "alerting",
    "presence",
    "release",
    "intake",  # last: what it accepts is acted on at once
)

CHANNELS: Final = "channels"
"""What runs the participants' channels, as it is called among the services; it is none of them."""


def check(names: tuple[str, ...]) -> None:
    """Refuse a name that no service has, without importing any.

    Raises:
        UsageError: there is no service of that name.
    """
    known = (*NAMES, CHANNELS)
    if unknown := [name for name in names if name not in known]:
        raise UsageError(f'there is no service "{unknown[0]}"; there are: {", ".join(known)}')


def chosen(names: tuple[str, ...] = ()) -> tuple[Service, ...]:
    """Return the services of these names, all for no names.

    Raises:
        UsageError: there is no service of that name.
    """
    check(names)
    return tuple(_load(name) for name in NAMES if not names or name in names)


def _load(name: str) -> Service:
    return cast(Service, import_module(f"coordinator.services.{name}").SERVICE)
