// A contingent's own program with nothing but the JavaScript client (npm install nats): send a report, wait for the
// answer, take what was delivered.
//
//     node contingent.mjs nats://127.0.0.1:4222 creds/xar.nk xar sitrep.txt
//
// Subjects, streams and payloads are those of `coordinator schema --asyncapi`. Three names are a participant's own: its
// reply subjects begin with `_INBOX_<id>`, its streams are asked for under `JS.<id>.API`, and it publishes under
// `from.<id>`. Whatever else it tries, the server refuses.

import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect, headers, nkeyAuthenticator } from "nats";

const [url, key, me, file] = process.argv.slice(2);
const seed = new TextEncoder().encode(readFileSync(key, "utf8").trim());
const connection = await connect({
  servers: url,
  authenticator: nkeyAuthenticator(seed),
  inboxPrefix: `_INBOX_${me}`,
});
const options = { apiPrefix: `JS.${me}.API` };
const streams = connection.jetstream(options);
const manager = await connection.jetstreamManager({ ...options, checkAPI: false });

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest("hex");

/**
 * Send the file; its id follows from the content, so that sending twice is the same as sending once. All senders share
 * the server's memory of ids, so it goes out as a code that only the owner of the key can make.
 */
async function send() {
  const data = readFileSync(file);
  const name = "i-" + sha256(data, basename(file)).slice(0, 40);
  const head = headers();
  head.set("Nats-Msg-Id", createHmac("sha256", seed).update(name).digest("hex"));
  head.set("Sent-Id", name);
  head.set("Bearer-Id", basename(file));
  const stored = await streams.publish(`from.${me}.raw.unknown`, data, { headers: head });
  console.log(`stored as ${stored.stream} ${stored.seq}${stored.duplicate ? ", as before" : ""}`);
  return name;
}

/** Wait for the receipt or refusal on this participant's board and print it; say whether it was accepted. */
async function answer(name) {
  const subject = `board.${me}.receipt.${sha256(name).slice(0, 32)}`;
  for (let look = 0; look < 100; look += 1) {
    let found;
    try {
      found = await manager.direct.getMessage("BOARD", { last_by_subj: subject });
    } catch {
      await pause(100); // not answered yet
      continue;
    }
    const message = found.json();
    if (message.kind === "refusal") {
      console.log(`REFUSED ${message.body.path}: ${message.body.why}; ${message.body.hint}`);
      return false;
    }
    console.log(`accepted ${message.body.answers.flatMap((a) => a.ids).join(" ")}`);
    return true;
  }
  console.log("no answer yet: the bus has it, ask again later");
  return false;
}

/** Print what waits in the INBOX, most urgent first as release wrote it, and acknowledge it. */
async function deliveries() {
  const inbox = await streams.consumers.get("INBOX", "reader");
  for (;;) {
    let taken = 0;
    for await (const delivery of await inbox.fetch({ max_messages: 50, expires: 1000 })) {
      const message = delivery.json();
      const [, , precedence, kind] = delivery.subject.split(".");
      console.log(`${precedence.toUpperCase()} ${kind} ${message.originator} ${message.id}`);
      await delivery.ackAck();
      taken += 1;
    }
    if (!taken) return;
  }
}

const accepted = await answer(await send());
await deliveries();
await connection.close();
process.exitCode = accepted ? 0 : 1;
