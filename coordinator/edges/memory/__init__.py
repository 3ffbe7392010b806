"""A bus in memory, with the promises of the real one: what `tests/contracts` holds for both.

`MemoryBroker` stands for the server: it keeps streams, remembers ids, redelivers, and lets nobody do what the
topology does not permit. `MemoryBus` is a connection to it under one identity. Time comes from a clock port, so
duplicate windows, acknowledgement deadlines and lifetimes pass in virtual time.
"""

from coordinator.edges.memory.bus import MemoryBroker, MemoryBus

__all__ = ["MemoryBroker", "MemoryBus"]
