"""Logs: bodies, personal data and secrets never go there; ids do."""

import json

import pytest
import structlog

from coordinator import log


def test_whoever_has_not_configured_logs_gets_ours(capsys: pytest.CaptureFixture[str]) -> None:
    """A part used as a library logs to standard error, and shows no values either."""
    before = structlog.get_config()
    try:
        structlog.reset_defaults()
        body = "patient name 4711"
        try:
            raise ValueError("of our own making")
        except ValueError:
            log.get("test").exception("message broke a core")
    finally:
        structlog.configure(**before)
    said = capsys.readouterr()
    assert body
    assert "of our own making" in said.err
    assert "4711" not in said.err + said.out


@pytest.mark.parametrize("as_json", [True, False])
def test_a_traceback_shows_no_values(as_json: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """An exception is logged with where it happened, never with what the variables held."""
    before = structlog.get_config()
    try:
        log.configure(json=as_json)
        body = "patient name 4711"
        try:
            raise ValueError("of our own making")
        except ValueError:
            log.get("test").exception("message broke a core", id="xar/M-1:1")
    finally:
        structlog.configure(**before)
    said = capsys.readouterr().err
    assert body
    assert "of our own making" in said
    assert "xar/M-1:1" in said
    assert "4711" not in said
    if as_json:
        assert json.loads(said)["event"] == "message broke a core"
