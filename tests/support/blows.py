"""Blows against the server that a test runs."""

import os
import signal
from contextlib import suppress

from coordinator.edges.server import Server


def kill(server: Server) -> None:
    """Kill nats-server now; if the last blow has not been mended yet, it is dead already."""
    with suppress(ProcessLookupError):
        os.kill(server.pid, signal.SIGKILL)
