"""Several things at once, without an exception group: an error of one comes out as it is."""

from collections.abc import Awaitable, Callable

import anyio

Work = Callable[[], Awaitable[object]]


async def first(*work: Work) -> None:
    """Return when one of these returns; the others are cancelled.

    Raises:
        Exception: whatever the first that failed raised.
    """
    await _race(work, until_one_returns=True)


async def together(*work: Work) -> None:
    """Return when all of these have; if one fails, the others are cancelled.

    Raises:
        Exception: whatever the first that failed raised.
    """
    await _race(work, until_one_returns=False)


async def _race(work: tuple[Work, ...], *, until_one_returns: bool) -> None:
    failed: list[Exception] = []
    async with anyio.create_task_group() as group:

        async def run(one: Work) -> None:
            try:
                await one()
            except Exception as error:
                failed.append(error)
            if failed or until_one_returns:
                group.cancel_scope.cancel()

        for one in work:
            group.start_soon(run, one)
    if failed:
        raise failed[0]
