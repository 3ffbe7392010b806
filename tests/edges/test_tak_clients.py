"""Clients that are not ours: pytak over TCP and over TLS, through a kill of the server; and who is not let in."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import warnings
from collections.abc import AsyncIterator
from configparser import ConfigParser, SectionProxy
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.streams.tls import TLSStream
from structlog.testing import capture_logs

from coordinator.edges.tak import doors
from coordinator.edges.tak.words import Event
from tests.support.gates import FakeGate, departure
from tests.support.tak import Client, Served, event, eventually, served, xar

with warnings.catch_warnings():  # it says that it has no `cryptography`, which only enrolment needs
    warnings.simplefilter("ignore", UserWarning)
    import pytak

OPENSSL = shutil.which("openssl") or ""
needs_openssl = pytest.mark.skipif(not OPENSSL, reason="the openssl program makes the certificates")


class Tablet:
    """pytak's own connection and workers, started again by its own supervisor as its programs are."""

    def __init__(self, url: str, **settings: str) -> None:
        self.heard: asyncio.Queue[bytes] = asyncio.Queue(1000)
        self.connected = 0
        self._said: asyncio.Queue[bytes] = asyncio.Queue(1000)
        self._config = _section({"COT_URL": url, "PYTAK_RECONNECT_INITIAL": "0.05", **settings})

    def say(self, *events: bytes) -> None:
        """Hand events to pytak."""
        for one in events:
            self._said.put_nowait(one)

    async def hear(self) -> Event:
        """Return the next event that pytak received."""
        with anyio.fail_after(5):
            return Event(await self.heard.get())

    async def run(self) -> None:
        """Work until cancelled."""
        await pytak.supervise_with_reconnect(self._config, self._once)

    async def _once(self) -> None:
        reader, writer = await pytak.protocol_factory(self._config)
        self.connected += 1
        workers = [
            asyncio.ensure_future(worker.run())
            for worker in (pytak.TXWorker(self._said, self._config, writer),
                           pytak.RXWorker(self.heard, self._config, reader))
        ]  # fmt: skip
        try:
            await asyncio.gather(*workers)
        finally:
            writer.close()
            for worker in workers:
                worker.cancel()
            with anyio.CancelScope(shield=True), suppress(OSError):
                await asyncio.gather(*workers, return_exceptions=True)
                await writer.wait_closed()


def _section(settings: dict[str, str]) -> SectionProxy:
    parser = ConfigParser()
    parser["pytak"] = settings
    return parser["pytak"]


@asynccontextmanager
async def running(tablet: Tablet) -> AsyncIterator[Tablet]:
    async with anyio.create_task_group() as group:
        group.start_soon(tablet.run)
        try:
            yield tablet
        finally:
            group.cancel_scope.cancel()


async def both_ways(gate: FakeGate, tablet: Tablet) -> None:
    tablet.say(pytak.hello_event("tablet"), event("tablet", 1), event("tablet", 2))
    await gate.until(lambda: len(gate.taken) == 3)
    gate.put(departure(1, event("hq"), format="cot"))
    await heard(tablet, "hq")
    await gate.until(lambda: gate.carried)


async def heard(tablet: Tablet, uid: str) -> None:
    while (await tablet.hear()).uid != uid:
        continue


async def goes_on(gate: FakeGate, tablet: Tablet) -> None:
    """A tracker reports on and on: so it notices that the server was gone, and connects again."""
    with anyio.fail_after(5):
        while not gate.taken:
            tablet.say(event("tablet", 3))
            await anyio.sleep(0.01)
    await gate.until(lambda: gate.failed or gate.carried)
    gate.try_again.set()
    await heard(tablet, "later")
    await gate.until(lambda: gate.carried)


