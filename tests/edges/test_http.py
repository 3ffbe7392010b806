"""HTTP, over real sockets: inputs and their answers, deliveries and their confirmation, and peers that mean no good."""

import base64
import shutil
import signal
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from coordinator.edges import endpoints, tokens
from coordinator.edges.clock import ManualClock
from coordinator.edges.http import Limits, serve
from coordinator.edges.tasks import beside
from coordinator.errors import ConfigError, Disconnected, Forbidden
from coordinator.ports import Answered, Carry
from tests.support.gates import ACCEPTED, LATER, REFUSED, FakeGate, Taken, departure

SECOND = 1_000_000
FORM = {"Content-Type": "multipart/form-data; boundary=x"}


class House(NamedTuple):
    """A server that runs, and a client with the token of its participant."""

    url: str
    client: httpx.AsyncClient
    gate: FakeGate
    clock: ManualClock
    token: str
    stop: Callable[[], None]

    async def send(self, data: bytes, query: str = "", **headers: str) -> httpx.Response:
        """Post an input."""
        return await self.client.post(f"/v1/inputs{query}", content=data, headers=headers)

    async def next(self) -> list[dict[str, Any]]:
        """Return what is listed now."""
        answer = await self.client.get("/v1/deliveries")
        assert answer.status_code == 200, answer.text
        listed: list[dict[str, Any]] = answer.json()
        return listed

    async def raw(self, request: str) -> bytes:
        """Send bytes as they are and return all that comes back until the server closes."""
        async with await anyio.connect_tcp("127.0.0.1", self.client.base_url.port or 0) as stream:
            await stream.send(request.replace("TOKEN", self.token).replace("\n", "\r\n").encode("latin-1"))
            return await rest(stream)


@asynccontextmanager
async def house(
    store: Path, gate: FakeGate | None = None, at: endpoints.Http | None = None, verify: Any = False, **limits: Any
) -> AsyncIterator[House]:
    """Run a server for one participant."""
    gate, clock = gate or FakeGate("xar", "http"), ManualClock(SECOND)
    allowed = Limits(**{"wrong_token_s": 0.0, "stale_s": 0.0, "settle_s": 0.1, "grace_s": 0.05, **limits})
    with anyio.fail_after(15):
        async with beside() as group:
            listening = partial(serve, [gate], at or endpoints.Http(listen="127.0.0.1:0"), store, clock, limits=allowed)
            [url] = await group.start(listening)
            token = tokens.token(store, "xar")
            auth = {"Authorization": f"Bearer {token}"}
            async with httpx.AsyncClient(base_url=url, headers=auth, verify=verify, timeout=10) as client:
                yield House(url, client, gate, clock, token, group.cancel_scope.cancel)


class Held(FakeGate):
    """A gate whose bus answers when it is told to."""

    def __init__(self) -> None:
        super().__init__("xar", "http")
        self.go = anyio.Event()

    async def take(self, data: bytes, name: str, format: str = "") -> Answered:
        """Keep an input, and answer it later."""
        answer = await super().take(data, name, format)
        await self.go.wait()
        return answer


async def rest(stream: anyio.abc.ByteReceiveStream) -> bytes:
    """Return all that comes until the other side ends the connection."""
    parts = bytearray()
    try:
        while True:
            parts += await stream.receive()
    except (anyio.EndOfStream, anyio.BrokenResourceError):
        return bytes(parts)


# -- inputs -----------------------------------------------------------------------------------------------------------


