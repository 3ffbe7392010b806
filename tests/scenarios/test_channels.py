"""Five contingents, each with another channel, on the product as its users start it; it is killed in the middle.

What each sends is in the log once, each is answered by its own channel, and what the others send goes out to it.
"""

import base64
import os
import re
import smtplib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import msgspec
import pytest
from anyio import to_thread

from adapters.cot.texts import stamp
from coordinator.edges import tokens
from coordinator.edges.clock import SystemClock
from coordinator.edges.nats import connect
from coordinator.topology import COORD, LOG
from schemas import registry
from tests.support.chaos import Services
from tests.support.mails import BUS, Relay, letter, relaying
from tests.support.tak import event

pytestmark = pytest.mark.nats

MISSION = """
name = "channels"
mgrs_square = "26NNH"
[[release]]
kind = "movement"
to = "all"
[[participants]]
id = "joc"
role = "desk"
operator = true
[[participants]]
id = "xar"
language = "fr"
channels = [{ name = "drop", kind = "files", format = "text" }]
[[participants]]
id = "xbl"
language = "es"
channels = [{ name = "web", kind = "http", format = "text" }]
[[participants]]
id = "xco"
channels = [{ name = "mail", kind = "smtp", address = "duty@xco.example", format = "text" }]
[[participants]]
id = "xde"
channels = [{ name = "atak", kind = "tak" }]
[[participants]]
id = "xes"
channels = [{ name = "sms", kind = "short", address = "+9995550100" }]
"""
PLACES = """
[http]
listen = "127.0.0.1:0"
[smtp]
listen = "127.0.0.1:0"
relay = "127.0.0.1:{relay}"
sender = "bus@mission.example"
trusted = ["127.0.0.1"]
[tak]
plain = {{ xde = "127.0.0.1:0" }}
"""
WRITERS = ("XAR", "XBL", "XCO", "XES")  # of notices, which everybody is told of


def notice(name: str) -> str:
    return f"HUM {name}/P2.0N27.0W/T141000-141045ZMAR27/W8 trucks"


def casualty(name: str) -> bytes:
    now = SystemClock().now()
    written = event(name, kind="b-r-f-h-c").decode()
    return re.sub(
        r"2027-01-15T08:0\d:00\.000Z", lambda m: stamp(now + (":05:" in m[0]) * 300_000_000), written
    ).encode()


class Mission:
    """The product, and what the contingents do with it."""

    def __init__(self, store: Path, relay: Relay) -> None:
        self.store, self.relay = store, relay
        self.services = Services(store, "--store", str(store), "--mission", str(store / "five.toml"))
        self.at: dict[str, list[str]] = {}
        self.url = ""
        self.seen_on_web: list[str] = []
        self.heard = b""
        self._said: dict[str, bytes] = {}  # sent again, it is the same

    async def start(self) -> None:
        ready = msgspec.json.decode(await self.services.start())
        self.at, self.url = ready["channels"], ready["url"]

    # -- in

    async def drop(self, name: str) -> None:
        folder = self.store / "channels/files/xar/in"
        (folder / f".{name}.part").write_text(notice(name))
        os.rename(folder / f".{name}.part", folder / f"{name}.txt")

    async def text(self, name: str) -> None:
        (self.store / "channels/short/incoming" / name).write_text(f"From: +9995550100\n\n{notice(name)}")

    async def post(self, name: str) -> bool:
        answer = await self._web("POST", f"/v1/inputs?name={name}", content=notice(name))
        return answer is not None and answer.status_code == 200

    async def mail(self, name: str) -> bool:
        mail = letter(notice(name), From="duty@xco.example", Message_ID=f"<{name}@xco.example>")
        host, _, port = self.at["smtp"][0].removeprefix("smtp://").rpartition(":")

        def sending() -> bool:
            try:
                with smtplib.SMTP(host, int(port), timeout=30) as smtp:
                    return not smtp.sendmail("duty@xco.example", [BUS], bytes(mail))
            except (OSError, smtplib.SMTPException):
                return False

        return await to_thread.run_sync(sending)

    async def track(self, name: str) -> bool:
        try:
            async with await self._tablet() as stream:
                await stream.send(self._said.setdefault(name, casualty(name)))
            return await self.logged(name)
        except OSError:
            return False

    # -- out

    async def listen_on_web(self) -> bool:
        """Read and confirm one delivery; whether there was none."""
        answer = await self._web("GET", "/v1/deliveries?wait=1")
        if answer is None or answer.status_code != 200 or not answer.json():
            return True
        [listed] = answer.json()
        self.seen_on_web.append(listed["name"])
        await self._web("DELETE", listed["href"])
        return False

    async def listen_on_tak(self) -> None:
        """Hear what comes until nothing has come for a second."""
        async with await self._tablet() as stream:
            await stream.send(event("tablet", kind="t-x-c-t"))
            while True:
                with anyio.move_on_after(1) as silence:
                    self.heard += await stream.receive()
                if silence.cancelled_caught:
                    return

    def out(self) -> dict[str, str]:
        """Return everything that went out to each, as one text."""
        folders = {"xar": "files/xar/out", "xes": "short/outgoing"}
        names = {p: " ".join(f.name for f in (self.store / "channels" / at).iterdir()) for p, at in folders.items()}
        mails = " ".join(str(m["Subject"]) for m in self.relay.mails)
        return names | {"xbl": " ".join(self.seen_on_web), "xco": mails, "xde": self.heard.decode()}

    async def logged(self, name: str) -> bool:
        return (await self.log())[name] > 0

    async def log(self) -> Counter[str]:
        """Return how often the log has a message of each id."""
        found: Counter[str] = Counter()
        creds = self.store / "creds/services.nk"
        async with connect(self.url, creds, COORD) as bus, bus.read(LOG, ("record.>",)) as reader:
            while await reader.pending():
                for delivery in await reader.batch():
                    found[registry.envelope(delivery.data).id] += 1
        return found

    async def _web(self, method: str, path: str, **more: Any) -> httpx.Response | None:
        secret = base64.b64encode(f"xbl:{tokens.token(self.store, 'xbl')}".encode()).decode()
        async with httpx.AsyncClient(headers={"Authorization": f"Basic {secret}"}, timeout=30) as client:
            try:
                return await client.request(method, self.at["http"][0] + path, **more)
            except httpx.HTTPError:
                return None

    async def _tablet(self) -> anyio.abc.SocketStream:
        host, _, port = self.at["tak"][0].split()[0].removeprefix("tcp://").rpartition(":")
        return await anyio.connect_tcp(host, int(port))


