"""A contingent's own program with nothing but nats-py: send a report, wait for the answer, take what was delivered.

    python contingent.py nats://127.0.0.1:4222 creds/xar.nk xar sitrep.txt

Subjects, streams and payloads are those of ``coordinator schema --asyncapi``. Three names are a participant's own: its
reply subjects begin with ``_INBOX_<id>``, its streams are asked for under ``JS.<id>.API``, and it publishes under
``from.<id>``. Whatever else it tries, the server refuses.
"""

import asyncio
import hashlib
import hmac
import json
import sys
from pathlib import Path

import nats
from nats.js.errors import NotFoundError


def read(key: str, file: str) -> tuple[str, bytes, dict[str, str]]:
    """Return the id of an input, its bytes, and the headers that it is sent with.

    The id makes sending twice the same as sending once: it follows from the content, never from a clock. All senders
    share the server's memory of ids, so it goes out as a code that only the owner of the key can make.
    """
    data, bearer = Path(file).read_bytes(), Path(file).name
    name = "i-" + hashlib.sha256(data + bearer.encode()).hexdigest()[:40]
    code = hmac.digest(Path(key).read_bytes(), name.encode(), "sha256").hex()
    return name, data, {"Nats-Msg-Id": code, "Sent-Id": name, "Bearer-Id": bearer}


async def main(url: str, key: str, me: str, file: str) -> int:
    """Send one file, print its answer and what is delivered meanwhile; 0 if it was accepted."""
    name, data, headers = read(key, file)
    connection = await nats.connect(url, nkeys_seed=key, inbox_prefix=f"_INBOX_{me}".encode())
    streams = connection.jetstream(prefix=f"JS.{me}.API")
    stored = await streams.publish(f"from.{me}.raw.unknown", data, headers=headers)
    print(f"stored as {stored.stream} {stored.seq}" + (", as before" if stored.duplicate else ""))
    accepted = await answer(streams, me, name)
    await deliveries(streams, me)
    await connection.close()
    return 0 if accepted else 1


async def answer(streams: nats.js.JetStreamContext, me: str, name: str) -> bool:
    """Wait for the receipt or refusal on this participant's board and print it; say whether it was accepted."""
    subject = f"board.{me}.receipt.{hashlib.sha256(name.encode()).hexdigest()[:32]}"
    for _ in range(100):
        try:
            found = await streams.get_last_msg("BOARD", subject, direct=True)
        except NotFoundError:
            await asyncio.sleep(0.1)
            continue
        message = json.loads(found.data or b"{}")
        body = message["body"]
        if message["kind"] == "refusal":
            print(f"REFUSED {body['path']}: {body['why']}; {body['hint']}")
            return False
        print(f"accepted {' '.join(i for a in body['answers'] for i in a['ids'])}")
        return True
    print("no answer yet: the bus has it, ask again later")
    return False


async def deliveries(streams: nats.js.JetStreamContext, me: str) -> None:
    """Print what waits in the INBOX, most urgent first as release wrote it, and acknowledge it."""
    inbox = await streams.pull_subscribe_bind("reader", stream="INBOX")
    while True:
        try:
            batch = await inbox.fetch(50, timeout=0.3)
        except TimeoutError:
            return
        for delivery in batch:
            message = json.loads(delivery.data)
            _, _, precedence, kind = delivery.subject.split(".")
            print(f"{precedence.upper()} {kind} {message['originator']} {message['id']}")
            await delivery.ack()


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
