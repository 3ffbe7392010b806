"""Turns the server's "permissions violation" into an immediate error.

The server refuses a publish or a subscription by a line that names nothing but the subject, and the client library
hands it to its error callback; whoever published only sees silence. Here those who wait say which subject they wait
for, and hear of its denial at once.
"""

import re
from collections.abc import Callable

from coordinator.topology import Operation

_LINE = re.compile(r'permissions violation for (publish|subscription) to "([^"]*)"', re.IGNORECASE)

Denied = Callable[[], None]


class Denials:
    """Who waits for which subject."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[str, str], list[Denied]] = {}

    def expect(self, operation: Operation, subject: str, denied: Denied) -> Callable[[], None]:
        """Call ``denied`` when the server refuses the operation there; return how to stop waiting."""
        key = (operation, subject.lower())  # the client library lowers the case of the line
        row = self._waiting.setdefault(key, [])
        row.append(denied)

        def stop() -> None:
            if denied in row:
                row.remove(denied)
            if not row and self._waiting.get(key) is row:
                del self._waiting[key]

        return stop

    def report(self, line: str) -> bool:
        """Take an error line of the server; say whether it was a denial."""
        found = _LINE.search(line)
        if not found:
            return False
        operation = "publish" if found[1].lower() == "publish" else "subscribe"
        for denied in list(self._waiting.get((operation, found[2].lower()), ())):
            denied()
        return True