async def through_a_kill(tablet: Tablet, store: Path, **at: Any) -> None:
    """Send and receive, lose the server, and go on with the next one on the same port."""
    before, after = xar(), xar()
    after.put(departure(2, event("later"), format="cot"))
    async with running(tablet):
        async with served(before, store=store, **at):
            await both_ways(before, tablet)
        async with served(after, store=store, **at):
            await goes_on(after, tablet)
    assert tablet.connected >= 2
    assert [one.id for one in (*before.carried, *after.carried)] == ["m1", "m2"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


async def test_pytak_sends_and_receives_over_tcp_through_a_kill_of_the_server() -> None:
    place = f"127.0.0.1:{free_port()}"
    await through_a_kill(Tablet(f"tcp://{place}"), Path(), plain={"xar": place})


@needs_openssl
@pytest.mark.filterwarnings("ignore:ssl.OP_NO:DeprecationWarning")  # pytak's own way to ask for TLS 1.2
async def test_pytak_sends_and_receives_over_tls_through_a_kill_of_the_server(tls: Path) -> None:
    place = f"127.0.0.1:{free_port()}"
    await through_a_kill(Tablet(f"tls://{place}", **credentials(tls, "xar")), tls, **{**SERVER, "listen": place})


# -- who is let in ----------------------------------------------------------------------------------------------------

SERVER = {"listen": "127.0.0.1:0", "certificate": "server.pem", "key": "server.key", "authority": "ca.pem"}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an authority, what it signed, and a certificate that another one signed."""
    store = tmp_path_factory.mktemp("tls")
    for name in ("ca", "other"):
        _certificate(store, name, name)
    _certificate(
        store, "server", "server", "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1"
    )
    for name in ("xar", "zed"):
        _certificate(store, name, name, "-CA", "ca.pem", "-CAkey", "ca.key")
    _certificate(store, "forged", "xar", "-CA", "other.pem", "-CAkey", "other.key")
    _certificate(store, "stolen", "yel", "-CA", "xar.pem", "-CAkey", "xar.key")
    with (store / "stolen.pem").open("a") as chain:
        chain.write((store / "xar.pem").read_text())
    return store


def _certificate(store: Path, file: str, name: str, *more: str) -> None:
    made = ("-keyout", f"{file}.key", "-out", f"{file}.pem", "-days", "2", "-subj", f"/CN={name}")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    subprocess.run([OPENSSL, "req", "-x509", *key, *made, *more], cwd=store, check=True, capture_output=True)


def credentials(tls: Path, name: str) -> dict[str, str]:
    return {
        "PYTAK_TLS_CLIENT_CERT": str(tls / f"{name}.pem"),
        "PYTAK_TLS_CLIENT_KEY": str(tls / f"{name}.key"),
        "PYTAK_TLS_CLIENT_CAFILE": str(tls / "ca.pem"),
    }


def context(tls: Path, name: str = "") -> ssl.SSLContext:
    found = ssl.create_default_context(cafile=str(tls / "ca.pem"))
    if name:
        found.load_cert_chain(tls / f"{name}.pem", tls / f"{name}.key")
    return found


async def enters(server: Served, offered: ssl.SSLContext) -> bool:
    """Say whether a client with this context is let in: hears the server's offer."""
    try:
        async with await anyio.connect_tcp("127.0.0.1", server.ports[0]) as raw:
            stream = await TLSStream.wrap(raw, hostname="127.0.0.1", ssl_context=offered, standard_compatible=False)
            return Event(await Client(stream).next()).kind == "t-x-takp-v"
    except (OSError, anyio.EndOfStream, anyio.BrokenResourceError):
        return False


@needs_openssl
async def test_only_a_certificate_that_the_authority_signed_for_a_participant_is_let_in(tls: Path) -> None:
    gate = xar()
    async with served(gate, store=tls, **SERVER) as server:
        with capture_logs() as logs:
            assert not await enters(server, context(tls))
            assert not await enters(server, context(tls, "forged"))
            assert not await enters(server, context(tls, "zed"))
            await eventually(lambda: sum(one["event"] == "tak link refused" for one in logs) == 3)
        assert await enters(server, context(tls, "xar"))
    assert 'the certificate is for "zed", who has no tak channel' in str(logs)


@needs_openssl
async def test_a_participant_cannot_sign_itself_another_ones_certificate(tls: Path) -> None:
    async with served(xar(), FakeGate("yel", "tak"), store=tls, **SERVER) as server:
        with capture_logs() as logs:
            assert not await enters(server, context(tls, "stolen"))
            await eventually(lambda: "that the authority itself did not sign" in str(logs))


@needs_openssl
async def test_tls_before_1_2_is_refused(tls: Path) -> None:
    async with served(xar(), store=tls, **SERVER) as server:
        old = context(tls, "xar")
        old.set_ciphers("ALL:@SECLEVEL=0")
        with pytest.warns(DeprecationWarning):
            old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        assert not await enters(server, old)
        newer = context(tls, "xar")
        newer.maximum_version = ssl.TLSVersion.TLSv1_2
        assert await enters(server, newer)


@needs_openssl
async def test_one_who_does_not_finish_the_handshake_keeps_nobody_out(tls: Path) -> None:
    gate = xar()
    async with served(gate, store=tls, **SERVER) as server:
        silent, rubbish = await server.client(), await server.client()
        await silent.send(b"\x16\x03\x01")
        await rubbish.send(b"<event/>" * 100)
        assert await enters(server, context(tls, "xar"))


@needs_openssl
async def test_one_address_that_opens_very_many_and_says_nothing_keeps_nobody_else_out(
    tls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "MOST_OF_ONE", 2)
    async with served(xar(), store=tls, **SERVER) as server:
        with capture_logs() as logs:
            for _ in range(6):
                await (await server.client()).send(b"\x16\x03\x01")
            await eventually(lambda: "too many have not yet shown a certificate" in str(logs))
            assert not await enters(server, context(tls, "xar")), "its own address is full"
            async with await anyio.connect_tcp("127.0.0.1", server.ports[0], local_host="127.0.0.2") as raw:
                other = context(tls, "xar")
                stream = await TLSStream.wrap(raw, hostname="127.0.0.1", ssl_context=other, standard_compatible=False)
                assert Event(await Client(stream).next()).kind == "t-x-takp-v"
        assert sum(one["event"] == "tak link refused" for one in logs) == 1, "and fills no log"


@needs_openssl
async def test_a_departure_goes_to_a_display_that_only_listens_if_it_has_a_certificate(tls: Path) -> None:
    gate = xar()
    gate.put(departure(1, event("hq"), format="cot"))
    async with served(gate, store=tls, **SERVER) as server:
        plain = await server.client()
        wanted = context(tls, "xar")
        stream = await TLSStream.wrap(plain.stream, hostname="127.0.0.1", ssl_context=wanted, standard_compatible=False)
        await gate.until(lambda: gate.failed or gate.carried)
        gate.try_again.set()
        assert (await Client(stream).until("a-")).uid == "hq"
        await gate.until(lambda: gate.carried)
