"""Webhooks on real sockets and real TLS: what is signed, what is tried again, what never, and where nothing goes."""

import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import anyio
import h11
import msgspec
import pytest
from anyio.abc import SocketStream
from anyio.streams.tls import TLSListener
from hypothesis import given
from hypothesis import strategies as st

from coordinator.edges import endpoints
from coordinator.edges.clock import SystemClock
from coordinator.edges.tak.sockets import listening
from coordinator.edges.webhook import addresses, serve
from coordinator.edges.webhook.signing import TOLERANCE_S, signature, verified
from coordinator.errors import ConfigError
from coordinator.ports import Clock
from tests.support.gates import FakeGate, departure

OPENSSL = which("openssl") or ""
pytestmark = pytest.mark.skipif(not OPENSSL, reason="the openssl program makes the certificates")
SECRET = b"0123456789abcdef"
OURS = ("127.0.0.0/8", "::1/128")


class Asked(NamedTuple):
    """A request as the receiver got it."""

    target: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A participant's own server. It answers as told, in turn, then 204."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.at = ""

    async def one(self, stream: SocketStream) -> None:
        async with stream:
            connection, target, headers, body = h11.Connection(h11.SERVER), "", {}, b""
            while not isinstance(event := connection.next_event(), h11.EndOfMessage):
                if event is h11.NEED_DATA:
                    connection.receive_data(await stream.receive())
                elif isinstance(event, h11.Request):
                    target, headers = event.target.decode(), {k.decode(): v.decode() for k, v in event.headers}
                elif isinstance(event, h11.Data):
                    body += bytes(event.data)
                else:
                    return
            self.asked.append(Asked(target, headers, body))
            status, more = self.answers.pop(0) if self.answers else (204, {})
            head = h11.Response(status_code=status, headers=[*more.items(), ("Connection", "close")])
            await stream.send(b"".join((connection.send(head), connection.send(h11.EndOfMessage()))))


class Still:
    """A clock on which every sleep is over at once, and written down."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def now(self) -> int:
        return 1_805_011_200_000_000

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await anyio.lowlevel.checkpoint()

    async def sleep_until(self, when: int) -> None:
        await anyio.sleep_forever()


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an authority, a server's certificate, and a secret."""
    store = tmp_path_factory.mktemp("hooks")
    (store / "xar.webhook").write_bytes(SECRET + b"\n")
    for name, more in (("ca", ()), ("server", ("-CA", "ca.pem", "-CAkey", "ca.key"))):
        made = (OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem", *more)  # fmt: skip
        named = ("-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1") if name == "server" else ()
        subprocess.run([*made, *named], cwd=store, check=True, capture_output=True, timeout=30)
    return store


@asynccontextmanager
async def receiving(tls: Path) -> AsyncIterator[Receiver]:
    receiver = Receiver()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tls / "server.pem", tls / "server.key")
    plain = await anyio.create_tcp_listener(local_host="127.0.0.1", local_port=0)
    receiver.at = listening(plain.listeners[0])
    async with TLSListener(plain, context, standard_compatible=False) as listener, anyio.create_task_group() as group:
        group.start_soon(partial(listener.serve, _forgiving(receiver)))
        yield receiver
        group.cancel_scope.cancel()


def _forgiving(receiver: Receiver) -> Any:
    async def one(stream: Any) -> None:
        try:
            await receiver.one(stream)
        except (anyio.BrokenResourceError, anyio.EndOfStream, ssl.SSLError):
            return

    return one


@asynccontextmanager
async def hooked(tls: Path, url: str, clock: Clock | None = None, **at: Any) -> AsyncIterator[FakeGate]:
    gate = FakeGate("xar", "webhook", address=url)
    table = {"private": OURS, "authority": "ca.pem", "secrets": {"xar": "xar.webhook"}, **at}
    serving = partial(serve, jitter=lambda: 0.5)
    async with anyio.create_task_group() as group:
        await group.start(serving, [gate], endpoints.Webhook(**table), tls, clock or SystemClock())
        yield gate
        group.cancel_scope.cancel()


def url_of(receiver: Receiver, target: str = "/in?who=xar") -> str:
    return f"https://{receiver.at}{target}"


async def test_a_delivery_is_posted_signed_and_carried_when_the_server_takes_it(tls: Path) -> None:
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver)) as gate:
        gate.put(departure(1, "Arrêt à KESSA".encode(), precedence="flash"))
        await gate.until(lambda: gate.carried)
    [asked] = receiver.asked
    body = msgspec.json.decode(asked.body)
    assert asked.target == "/in?who=xar"
    assert (body["text"], body["precedence"], body["format"]) == ("Arrêt à KESSA", "flash", "text")
    now = SystemClock().now() // 1_000_000
    said, at = asked.headers["coordinator-signature"], asked.headers["coordinator-timestamp"]
    assert verified(SECRET, at, asked.body, said, now)
    assert not verified(SECRET, at, asked.body + b" ", said, now)
    assert not verified(b"another secret..", at, asked.body, said, now)
    assert not verified(SECRET, at, asked.body, said, now + 2 * TOLERANCE_S)


async def test_bytes_that_are_no_text_travel_as_base64(tls: Path) -> None:
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver)) as gate:
        gate.put(departure(1, b"\xbf\x01\xff", format="cot"))
        await gate.until(lambda: gate.carried)
    assert msgspec.json.decode(receiver.asked[0].body)["base64"] == "vwH/"


