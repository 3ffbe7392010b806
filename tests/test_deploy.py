"""What operators are given is true: configurations are accepted, samples are clean, the page names every setting."""

import configparser
import importlib.util
import json
import re
import shlex
import signal
import subprocess
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_origin

import anyio
import msgspec
import pytest

from coordinator import cli, config, topology
from coordinator.core import mission as tables
from coordinator.core.mission import Mission
from coordinator.edges import store
from coordinator.edges.nats import apply, connect
from coordinator.edges.server import find_binary
from coordinator.errors import BusError
from coordinator.ports import Outgoing
from schemas import subjects

DEPLOY = Path(__file__).parents[1] / "deploy"
SAMPLE = DEPLOY / "mission.sample.toml"
PAGE = (DEPLOY / "README.md").read_text()
KEY = re.compile(r"nkey: U[A-Z2-7]{55}")


def load_render() -> ModuleType:
    """The script deploy/render.py as a module."""
    spec = importlib.util.spec_from_file_location("deploy_render", DEPLOY / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


render = load_render()


# -- the sample mission -----------------------------------------------------------------------------------------------


def test_the_sample_mission_lints_clean() -> None:
    assert config.lint(config.read(SAMPLE)) == []


def test_the_sample_mission_shows_every_table() -> None:
    shown = set(tomllib.loads(SAMPLE.read_text()))
    assert shown == set(Mission.__struct_fields__), "show new tables in deploy/mission.sample.toml"


def keys() -> Iterator[tuple[str, str]]:
    """Every table of a mission file, as it is written there, with each of its keys; "" is the top."""
    for field in msgspec.structs.fields(Mission):
        inner = get_args(field.type)[0] if get_origin(field.type) is tuple else field.type
        if isinstance(inner, type) and issubclass(inner, tables.Table):
            heading = f"[[{field.name}]]" if inner is not field.type else f"[{field.name}]"
            yield from ((heading, inner_field.encode_name) for inner_field in msgspec.structs.fields(inner))
        else:
            yield "", field.name


@pytest.mark.parametrize(("table", "key"), list(keys()))
def test_the_page_explains_every_key(table: str, key: str) -> None:
    sections = PAGE.split("\n### ")
    told = [s for s in sections if (f"`{table}`" in s if table else s.startswith("At the top"))]
    assert any(f"`{key}`" in section for section in told), f"explain {table} {key} in deploy/README.md"


# -- nats-server ------------------------------------------------------------------------------------------------------


def test_the_committed_accounts_are_those_of_the_sample_mission() -> None:
    name, declared = render.declare(SAMPLE, "live")
    blank = {user.name: "U" + "A" * 55 for user in declared.users}
    rendered = KEY.sub("nkey: -", render.accounts(name, declared, blank))
    committed = KEY.sub("nkey: -", (DEPLOY / "nats" / "accounts.conf").read_text())
    assert committed == rendered, "write it again: python deploy/render.py deploy/mission.sample.toml $(mktemp -d)"


def test_every_committed_account_has_a_key_of_its_own() -> None:
    found = KEY.findall((DEPLOY / "nats" / "accounts.conf").read_text())
    assert len(found) == len(set(found)) == len(render.declare(SAMPLE, "live")[1].users)


def tried(file: Path) -> subprocess.CompletedProcess[str]:
    """What nats-server says of a configuration."""
    command = [str(find_binary()), "-t", "-c", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.nats
def test_nats_server_accepts_the_hub() -> None:
    result = tried(DEPLOY / "nats" / "hub.conf")
    assert result.returncode == 0, result.stderr


@pytest.mark.nats
def test_nats_server_accepts_the_lines_for_tls(tmp_path: Path) -> None:
    lines = (DEPLOY / "nats" / "tls.conf").read_text().splitlines()
    block = "\n".join(line.removeprefix("#") for line in lines[lines.index("# tls {") :])
    (tmp_path / "tls.conf").write_text(block)
    result = tried(tmp_path / "tls.conf")
    assert "hub.crt: no such file" in result.stderr, result.stderr  # understood, up to the certificate itself


def test_the_hub_takes_what_the_services_send() -> None:
    hub = (DEPLOY / "nats" / "hub.conf").read_text()
    assert re.search(rf"^max_payload: {topology.MAX_PAYLOAD}\b", hub, re.MULTILINE)
    assert re.search(r"^  sync_interval: always\b", hub, re.MULTILINE)
    assert '\nhttp: "127.0.0.1:' in hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The hub as an operator starts it, on other ports: its address, and the folder with the keys."""
    name, declared = render.declare(SAMPLE, "live")
    made = store.prepare(tmp_path / "keys", declared)
    (tmp_path / "accounts.conf").write_text(render.accounts(name, declared, made))
    (tmp_path / "tls.conf").write_text((DEPLOY / "nats" / "tls.conf").read_text())
    text = (DEPLOY / "nats" / "hub.conf").read_text()
    text = text.replace("0.0.0.0:4222", "127.0.0.1:-1").replace("127.0.0.1:8222", "127.0.0.1:-1")
    (tmp_path / "hub.conf").write_text(text.replace('"/data"', json.dumps(str(tmp_path / "data"))))
    options = {"-c": "hub.conf", "-l": "log", "--ports_file_dir": ""}
    command = [str(find_binary()), *(part for key, name in options.items() for part in (key, str(tmp_path / name)))]
    with subprocess.Popen(command) as process:
        try:
            ports = tmp_path / f"nats-server_{process.pid}.ports"
            deadline = time.monotonic() + 10
            while not (ports.exists() and ports.read_text().endswith("}")):
                assert time.monotonic() < deadline, (tmp_path / "log").read_text()
                time.sleep(0.01)
            yield json.loads(ports.read_text())["nats"][0], tmp_path / "keys"
        finally:
            process.send_signal(signal.SIGTERM)


@pytest.mark.nats
async def test_the_hub_carries_a_message_from_a_participant_into_the_log_of_the_services(hub: tuple[str, Path]) -> None:
    url, made = hub
    _, declared = render.declare(SAMPLE, "live")
    async with connect(url, store.credentials(made, topology.SERVICES), topology.COORD, "live") as services:
        await apply(services, declared)
        async with connect(url, store.credentials(made, "xar-batt"), "xar-batt", "live") as contingent:
            sent = Outgoing(subjects.raw("xar-batt", "text"), b"SITREP", "one", {})
            stored = (await contingent.publish([sent]))[0]
        kept = await services.get(topology.RAW, stored.seq)
        assert kept is not None
        assert kept.data == b"SITREP"


@pytest.mark.nats
async def test_the_hub_knows_no_key_of_another_realm_or_mission(hub: tuple[str, Path], tmp_path: Path) -> None:
    url, _ = hub
    store.prepare(tmp_path / "others", topology.build(("xar-batt",), "exercise"))
    with pytest.raises(BusError), anyio.fail_after(10):
        async with connect(url, store.credentials(tmp_path / "others", "xar-batt"), "xar-batt", "exercise"):
            pass


def test_rendering_again_keeps_the_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert render.main([str(SAMPLE), str(tmp_path)]) == 0
    first = capsys.readouterr().out
    assert render.main([str(SAMPLE), str(tmp_path)]) == 0
    assert capsys.readouterr().out == first
    assert "SU" not in {line.split("nkey: ")[-1][:2] for line in first.splitlines()}  # no seeds


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["a", "b", "rehearsal"], 2), (["missing.toml", "keys"], 1)])
def test_rendering_says_what_is_wrong(arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert render.main(arguments) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err


# -- containers -------------------------------------------------------------------------------------------------------


def parse_yaml(text: str) -> Any:
    """The part of YAML that compose.yaml uses: maps and lists by indentation, flow lists that are JSON, plain words."""
    lines = [(len(raw) - len(raw.lstrip()), raw.strip()) for raw in map(_uncommented, text.splitlines()) if raw.strip()]
    value, rest = _block(lines, 0)
    assert rest == [], rest
    return value


def _uncommented(line: str) -> str:
    assert "\t" not in line
    return re.sub(r"(^|\s)#.*$", "", line)


def _block(lines: list[tuple[int, str]], indent: int) -> tuple[Any, list[tuple[int, str]]]:
    if lines[0][1].startswith("- "):
        items = []
        while lines and lines[0][0] == indent and lines[0][1].startswith("- "):
            items.append(_scalar(lines.pop(0)[1][2:]))
        return items, lines
    found: dict[str, Any] = {}
    while lines and lines[0][0] == indent:
        key, _, rest = lines.pop(0)[1].partition(":")
        assert key not in found, f"{key} is there twice"
        if rest.strip():
            found[key] = _scalar(rest.strip())
        else:
            found[key], lines = _block(lines, lines[0][0])
    return found, lines


def _scalar(text: str) -> Any:
    return json.loads(text) if text[0] in '["' else {"true": True, "false": False}.get(text, text)


COMPOSE = parse_yaml((DEPLOY / "compose.yaml").read_text())


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_a_container_can_do_no_more_than_it_must(name: str) -> None:
    container = COMPOSE["services"][name]
    assert container["user"] == "10001:10001"
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["healthcheck"]["test"][0] == "CMD"
    assert container["restart"] == "unless-stopped"


def test_the_hub_is_reached_from_this_host_only_until_somebody_decides_otherwise() -> None:
    ports = COMPOSE["services"]["hub"]["ports"]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert "ports" not in COMPOSE["services"]["services"]


def test_secrets_are_files_that_render_makes() -> None:
    _, declared = render.declare(SAMPLE, "live")
    made = {f"./keys/creds/{user.name}.nk" for user in declared.users}
    assert {secret["file"] for secret in COMPOSE["secrets"].values()} <= made
    assert set(COMPOSE["services"]["services"]["secrets"]) == set(COMPOSE["secrets"])


def test_the_services_are_called_as_the_command_line_wants_it() -> None:
    words = COMPOSE["services"]["services"]["command"]
    check = COMPOSE["services"]["services"]["healthcheck"]["test"]
    assert words[0] == "up"
    assert check[1:3] == ["coordinator", "status"]
    assert words[words.index("--server") + 1] == check[check.index("--server") + 1] == "nats://hub:4222"
    for option in ("--creds", "--mission", "--store", "--realm", "--json"):
        assert option in words


def test_the_image_ends_as_somebody_without_rights() -> None:
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    assert "USER 10001:10001" in lines
    assert any("--require-hashes" in line for line in lines)
    assert 'ENTRYPOINT ["coordinator"]' in lines


def test_keys_and_data_stay_out_of_version_control() -> None:
    ignored = (DEPLOY / ".gitignore").read_text().splitlines()
    assert {"/keys/", "/data/", "/mission.toml"} <= set(ignored)


# -- systemd, and the page --------------------------------------------------------------------------------------------


def test_the_unit_runs_the_services_without_rights() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=True)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / "coordinator.service")
    service = unit["Service"]
    _, *words = shlex.split(service["ExecStart"])
    assert words[0] == "up"
    assert words[words.index("--store") + 1] == "/var/lib/" + service["StateDirectory"]
    assert service["Restart"] == "always"
    assert service["KillMode"] == "mixed"  # the services end before their server
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"


def test_every_command_on_the_page_exists() -> None:
    known = {verb.words for _, verbs in cli.VERBS for verb in verbs}
    called = re.findall(r"(?:^ {4}|`|\s)(?:\S*/)?coordinator ([a-z]+(?: [a-z-]+)?)", PAGE, re.MULTILINE)
    assert len(called) > 10
    assert [words for words in called if not {words, words.split()[0]} & known] == []


def test_every_file_on_the_page_exists() -> None:
    listed = re.findall(r"^\| (`.+?`) \|", PAGE.split("\n## ")[0], re.MULTILINE)
    names = {name for row in listed for name in re.findall(r"`([^`]+)`", row)}
    assert names
    assert all((DEPLOY / name).is_file() for name in names)
