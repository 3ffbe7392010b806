"""Every case gives the result that stands beside it. ``--update-goldens`` writes it, if every leaf is accounted for."""

import io
import zipfile
from typing import Any

import msgspec
import pytest

from adapters.base import Rejected, Translation
from tests.formats.cases import Case, all_cases, good_cases, label, shown
from tests.formats.enumerate import unaccounted


@pytest.mark.parametrize("case", all_cases(), ids=label)
def test_a_case_gives_its_result(case: Case, update_goldens: bool) -> None:
    found = case.read()
    result = _as_json({"context": case.expected.get("context", {}), **_result(case, found)})
    if update_goldens:
        if isinstance(found, Translation):
            assert not unaccounted(case, found), "every leaf is mapped or a loss before it may become golden"
        case.golden.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    assert result == case.expected


@pytest.mark.parametrize("case", good_cases(), ids=label)
def test_every_leaf_is_mapped_or_lost(case: Case) -> None:
    found = case.read()
    assert isinstance(found, Translation)
    assert not unaccounted(case, found)


def _as_json(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


def _result(case: Case, found: Translation | Rejected) -> dict[str, Any]:
    if isinstance(found, Rejected):
        return {"rejected": {"path": found.path, "why": found.why, "hint": found.hint}}
    encoded = case.reader.encode(found.messages, {})
    return {
        "messages": [shown(m) for m in found.messages],
        "losses": found.losses,
        "warnings": found.warnings,
        "written": _readable(encoded.data),
        "not_written": encoded.losses,
    }


def _readable(data: bytes) -> list[str]:
    """Return what was written as lines: of an archive each part, of other bytes their digits."""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [line for name in archive.namelist() for line in (f"== {name}", *_readable(archive.read(name)))]
    try:
        return data.decode().splitlines()
    except UnicodeDecodeError:
        return [data[i : i + 40].hex() for i in range(0, len(data), 40)]
