"""``coordinator schema``: the published contract, computed from the structs: JSON Schema 2020-12, AsyncAPI 3.0."""

from typing import Annotated

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import NotFound, UsageError


def schema(
    kind: Annotated[
        str, Parameter(name="KIND", show_default=False, help="A kind, or envelope; everything if left out.")
    ] = "",
    /,
    *,
    asyncapi: Annotated[bool, Parameter(help="The whole bus: every subject and what travels there.")] = False,
    message: Annotated[bool, Parameter(help="The whole message, envelope and body, instead of the body.")] = False,
    json: common.Json = False,
) -> int:
    """Print a schema, laid out for people; with --json on one line."""
    import msgspec

    from coordinator import __version__
    from schemas import asyncapi as api
    from schemas import published
    from schemas.registry import UnknownKind

    if asyncapi and kind:
        raise UsageError("--asyncapi describes the whole bus: leave KIND out")
    try:
        if asyncapi:
            document = api.document(__version__)
        elif kind and not message:
            document = published.schema(kind)
        else:
            document = published.message(*([kind] if kind else []))
    except UnknownKind:
        raise NotFound(f'no kind "{kind}"; there are: {", ".join(sorted(published.PUBLISHED))}') from None
    out.data(msgspec.json.encode(document, order="sorted") + b"\n" if json else published.encode(document))
    return exits.FINE
