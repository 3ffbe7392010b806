"""The signature of a webhook: HMAC-SHA256 over the time and the body, so that neither can be changed or replayed.

::

    Coordinator-Timestamp: 1805011200
    Coordinator-Signature: v1=<hex of HMAC-SHA256(secret, "1805011200." + body)>

The receiver computes it over the bytes as they came, compares in constant time, and refuses a time that is more than
five minutes away from its own clock. Pure.
"""

import hashlib
import hmac
from typing import Final

TIMESTAMP: Final = "Coordinator-Timestamp"
SIGNATURE: Final = "Coordinator-Signature"
TOLERANCE_S: Final = 300
LEAST: Final = 16  # bytes of a secret


def signature(secret: bytes, timestamp: int, body: bytes) -> str:
    """Return the value of the header for a body that is sent at a time, in seconds since 1970."""
    digest = hmac.new(secret, f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"v1={digest}"


def verified(secret: bytes, timestamp: str, body: bytes, said: str, now: int) -> bool:
    """Say whether a request is ours and fresh, as a receiver must; ``now`` in seconds since 1970."""
    if not timestamp.isascii() or not timestamp.isdigit() or abs(int(timestamp[:20]) - now) > TOLERANCE_S:
        return False
    return hmac.compare_digest(signature(secret, int(timestamp[:20]), body).encode(), said.encode())
