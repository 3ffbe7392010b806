"""The body of a request: read as it comes, never more of it than is allowed, never longer than is patient."""

import hashlib
import re
from collections.abc import AsyncIterator
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

import anyio
from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from coordinator.edges.http.desk import Input, Limits
from coordinator.edges.http.problems import Trouble

_FORM: Final = "multipart/form-data"
_FORM_BYTES: Final = 48_000  # what a form may add to its files: boundaries and headers
FILES: Final = 100  # of one form

_FORMAT: Final = re.compile(r"[a-z0-9-]{0,64}")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{0,200}")
_STAR: Final = re.compile(r"""filename\*\s*=\s*utf-8'[^']*'([^;\s]+)""", re.IGNORECASE)
_PLAIN: Final = re.compile(r"""filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))""", re.IGNORECASE)

# Source: IANA's media types; formats without one of their own travel as what they are written in.
MEDIA: Final = {
    "native": ("application/x-ndjson", ".ndjson"),
    "text": ("text/plain", ".txt"),
    "sheet": ("text/csv", ".csv"),
    "cot": ("application/xml", ".cot"),
    "geojson": ("application/geo+json", ".geojson"),
    "kml": ("application/vnd.google-earth.kml+xml", ".kml"),
    "gpx": ("application/gpx+xml", ".gpx"),
    "cap": ("application/cap+xml", ".cap"),
    "mtf": ("text/plain", ".mtf"),
    "c2sim": ("application/xml", ".c2sim"),
    "nvg": ("application/xml", ".nvg"),
    "edxl": ("application/xml", ".edxl"),
}
_BY_SUFFIX: Final = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".kmz": "application/vnd.google-earth.kmz",
    ".json": "application/json",
}
_SUFFIXES: Final = dict(reversed(MEDIA.values())) | {media: suffix for suffix, media in _BY_SUFFIX.items()}
_UNTOLD: Final = {"application/xml", "text/plain"}  # several formats are written in it: its content says which


class Asked(NamedTuple):
    """What a request says about its body besides the body."""

    format: str
    name: str


def media_type(format_: str, name: str) -> str:
    """Return the media type of what goes out, by its format and its file name."""
    for suffix, media in _BY_SUFFIX.items():
        if name.endswith(suffix):
            return media
    return MEDIA.get(format_, ("application/octet-stream", ""))[0]


async def inputs(request: Request[Any, Any, Any], asked: Asked, limits: Limits) -> list[Input]:
    """Return the inputs of a request: its body, or each file of a form.

    Raises:
        Trouble: 400, 408, 411 or 413.
    """
    form = is_form(request)
    body = await read(request, limits, limits.body_bytes + (_FORM_BYTES if form else 0))
    if form and asked.name:
        raise Trouble(
            400, "the parameters", "a name is given for a form", "leave it out: a form names each of its files"
        )
    if form:
        return await _files(request, body, asked.format)
    return [_input(body, asked.name, asked.format, request.content_type[0])]


def is_form(request: Request[Any, Any, Any]) -> bool:
    """Whether the body is a form that holds files."""
    return request.content_type[0] == _FORM


async def read(request: Request[Any, Any, Any], limits: Limits, most: int) -> bytes:
    """Return the body of a request; nothing beyond ``most`` bytes of it is kept or waited for.

    Raises:
        Trouble: 400, 408, 411 or 413.
    """
    _announced(request, most)
    kept = bytearray()
    began = anyio.current_time()
    with anyio.CancelScope(deadline=began + limits.body_s) as patience:
        async for part in _chunks(request):
            if len(kept) + len(part) > most:
                raise _too_large(most)
            kept += part
            patience.deadline = began + limits.body_s + len(kept) / limits.body_rate
    if patience.cancelled_caught:
        raise Trouble(
            408, "the body", f"{len(kept)} bytes of it came, then too little for too long", "send it again",
            {"Connection": "close"},
        )  # fmt: skip
    return bytes(kept)


def _announced(request: Request[Any, Any, Any], most: int) -> None:
    length, coded = request.headers.get("content-length"), request.headers.get("transfer-encoding")
    if length is not None and coded is not None:  # two lengths: a proxy in front may believe the other one
        raise Trouble(
            400, "the headers", "Content-Length and Transfer-Encoding contradict each other", "send one of them",
            {"Connection": "close"},
        )  # fmt: skip
    if length is None and coded is None:
        raise Trouble(411, "the headers", "they do not say how long the body is", "send Content-Length")
    if length is not None and int(length) > most:  # h11 lets digits through only, at most 20
        raise _too_large(most)


def _too_large(most: int) -> Trouble:
    return Trouble(413, "the body", f"it has more than {most} bytes", "split it, or hand it over by another way")


async def _chunks(request: Request[Any, Any, Any]) -> AsyncIterator[bytes]:
    more = True
    while more:
        event = await request.receive()
        if event["type"] != "http.request":
            raise Trouble(400, "the body", "the connection ended before it did", "send it again")
        yield event["body"]
        more = event["more_body"]


async def _files(request: Request[Any, Any, Any], body: bytes, asked_format: str) -> list[Input]:
    async def once() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        form = await Request[Any, Any, Any](request.scope, once).form()  # type: ignore[arg-type]  # not its own union
    except (HTTPException, UnicodeDecodeError, LookupError) as error:
        why = error.detail if isinstance(error, HTTPException) else "a field is not written in its character set"
        raise Trouble(400, "the form", why, "write it as curl -F file=@sitrep.txt does") from None
    fields = list(form.items())  # in the order of the form
    format_ = asked_format or next((v for k, v in fields if k == "format" and isinstance(v, str)), "")
    odd = [key for key, value in fields if not isinstance(value, UploadFile) and key != "format"]
    files = [value for _, value in fields if isinstance(value, UploadFile)]
    if odd or not files or len(files) > FILES:
        why = f'"{odd[0]}" is no file' if odd else f"it holds {len(files)} files, and 1 to {FILES} can be taken"
        raise Trouble(400, "the form", why, "give each file as curl -F file=@sitrep.txt does, and format beside them")
    return [_input(await f.read(), f.filename, format_, f.content_type) for f in files]


def _input(data: bytes, name: str, format_: str, media: str) -> Input:
    """Return an input under the bearer's own name for it, or else under one that follows from its bytes."""
    if not _FORMAT.fullmatch(format_):
        raise Trouble(400, "the format", "it is no name of a format", "coordinator formats lists them; or leave it out")
    if not _NAME.fullmatch(name):
        raise Trouble(400, "the name", "it is too long, or not printable", "write at most 200 characters")
    suffix = "" if media in _UNTOLD else _SUFFIXES.get(media, "")
    return Input(data, name or hashlib.sha256(data).hexdigest()[:32] + suffix, format_)


def attached(name: str) -> str:
    """Return the Content-Disposition of a file to be kept under a name; curl reads the plain one only."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", name)
    full = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'attachment; filename="{plain}"{full}'


def disposed(header: str) -> str:
    """Return the file name that Content-Disposition gives. Source: RFC 6266, RFC 8187 (UTF-8 only)."""
    if found := _STAR.search(header):
        return unquote(found[1], errors="replace")
    if not (found := _PLAIN.search(header)):
        return ""
    name = found[2] or re.sub(r"\\(.)", r"\1", found[1] or "")
    return name.encode("latin-1", "replace").decode("utf-8", "replace")