@asynccontextmanager
async def playing(store: Path) -> AsyncIterator[Mission]:
    async with relaying() as relay:
        (store / "five.toml").write_text(MISSION)
        (store / "channels.toml").write_text(PLACES.format(relay=relay.port))
        mission = Mission(store, relay)
        await mission.start()
        try:
            yield mission
        finally:
            mission.services.kill()


async def again(work: Callable[[], Any]) -> None:
    """Do something until it succeeds, as every client does."""
    with anyio.fail_after(40):
        while not await work():  # noqa: ASYNC110 - the product is another process: it wakes nobody here
            await anyio.sleep(0.1)


def spilt(store: Path) -> list[str]:
    """Return the names of the secrets that stand in a log."""
    said = "".join(f.read_text() for f in store.glob("*.log"))
    assert "caught up" in said
    return [f.name for f in (store / "creds").iterdir() if f.read_text().strip() in said]


async def test_each_is_heard_once_answered_and_told_by_its_own_channel_through_a_kill(tmp_path: Path) -> None:
    async with playing(tmp_path) as mission:
        for number in (1, 2):
            await mission.drop(f"XAR-{number}")
            await mission.text(f"XES-{number}")
            async with anyio.create_task_group() as group:
                group.start_soon(again, partial(mission.post, f"XBL-{number}"))
                group.start_soon(again, partial(mission.mail, f"XCO-{number}"))
                group.start_soon(again, partial(mission.track, f"XDE-{number}"))
                if number == 2:
                    mission.services.kill()
                    await mission.start()
        wanted = {f"{who}-{n}" for who in (*WRITERS, "XDE") for n in (1, 2)}

        async def all_told() -> bool:
            while not await mission.listen_on_web():
                pass
            await mission.listen_on_tak()
            out = mission.out()
            told = {p: {w for w in wanted if w[:3] in WRITERS and w in text} for p, text in out.items()}
            return all(told[p] >= {w for w in wanted if w[:3] in {*WRITERS} - {p.upper()}} for p in told)

        await again(all_told)

        logged = await mission.log()
        assert {w: logged[w] for w in wanted} == dict.fromkeys(wanted, 1)

        done = {f.name for f in (tmp_path / "channels/files/xar/done").iterdir()}
        assert {"XAR-1.txt.answer.txt", "XAR-2.txt.answer.txt"} <= done
        assert (tmp_path / "channels/files/xar/done/XAR-1.txt.answer.txt").read_text().startswith("ACCEPTÉ")
        answers = [m for m in mission.relay.mails if m["In-Reply-To"]]
        assert {str(m["In-Reply-To"]) for m in answers} == {"<XCO-1@xco.example>", "<XCO-2@xco.example>"}
        texts = [f.read_text() for f in (tmp_path / "channels/short/outgoing").glob("*answer*")]
        assert {n for n in (1, 2) for t in texts if f"XES-{n}" in t} == {1, 2}
        assert not list((tmp_path / "channels/files/xar/in").iterdir())
        assert not list((tmp_path / "channels/short/incoming").iterdir())

        assert not spilt(tmp_path)
