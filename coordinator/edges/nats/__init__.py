"""NATS JetStream: the only package that imports nats.

`connect` gives a `ports.Bus`; `apply` and `diff` bring a server to what the topology declares. Every error of the
library or the server leaves here as one of `coordinator.errors`.
"""

from coordinator.edges.nats.apply import apply, diff
from coordinator.edges.nats.bus import NatsBus, connect

__all__ = ["NatsBus", "apply", "connect", "diff"]
