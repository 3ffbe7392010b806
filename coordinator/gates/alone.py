"""Only one coordinator runs the channels of a bus.

Two would each carry out some of what is delivered, so that an old order could go out behind the one that replaced it,
and both would take the files of one folder. Who runs them holds a connection of the services under a name of its own;
of several, the oldest has the channels. No participant can take part in this: it cannot connect as the services.
"""

import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final

from coordinator import log
from coordinator.edges.tasks import beside
from coordinator.errors import BusError, ConfigError, ConfigFinding
from coordinator.ports import Bus, Clock
from coordinator.topology import CHANNELS_CONNECTION

PATIENCE: Final = 20  # looks at the start: who stops or was killed is gone by then
LOOK_S: Final = 0.5
WATCH_S: Final = 30.0
_log = log.get("channels")


@asynccontextmanager
async def alone(connect: Callable[[str], AbstractAsyncContextManager[Bus]], clock: Clock) -> AsyncIterator[None]:
    """Have the channels of a bus to oneself while the context is open; ``connect`` opens a bus under a name.

    Raises:
        ConfigError: another coordinator runs them already. If that is found later, it comes in an exception group.
        BusError: the bus cannot be asked.
    """
    name = f"{CHANNELS_CONNECTION}{secrets.token_hex(8)}"
    async with connect(name) as bus:
        for _ in range(PATIENCE):
            if await _is_first(bus, name):
                break
            await clock.sleep(LOOK_S)
        else:
            raise _refusal()
        async with beside(lambda: _watch(bus, name, clock)):
            yield


async def _watch(bus: Bus, name: str, clock: Clock) -> None:
    """Look again and again: the other one may have started while this host was cut off from the bus."""
    while True:
        await clock.sleep(WATCH_S)
        try:
            first = await _is_first(bus, name)
        except BusError as error:
            _log.warning("could not look who runs the channels", why=str(error))
            continue
        if not first:
            raise _refusal()


async def _is_first(bus: Bus, name: str) -> bool:
    """Say whether nobody has had the channels for longer; a connection that is only coming back does not count."""
    running = [one for one in await bus.colleagues() if one.startswith(CHANNELS_CONNECTION)]
    return not running or running[0] == name


def _refusal() -> ConfigError:
    what = "are run by another coordinator of this bus already"
    hint = "stop that one first (a host that died is forgotten within a minute), or name the services to run here"
    return ConfigError([ConfigFinding(path="channels", what=what, hint=hint)])
