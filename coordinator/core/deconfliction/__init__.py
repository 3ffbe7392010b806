"""Which messages do not go together: findings as a pure function of the set of messages, the mission and the time.

`Engine` folds the log; `check` answers for a list of messages. The verdicts are pure and stand in `verdicts`; the rest
finds what to ask them (`ledger`, `active`, `reading`, `index`) and says what follows (`states`, `explain`).
"""

from coordinator.core.deconfliction.engine import Engine, check
from coordinator.core.deconfliction.explain import sentence

__all__ = ["Engine", "check", "sentence"]