async def test_a_server_in_trouble_is_tried_again_a_few_times_with_longer_pauses_and_the_same_id(tls: Path) -> None:
    clock = Still()
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver), clock) as gate:
        receiver.answers = [(503, {}), (429, {}), (500, {})]
        gate.put(departure(1, b"one"))
        await gate.until(lambda: gate.carried)
    assert clock.slept == [0.5, 1.0, 2.0]
    assert len({msgspec.json.decode(asked.body)["id"] for asked in receiver.asked}) == 1
    assert len(receiver.asked) == 4


async def test_what_is_in_vain_four_times_waits_for_its_next_turn(tls: Path) -> None:
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver), Still()) as gate:
        receiver.answers = [(503, {})] * 4
        gate.put(departure(1, b"one"))
        await gate.until(lambda: gate.failed)
        assert gate.failed[0][1].retry
        assert "answered 503" in str(gate.failed[0][1])
        gate.try_again.set()
        await gate.until(lambda: gate.carried)


async def test_a_refusal_is_for_good_and_is_not_tried_again(tls: Path) -> None:
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver), Still()) as gate:
        receiver.answers = [(422, {})]
        gate.put(departure(1, b"one"), departure(2, b"two"))
        await gate.until(lambda: gate.carried)
        assert [(f[0].id, f[1].retry) for f in gate.failed] == [("m1", False)]
        assert [d.id for d in gate.carried] == ["m2"]


async def test_after_gone_nothing_is_sent_there_any_more(tls: Path) -> None:
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver), Still()) as gate:
        receiver.answers = [(410, {})]
        gate.put(departure(1, b"one"), departure(2, b"two"))
        await gate.until(lambda: len(gate.failed) == 2)
        assert [f[1].retry for f in gate.failed] == [False, True]
    assert len(receiver.asked) == 1


async def test_a_redirect_is_not_followed(tls: Path) -> None:
    async with receiving(tls) as receiver, receiving(tls) as other, hooked(tls, url_of(receiver), Still()) as gate:
        receiver.answers = [(307, {"Location": url_of(other)})] * 4
        gate.put(departure(1, b"one"))
        await gate.until(lambda: gate.failed)
        assert "redirects are not followed" in str(gate.failed[0][1])
    assert other.asked == []


async def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tls: Path) -> None:
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver), Still(), authority="") as gate:
        gate.put(departure(1, b"one"))
        await gate.until(lambda: gate.failed)
        assert "CERTIFICATE_VERIFY_FAILED" in str(gate.failed[0][1])
    assert receiver.asked == []


async def test_a_certificate_must_be_for_the_name_in_the_url_not_for_the_address(tls: Path) -> None:
    async with receiving(tls) as receiver:
        port = receiver.at.rpartition(":")[2]
        async with hooked(tls, f"https://localhost:{port}/", Still()) as gate:
            gate.put(departure(1, b"one"))
            await gate.until(lambda: gate.carried or gate.failed)
            assert gate.carried
    assert receiver.asked[0].headers["host"] == f"localhost:{port}"


async def test_mission_data_leads_nowhere_on_this_host_or_its_network_unless_its_operator_says_so(tls: Path) -> None:
    async with receiving(tls) as receiver, hooked(tls, url_of(receiver), Still(), private=()) as gate:
        gate.put(departure(1, b"one"))
        await gate.until(lambda: gate.failed)
        assert "is no public address" in str(gate.failed[0][1])
    assert receiver.asked == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1",  # noqa: S104
     "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "::"],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused_however_it_is_written(address: str) -> None:
    assert not addresses.allowed(address, ())


def test_public_addresses_and_named_networks_are_allowed() -> None:
    assert addresses.allowed("93.184.216.34", ())
    assert addresses.allowed("2606:2800:220:1::1", ())
    assert addresses.allowed("10.1.2.3", addresses.networks(["10.1.0.0/16"]))
    assert not addresses.allowed("10.2.2.3", addresses.networks(["10.1.0.0/16"]))


@pytest.mark.parametrize(
    "url",
    ["http://xar.example/", "https:///in", "https://user:word@xar.example/", "https://xar.example/#in", "file:///etc",
     "https://xar.example/ in", "https://xar.example:99999/"],
)  # fmt: skip
def test_a_url_that_is_not_plainly_https_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        addresses.place(url)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ({"secrets": {}}, "no secret is named"),
        ({"secrets": {"xar": "nowhere"}}, "cannot be read"),
        ({"secrets": {"xar/webhook": "short"}}, "holds less than 16 bytes"),
        ({"private": ["somewhere"]}, "private"),
        ({"authority": "xar.webhook"}, "cannot be used"),
    ],
)
async def test_what_could_not_work_stops_the_start(at: dict[str, Any], said: str, tls: Path) -> None:
    (tls / "short").write_bytes(b"secret")
    with pytest.raises(ExceptionGroup) as raised:
        async with hooked(tls, "https://xar.example/", **at):
            pass
    assert raised.group_contains(ConfigError, match=said)


@given(secret=st.binary(min_size=16, max_size=64), body=st.binary(max_size=200), at=st.integers(0, 2**40))
def test_only_the_very_bytes_at_the_very_time_verify(secret: bytes, body: bytes, at: int) -> None:
    said = signature(secret, at, body)
    assert verified(secret, str(at), body, said, at)
    assert not verified(secret, str(at + 1), body, said, at)
    assert not verified(secret, str(at), body + b"\0", said, at)


@pytest.mark.parametrize("timestamp", ["", "x", "-1", "1e9", "٣", "9" * 5_000])
def test_a_timestamp_that_is_none_is_refused(timestamp: str) -> None:
    assert not verified(SECRET, timestamp, b"", signature(SECRET, 0, b""), 0)
