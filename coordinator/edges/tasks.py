"""Running tasks beside a body."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager

import anyio
from anyio.abc import TaskGroup


@asynccontextmanager
async def beside(*work: Callable[[], Coroutine[None, None, None]]) -> AsyncIterator[TaskGroup]:
    """Run tasks while the context is open, and cancel them when it closes.

    An error of the body comes out as it is, so that callers can catch it by its type; an error of a task comes out
    in an exception group, as from any task group.
    """
    failed: Exception | None = None
    async with anyio.create_task_group() as tasks:
        for one in work:
            tasks.start_soon(one)
        try:
            yield tasks
        except Exception as error:
            failed = error
        finally:
            tasks.cancel_scope.cancel()
    if failed is not None:
        raise failed
