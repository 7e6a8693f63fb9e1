import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  acknowledgePath,
  readAcknowledgement,
  withoutAcknowledgements,
} from "../lib/acknowledgement.ts";

const KEY = "a-key-for-tests";

Deno.test("a link stands for its incident, for whoever has the key", () => {
  for (const incident of [1, 77, Number.MAX_SAFE_INTEGER]) {
    const path = acknowledgePath(incident, KEY);

    assert.match(path, /^\/ack\/\d+\.[A-Za-z0-9_-]{22}$/);
    assert.equal(readAcknowledgement(path.slice("/ack/".length), KEY), incident);
  }
});

Deno.test("a signature is the HMAC-SHA256 of what it allows, cut to 16 bytes", () => {
  // echo -n 'acknowledge incident 77' | openssl dgst -sha256 -hmac a-key-for-tests
  const hmac = "63cbc96bb3e4639a3c20acf3256ecfec343b9e55a5456e5a411048882760f79e";

  const signed = acknowledgePath(77, KEY).split(".")[1] ?? "";

  assert.equal(Buffer.from(signed, "base64url").toString("hex"), hmac.slice(0, 32));
});

Deno.test("a link that was not signed like this stands for nothing", async (t) => {
  const [, , good = ""] = acknowledgePath(77, KEY).split("/");
  const [, signature = ""] = good.split(".");
  const table: readonly (readonly [string, string])[] = [
    ["for another incident", `78.${signature}`],
    ["by another key", acknowledgePath(77, "another-key").slice("/ack/".length)],
    ["with a letter changed", good.replace(/.$/, (last) => last === "A" ? "Q" : "A")],
    ["cut short", good.slice(0, -1)],
    ["longer", `${good}A`],
    ["without a signature", "77"],
    ["with an empty signature", "77."],
    ["for no incident", `.${signature}`],
    ["for a number in another form", `077.${signature}`],
    ["for a number beyond all rows", `${"9".repeat(17)}.${signature}`],
    ["with a line end", `${good}\n`],
    ["empty", ""],
  ];
  for (const [name, text] of table) {
    await t.step(name, () => assert.equal(readAcknowledgement(text, KEY), null));
  }
});

Deno.test("a text without such links keeps all else", () => {
  const path = acknowledgePath(7, KEY);
  const text = `See https://a.example${path} and <a href="https://a.example${path}">/apps/7</a>`;

  const shown = withoutAcknowledgements(text);

  assert.equal(
    shown,
    'See https://a.example/ack/*** and <a href="https://a.example/ack/***">/apps/7</a>',
  );
});