async def test_an_input_is_answered_in_the_response(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        answer = await here.send(b"SITREP 1", "?format=text&name=sitrep.txt")
        assert (answer.status_code, answer.json()) == (200, {"accepted": True})
        assert here.gate.taken == [Taken(b"SITREP 1", "sitrep.txt", "text")]


async def test_a_refusal_says_where_and_why_to_a_program_and_to_a_person(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.answer = lambda _: REFUSED
        answer = await here.send(b"SITREP 1")
        assert (answer.status_code, answer.json()) == (422, {"accepted": False})
        answer = await here.send(b"SITREP 1", Accept="text/plain")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert (answer.status_code, answer.text) == (422, REFUSED.text + "\n")


async def test_what_had_no_answer_yet_can_be_asked_about(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.answers = [LATER, LATER, ACCEPTED]
        first = await here.send(b"SITREP 1", "?name=a")
        assert (first.status_code, first.headers["retry-after"]) == (202, "5")
        assert (await here.client.get(first.headers["location"])).status_code == 202
        assert (await here.client.get(first.headers["location"])).status_code == 200
        assert here.gate.taken == [Taken(b"SITREP 1", "a", "")] * 3


async def test_the_same_body_is_the_same_input_and_another_is_another(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        for body in (b"NTR", b"NTR", b"NTR 2"):
            await here.send(body)
        names = [taken.name for taken in here.gate.taken]
        assert names[0] == names[1] != names[2]


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("attachment; filename=a.csv", "a.csv"),
        ('attachment; filename="a b\\".csv"', 'a b".csv'),
        ("attachment; filename=x; filename*=UTF-8''%D1%81%D0%B2%D0%BE%D0%B4.txt", "свод.txt"),
    ],
)
async def test_a_name_stands_in_content_disposition(tmp_path: Path, header: str, name: str) -> None:
    async with house(tmp_path) as here:
        await here.send(b"1", **{"Content-Disposition": header})
        assert here.gate.taken[0].name == name


async def test_a_media_type_helps_to_recognise_the_format(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        for media in ("text/csv", "application/x-www-form-urlencoded", "text/plain"):
            await here.send(b"1", **{"Content-Type": media})
        assert [Path(taken.name).suffix for taken in here.gate.taken] == [".csv", "", ""]


async def test_a_form_has_an_answer_for_each_file_in_its_order(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.answers = [ACCEPTED, REFUSED, Disconnected("no bus")]
        files = [("file", (name, name.encode())) for name in ("c.txt", "a.txt", "b.txt")]
        answer = await here.client.post("/v1/inputs", files=files, data={"format": "text"})
        assert answer.status_code == 207
        assert [(one["name"], one["status"]) for one in answer.json()] == [
            ("c.txt", 200),
            ("a.txt", 422),
            ("b.txt", 503),
        ]
        assert here.gate.taken == [Taken(n.encode(), n, "text") for n in ("c.txt", "a.txt", "b.txt")]
        answer = await here.client.post("/v1/inputs", files=files, headers={"Accept": "text/plain"})
        assert (answer.status_code, answer.text.splitlines()[0]) == (200, "c.txt: 200 accepted")


@pytest.mark.parametrize(
    "body",
    [
        b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nSITREP\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="t"\r\nContent-Type: a/b; charset=none\r\n\r\nS\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nSITREP',
        b"--x--\r\n",
        b"no form at all",
        b"",
    ],
)
async def test_a_form_without_whole_files_is_refused_as_a_whole(tmp_path: Path, body: bytes) -> None:
    async with house(tmp_path) as here:
        answer = await here.send(body, **FORM)
        assert (answer.status_code, answer.json()["where"]) == (400, "the form")
        assert not here.gate.taken


async def test_a_name_for_a_form_is_refused_and_not_ignored(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        answer = await here.client.post("/v1/inputs?name=a", files=[("file", ("b", b"1"))])
        assert (answer.status_code, here.gate.taken) == (400, [])


async def test_what_the_bus_does_not_keep_is_to_be_sent_again(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.answers = [Disconnected("no bus"), Forbidden("publish", "x")]
        passing, lasting = await here.send(b"1"), await here.send(b"1")
        assert (passing.status_code, passing.headers["retry-after"]) == (503, "5")
        assert passing.json()["why"] == "it is not kept: no bus"
        assert lasting.json()["hint"].startswith("tell whoever runs this server")


# -- deliveries -------------------------------------------------------------------------------------------------------


async def test_deliveries_come_the_most_urgent_first_and_one_at_a_time(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.put(departure(1, b"routine"))
        await here.client.get("/healthz")  # by now the routine one is with the bearer
        here.gate.put(departure(2, b"<event/>", format="cot", precedence="flash", suffix=".cot"))
        [listed] = await here.next()
        assert (listed["precedence"], listed["bytes"], listed["subject"]) == ("flash", 8, "FLASH message m2")
        assert await here.next() == []  # it is not confirmed
        read = await here.client.get(listed["href"])
        assert (read.content, read.headers["content-type"]) == (b"<event/>", "application/xml")
        assert read.headers["precedence"] == "flash"
        assert read.headers["content-disposition"] == 'attachment; filename="0000000002-flash-message-m2.cot"'
        assert (await here.client.delete(listed["href"])).status_code == 204
        [listed] = await here.next()
        assert (await here.client.delete(listed["href"])).status_code == 204
        await here.gate.until(lambda: len(here.gate.carried) == 2)
        assert [one.id for one in here.gate.carried] == ["m2", "m1"]


async def test_a_name_in_any_writing_comes_back_as_it_was(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.put(departure(1, b"1", suffix=" свод\r\n.txt"))
        [listed] = await here.next()
        header = (await here.client.get(listed["href"])).headers["content-disposition"]
        await here.send(b"1", **{"Content-Disposition": header.replace("%0D%0A", "")})
        assert here.gate.taken[0].name == listed["name"].replace("\r\n", "")


async def test_what_is_not_confirmed_in_time_is_offered_again(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.put(departure(1, b"1"))
        [first] = await here.next()
        await here.clock.advance(31 * SECOND)
        await here.gate.until(lambda: here.gate.failed)
        assert here.gate.failed[0][1].retry
        assert (await here.client.get(first["href"])).status_code == 404
        here.gate.try_again.set()
        assert await here.next() == [first]


async def test_a_late_confirmation_counts_and_so_does_a_second_one(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.put(departure(1, b"1"))
        [first] = await here.next()
        await here.clock.advance(31 * SECOND)
        await here.gate.until(lambda: here.gate.failed)
        for _ in range(2):
            assert (await here.client.delete(first["href"])).status_code == 204
        here.gate.try_again.set()
        await here.gate.until(lambda: here.gate.carried)
        assert await here.next() == []


async def test_a_confirmation_counts_while_the_same_waits_to_be_shown_again(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.put(departure(1, b"1"))
        [first] = await here.next()
        await here.clock.advance(31 * SECOND)
        await here.gate.until(lambda: here.gate.failed)
        here.gate.try_again.set()
        await here.client.get("/healthz")  # by now the bearer has it again
        assert (await here.client.delete(first["href"])).status_code == 204
        await here.gate.until(lambda: here.gate.carried)


async def test_a_poll_waits_for_what_comes(tmp_path: Path) -> None:
    async with house(tmp_path) as here, anyio.create_task_group() as group:

        async def poll() -> None:
            listed.extend((await here.client.get("/v1/deliveries?wait=25")).json())

        listed: list[dict[str, Any]] = []
        group.start_soon(poll)
        await here.client.get("/healthz")
        here.gate.put(departure(1, b"1"))
        with anyio.fail_after(5):
            while not listed:
                await here.client.get("/healthz")


async def test_a_newer_poll_takes_the_place_of_an_older_one(tmp_path: Path) -> None:
    async with house(tmp_path) as here, anyio.create_task_group() as group:
        answers: list[httpx.Response] = []

        async def poll() -> None:
            answers.append(await here.client.get("/v1/deliveries?wait=25"))

        for _ in range(2):
            group.start_soon(poll)
        while not answers:
            await here.client.get("/healthz")
        assert answers[0].status_code == 409
        here.gate.put(departure(1, b"1"))
        while len(answers) < 2:
            await here.client.get("/healthz")
        assert answers[1].json()[0]["name"].endswith("m1.txt")


async def test_an_abandoned_poll_takes_nothing_with_it(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        with anyio.move_on_after(0.1):
            await here.client.get("/v1/deliveries?wait=25")
        here.gate.put(departure(1, b"1"))
        assert len(await here.next()) == 1


async def test_while_the_gate_is_away_polls_are_told_so(tmp_path: Path) -> None:
    class Away(FakeGate):
        async def dispatch(self, carry: Carry) -> None:
            raise Disconnected("no bus")

    async with house(tmp_path, Away("xar", "http")) as here:
        answer = await here.client.get("/v1/deliveries?wait=25")
        assert (answer.status_code, answer.json()["why"]) == (503, "no bus")
        assert (await here.send(b"1")).status_code == 200  # the way in is another


# -- who asks ---------------------------------------------------------------------------------------------------------


def basic(participant: str, token: str) -> str:
    """Return credentials as curl -u writes them."""
    return "Basic " + base64.b64encode(f"{participant}:{token}".encode()).decode()


async def test_participant_and_token_are_user_and_password(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        assert (await here.send(b"1", Authorization=basic("xar", here.token))).status_code == 200
        assert (await here.send(b"1", Authorization=basic("ylu", here.token))).status_code == 401
        assert (await here.send(b"1", Authorization=basic("", here.token))).status_code == 401


@pytest.mark.parametrize(
    "said", ["", "Bearer", "Bearer wrong", "Basic", "Basic %%%", "Basic AAAA", "Digest x", "Bearer \xe9\xff"]
)
async def test_whoever_has_no_token_is_told_nothing(tmp_path: Path, said: str) -> None:
    (tmp_path / "creds").mkdir()
    (tmp_path / "creds" / "empty.token").write_text("\n")  # a file that lost its content lets nobody in
    async with house(tmp_path) as here:
        with capture_logs() as logs:
            answer = await here.client.post(
                "/v1/inputs", content=b"secret", headers=[("Authorization", said.encode("latin-1"))]
            )
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert not here.gate.taken
        assert "wrong" not in str(logs) and "secret" not in str(logs)


async def test_a_participant_without_such_a_channel_is_told_that(tmp_path: Path) -> None:
    other = tokens.token(tmp_path, "ylu")
    async with house(tmp_path) as here:
        answer = await here.send(b"1", Authorization=f"Bearer {other}")
        assert (answer.status_code, answer.json()["why"]) == (403, '"ylu" has no channel of the kind "http"')


async def test_wrong_tokens_wait_and_nobody_else_does(tmp_path: Path) -> None:
    async with house(tmp_path, wrong_token_s=60.0, wrong_tokens=1) as here, anyio.create_task_group() as group:
        answers: list[httpx.Response] = []

        async def guess() -> None:
            answers.append(await here.send(b"1", Authorization="Bearer wrong"))

        group.start_soon(guess)
        group.start_soon(guess)
        while not answers:  # one is all that may wait: the other is told at once
            assert (await here.send(b"1")).status_code == 200
        assert [answer.status_code for answer in answers] == [401]
        group.cancel_scope.cancel()


# -- peers that mean no good ------------------------------------------------------------------------------------------


async def test_a_body_beyond_the_limit_is_refused_and_not_kept(tmp_path: Path) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield bytes(100_000)

    async with house(tmp_path) as here:
        assert (await here.send(bytes(1_000_000))).status_code == 200
        assert (await here.send(bytes(1_000_001))).status_code == 413
        assert (await here.client.post("/v1/inputs", content=chunks())).status_code == 413
        assert len(here.gate.taken) == 1


HEAD = "POST /v1/inputs HTTP/1.1\nHost: x\nAuthorization: Bearer TOKEN\n"


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (HEAD + "Content-Length: 1\nTransfer-Encoding: chunked\n\n0\n\n", b"400"),
        (HEAD + "Content-Length: 1\nContent-Length: 2\n\nab", b"400"),
        (HEAD + "Content-Length: +1\n\na", b"400"),
        (HEAD + "Transfer-Encoding: gzip, chunked\n\n0\n\n", b"400"),
        (HEAD + "Transfer-Encoding : chunked\n\n0\n\n", b"400"),
        (HEAD + "Transfer-Encoding: chunked\n\nzz\n", b"400"),
        (HEAD.replace("POST", "HEAD") + "Transfer-Encoding: chunked\n\nzz\n", b"400"),
        (HEAD.replace("POST", "HEAD").replace("TOKEN", "x") + "Transfer-Encoding: chunked\n\n1\na\nzz\n", b"400"),
        (HEAD + "X: " + 20_000 * "x", b"400"),
        ("GET /healthz\n\n", b"400"),
        ("\x16\x03\x01\x02\x00\x01\n\n", b"400"),
        ("PRI * HTTP/2.0\n\nSM\n\n", b"404"),
    ],
)
async def test_what_is_no_clear_request_is_refused_and_ends_the_connection(
    tmp_path: Path, request_: str, status: bytes
) -> None:
    async with house(tmp_path) as here:
        with capture_logs() as logs:
            answer = await here.raw(request_)
        assert answer.split(b" ", 2)[1] == status
        assert b"Traceback" not in answer and b"uvicorn" not in answer.lower()
        assert not [line for line in logs if line["log_level"] == "error"]
        assert not here.gate.taken


async def test_a_body_that_comes_too_slowly_is_not_waited_for(tmp_path: Path) -> None:
    async with house(tmp_path, body_s=0.05) as here:
        answer = await here.raw(HEAD + "Content-Length: 10\n\nabc")
        assert answer.startswith(b"HTTP/1.1 408 ") and b"3 bytes of it came" in answer
        assert not here.gate.taken


async def test_a_body_that_ends_early_is_no_input(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        async with await anyio.connect_tcp("127.0.0.1", here.client.base_url.port or 0) as stream:
            await stream.send(f"{HEAD}Content-Length: 10\n\nabc".replace("TOKEN", here.token).encode())
        assert (await here.send(b"whole")).status_code == 200
        assert [taken.data for taken in here.gate.taken] == [b"whole"]


@pytest.mark.parametrize("said", ["", "GET /healthz HTT", "GET /healthz HTTP/1.1\nHost: x\n\nGET /hea"])
async def test_a_silent_connection_is_closed(tmp_path: Path, said: str) -> None:
    async with house(tmp_path, silent_s=0.05) as here:
        with anyio.fail_after(5):
            await here.raw(said)


async def test_a_peer_has_its_share_of_connections(tmp_path: Path) -> None:
    async with house(tmp_path, peer_connections=2, silent_s=5.0) as here:
        port = here.client.base_url.port or 0
        await here.client.get("/healthz")
        async with await anyio.connect_tcp("127.0.0.1", port):
            assert (await here.raw("GET /healthz HTTP/1.1\nHost: x\n\n")).startswith(b"HTTP/1.1 503 ")
        assert (await here.client.get("/healthz")).status_code == 200


async def test_too_many_requests_of_one_participant_are_told_to_wait(tmp_path: Path) -> None:
    gate = Held()
    async with house(tmp_path, gate, requests=1, queue_s=0.0) as here, anyio.create_task_group() as group:
        group.start_soon(here.send, b"1")
        await gate.until(lambda: gate.taken)
        answer = await here.send(b"2")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        gate.go.set()


async def test_two_hundred_at_once_are_all_served(tmp_path: Path) -> None:
    async with house(tmp_path, requests=16, queue_s=10.0) as here:
        answers: list[bytes] = []

        async def one(number: int) -> None:
            answers.append(await here.raw(f"{HEAD}Connection: close\nContent-Length: 3\n\n{number:03}"))

        async with anyio.create_task_group() as group:
            for number in range(200):
                group.start_soon(one, number)
        assert {answer[:12] for answer in answers} == {b"HTTP/1.1 200"}
        assert len(here.gate.taken) == 200


@pytest.mark.parametrize("method", ["TRACE", "PUT", "PATCH", "CONNECT", "BREW"])
async def test_other_methods_are_not_allowed_and_say_which_are(tmp_path: Path, method: str) -> None:
    async with house(tmp_path) as here:
        answer = await here.client.request(method, "/v1/inputs", headers={"X-Told": "secret"})
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST, OPTIONS")
        assert "secret" not in answer.text


async def test_nothing_is_offered_to_other_sites(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        answer = await here.client.options("/v1/inputs", headers=asked)
        assert answer.status_code == 204
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert "server" not in answer.headers
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_a_mistake_of_ours_shows_nothing_of_the_inside(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        here.gate.answers = [ValueError("the inside")]
        with capture_logs() as logs:
            answer = await here.send(b"1")
        assert answer.status_code == 500
        assert "inside" not in answer.text and "Traceback" not in answer.text
        assert [line["event"] for line in logs if line["log_level"] == "error"] == ["request failed"]


# -- what it says about itself ----------------------------------------------------------------------------------------

Given = Callable[[House], Awaitable[httpx.Response]]


def given(method: str, path: str, answers: tuple[Answered | Exception, ...] = (), **request: Any) -> Given:
    """Return a request, and what the gate answers to it."""

    async def ask(here: House) -> httpx.Response:
        here.gate.answers = list(answers)
        return await here.client.request(method, path, **request)

    return ask


async def _again(here: House, *answers: Answered | Exception) -> httpx.Response:
    """Send an input that is kept, and ask about it."""
    here.gate.answers = [LATER, *answers]
    first = await here.send(b"kept")
    return await here.client.get(first.headers["location"])


async def _crowded(here: House, method: str, path: str) -> httpx.Response:
    """Ask while the only seat is taken, by an input that the bus has not answered."""
    gate = here.gate
    assert isinstance(gate, Held)
    gate.taken.clear()
    async with anyio.create_task_group() as group:
        group.start_soon(here.send, b"first")
        await gate.until(lambda: gate.taken)
        answer = await here.client.request(method, path, content=b"" if method == "POST" else None)
        gate.go.set()
    gate.go = anyio.Event()
    return answer


async def _replaced(here: House) -> httpx.Response:
    answers: list[httpx.Response] = []

    async def poll() -> None:
        answers.append(await here.client.get("/v1/deliveries?wait=60"))

    async with anyio.create_task_group() as group:
        group.start_soon(poll)
        group.start_soon(poll)
        while not answers:
            await here.client.get("/healthz")
        group.cancel_scope.cancel()
    return answers[0]


async def _slow(here: House) -> httpx.Response:
    head, _, body = (await here.raw(HEAD + "Content-Length: 10\n\nabc")).partition(b"\r\n\r\n")
    return httpx.Response(int(head.split()[1]), content=body, headers={"Content-Type": "application/json"})


async def _unmeasured(here: House) -> httpx.Response:
    request = here.client.build_request("POST", "/v1/inputs")
    del request.headers["content-length"]
    return await here.client.send(request)


async def _delivered(here: House, method: str) -> httpx.Response:
    here.gate.put(departure(1, b"1"))
    [listed] = await here.next()
    answer = await here.client.request(method, listed["href"])
    await here.client.delete(listed["href"])
    return answer


WRONG = {"Authorization": "Bearer wrong"}
IN, OUT = "/v1/inputs", "/v1/deliveries"
PLACES = {("POST", IN): IN, ("GET", IN + "/{identity}"): IN + "/a", ("GET", OUT): OUT,
          ("GET", OUT + "/{identity}"): OUT + "/a", ("DELETE", OUT + "/{identity}"): OUT + "/a"}  # fmt: skip
CASES: dict[tuple[str, str, int], Given] = {
    **{(m, p, 400): given(m, at + "?nonsense=1", content=b"") for (m, p), at in PLACES.items()},
    **{(m, p, 401): given(m, at, headers=WRONG) for (m, p), at in PLACES.items()},
    **{(m, p, 403): given(m, at, headers={"Authorization": "Bearer YLU"}) for (m, p), at in PLACES.items()},
    **{(m, p, 429): partial(_crowded, method=m, path=at) for (m, p), at in PLACES.items()},
    **{(m, p, 404): given(m, at) for (m, p), at in PLACES.items() if "{" in p},
    ("POST", IN, 200): given("POST", IN, content=b"1"),
    ("POST", IN, 202): given("POST", IN, (LATER,), content=b"1"),
    ("POST", IN, 207): given("POST", IN, (LATER,), files=[("f", ("a", b"1")), ("f", ("b", b"1"))]),
    ("POST", IN, 408): _slow,
    ("POST", IN, 411): _unmeasured,
    ("POST", IN, 413): given("POST", IN, content=bytes(1_000_001)),
    ("POST", IN, 422): given("POST", IN, (REFUSED,), content=b"1"),
    ("POST", IN, 500): given("POST", IN, (ValueError("ours"),), content=b"1"),
    ("POST", IN, 503): given("POST", IN, (Disconnected("no bus"),), content=b"1"),
    ("GET", IN + "/{identity}", 200): partial(_again),
    ("GET", IN + "/{identity}", 202): lambda here: _again(here, LATER),
    ("GET", IN + "/{identity}", 422): lambda here: _again(here, REFUSED),
    ("GET", IN + "/{identity}", 503): lambda here: _again(here, Disconnected("no bus")),
    ("GET", OUT, 200): given("GET", OUT),
    ("GET", OUT, 409): _replaced,
    ("GET", OUT + "/{identity}", 200): lambda here: _delivered(here, "GET"),
    ("DELETE", OUT + "/{identity}", 204): lambda here: _delivered(here, "DELETE"),
    ("GET", "/v1/openapi.json", 200): given("GET", "/v1/openapi.json", headers=WRONG),
    ("GET", "/v1/docs", 200): given("GET", "/v1/docs", headers=WRONG),
    ("GET", "/healthz", 200): given("GET", "/healthz", headers=WRONG),
}
AWAY = ("GET", OUT, 503)  # test_while_the_gate_is_away_polls_are_told_so


async def test_the_document_names_every_answer_and_no_other(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        paths = (await here.client.get("/v1/openapi.json")).json()["paths"]
    listed = {(m.upper(), p, int(s)) for p, item in paths.items() for m, one in item.items() for s in one["responses"]}
    assert listed == {*CASES, AWAY}


async def test_every_answer_in_the_document_is_given(tmp_path: Path) -> None:
    other = tokens.token(tmp_path, "ylu")
    async with house(tmp_path, Held(), requests=1, queue_s=0.0, body_s=0.05) as crowded, house(tmp_path) as here:
        document = (await here.client.get("/v1/openapi.json")).json()
        for (method, path, status), ask in CASES.items():
            asked = crowded if status in (408, 429) else here
            asked.client.headers["Authorization"] = f"Bearer {other if status == 403 else asked.token}"
            if status == 403:
                answer = await asked.client.request(method, PLACES[method, path])
            else:
                answer = await ask(asked)
            assert answer.status_code == status, (method, path, status, answer.text)
            promised = document["paths"][path][method.lower()]["responses"][str(status)].get("content", {})
            got = answer.headers.get("content-type", "").partition(";")[0]
            assert got in promised or not promised or "application/octet-stream" in promised, (method, path, got)
            assert status in (200, 202, 204, 207, 422) or set(answer.json()) == {"status", "where", "why", "hint"}


async def test_the_page_for_people_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as here:
        page = (await here.client.get("/v1/docs")).text
    assert "POST /v1/inputs" in page
    assert "<script" not in page and "src=" not in page and "//" not in page.replace("</", "")


# -- starting and stopping --------------------------------------------------------------------------------------------


def certificate(store: Path) -> endpoints.Http:
    """Make a certificate for 127.0.0.1."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("there is no openssl to make a certificate with")
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=store, check=True, capture_output=True,
    )  # fmt: skip
    return endpoints.Http(listen="127.0.0.1:0", certificate="cert.pem", key="key.pem")


async def test_with_a_certificate_it_speaks_tls_only(tmp_path: Path) -> None:
    at = certificate(tmp_path)
    trust = ssl.create_default_context(cafile=str(tmp_path / "cert.pem"))
    async with house(tmp_path, at=at, verify=trust, silent_s=0.2) as here:
        answer = await here.send(b"1")
        assert (here.url.split(":")[0], answer.status_code) == ("https", 200)
        assert "strict-transport-security" in answer.headers
        with anyio.fail_after(5):
            assert await here.raw("") == b""  # whoever does not begin a handshake is let go
            assert b"200" not in await here.raw("GET /healthz HTTP/1.1\nHost: x\n\n")


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (endpoints.Http(listen="0.0.0.0:0"), "can be reached by others"),
        (endpoints.Http(listen="[::]:0"), "can be reached by others"),
        (endpoints.Http(listen="127.0.0.1:0", certificate="cert.pem"), "without a key"),
        (endpoints.Http(listen="127.0.0.1:0", key="key.pem"), "without a certificate"),
        (endpoints.Http(listen="0.0.0.0:0", certificate="none.pem", key="none.pem"), "No such file"),
        (endpoints.Http(listen="0.0.0.0:0", certificate="bad.pem", key="bad.pem"), "cannot be used"),
        (endpoints.Http(listen="192.0.2.1:0", certificate="cert.pem", key="key.pem"), "cannot listen"),
        (endpoints.Http(listen="nowhere"), "is no address"),
    ],
)
async def test_a_place_that_cannot_be_used_is_refused_before_it_listens(
    tmp_path: Path, at: endpoints.Http, why: str
) -> None:
    if "cannot listen" in why:
        certificate(tmp_path)
    (tmp_path / "bad.pem").write_text("no certificate")
    with pytest.raises(ConfigError, match=why), anyio.fail_after(5):
        await serve([FakeGate("xar", "http")], at, tmp_path, ManualClock())


async def test_a_participant_with_two_such_channels_is_refused(tmp_path: Path) -> None:
    gates = [FakeGate("xar", "http"), FakeGate("xar", "http", name="other")]
    with pytest.raises(ConfigError, match="two channels"), anyio.fail_after(5):
        await serve(gates, endpoints.Http(listen="127.0.0.1:0"), tmp_path, ManualClock())


async def test_when_it_stops_everybody_has_an_answer_and_the_port_is_free(tmp_path: Path) -> None:
    gate, statuses = Held(), list[int]()
    async with house(tmp_path, gate) as here:

        async def ask(method: str, path: str) -> None:
            answer = await here.client.request(method, path, content=b"1" if method == "POST" else None)
            statuses.append(answer.status_code)

        async with anyio.create_task_group() as group:
            group.start_soon(ask, "POST", "/v1/inputs")
            group.start_soon(ask, "GET", "/v1/deliveries?wait=60")
            await gate.until(lambda: gate.taken)
            await here.client.get("/healthz")
            here.stop()
        assert statuses == [503, 503]
        with pytest.raises(OSError):
            await anyio.connect_tcp("127.0.0.1", here.client.base_url.port or 0)


async def test_signals_stay_whose_they_were(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with house(tmp_path):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


# -- a real client ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
async def test_curl_posts_a_report_and_a_form_and_receives(tmp_path: Path) -> None:
    async def curl(*said: str) -> str:
        done = await anyio.run_process(["curl", "--silent", "--show-error", "--max-time", "10", *said])
        return done.stdout.decode()

    (tmp_path / "sitrep.txt").write_text("SITREP 1")
    (tmp_path / "large.bin").write_bytes(bytes(1_500_000))
    report, large = str(tmp_path / "sitrep.txt"), str(tmp_path / "large.bin")
    async with house(tmp_path) as here:
        user = ("-u", f"xar:{here.token}")
        inputs, code = f"{here.url}/v1/inputs", ("-w", "%{http_code}")
        assert await curl(*user, "--data-binary", f"@{report}", inputs) == '{"accepted":true}'
        assert (
            await curl(*user, "-H", "Accept: text/plain", "-F", f"file=@{report}", inputs)
            == "sitrep.txt: 200 accepted\n"
        )
        assert (await curl(*user, *code, "--data-binary", f"@{large}", inputs)).endswith("413")
        assert (await curl(*user, *code, "-T", report, "-X", "POST", inputs)).endswith("200")
        here.gate.put(departure(1, b"tasking"))
        [listed] = msgspec.json.decode(await curl(*user, f"{here.url}/v1/deliveries?wait=5"))
        assert await curl(*user, here.url + listed["href"]) == "tasking"
        assert await curl(*user, *code, "-X", "DELETE", here.url + listed["href"]) == "204"
        assert [taken.data for taken in here.gate.taken] == [b"SITREP 1"] * 3
