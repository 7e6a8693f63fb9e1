import assert from "node:assert/strict";
import { pack } from "../../lib/smtp/mime.ts";
import { mailServer } from "../support/smtp_server.ts";
import { MAIL, tryToSend } from "../support/smtp_try.ts";

const FROM = "Still alive <stillalive@example.test>";

Deno.test("a letter arrives as it was written", async () => {
  await using server = await mailServer();
  const mail = {
    ...MAIL,
    subject: "3 приложения не отвечают: 23, 77, billing 🔥",
    text: `Не отвечают с 07:20.\n.\n..\nFrom here on\n${"long ".repeat(60)}\n\tend =3D\n`,
    html: `<p title="=">Не отвечают</p>\n<p>${"x".repeat(1200)}</p>`,
  };

  await tryToSend({ ...server.config, from: FROM }, { mail });
  const { from, to, raw, parsed } = await server.letter(1);

  assert.equal(from, "stillalive@example.test");
  assert.deepEqual(to, ["admin@example.test"]);
  assert.equal(parsed.from?.text, '"Still alive" <stillalive@example.test>');
  assert.equal([parsed.to].flat()[0]?.text, "admin@example.test");
  assert.equal(parsed.subject, mail.subject);
  assert.equal(parsed.date?.getTime(), Math.floor(mail.date / 1000) * 1000);
  assert.equal(parsed.messageId, mail.messageId);
  assert.equal(parsed.text?.trimEnd(), mail.text.trimEnd());
  assert.equal(parsed.html, mail.html);
  assert.match(raw, /^Content-Type: multipart\/alternative;/m);
  assert.match(raw, /^[\r\n\x20-\x7e\t]*$/);
  assert.ok(raw.split("\r\n").every((line) => line.length <= 998));
});

Deno.test("a letter says that a machine wrote it", async () => {
  await using server = await mailServer();

  await tryToSend(server.config);
  const { parsed } = await server.letter(1);

  assert.equal(parsed.headers.get("auto-submitted"), "auto-generated");
  assert.equal(parsed.headers.get("x-auto-response-suppress"), "All");
});

Deno.test("news that answers no letter refers to none", async () => {
  await using server = await mailServer();

  await tryToSend(server.config);
  const { raw } = await server.letter(1);

  assert.doesNotMatch(raw, /^(In-Reply-To|References):/im);
});

Deno.test("a recovery answers its alarms, the last one as its parent", async () => {
  await using server = await mailServer();
  const answers = ["<1.alarm@x.test>", "<2.alarm@x.test>"];

  await tryToSend(server.config, { mail: { ...MAIL, messageId: "<3.back@x.test>", answers } });
  const { parsed } = await server.letter(1);

  assert.equal(parsed.inReplyTo, "<2.alarm@x.test>");
  assert.deepEqual(parsed.references, answers);
});

Deno.test("the same mail is the same bytes at every try", async () => {
  await using server = await mailServer();

  await tryToSend(server.config);
  await tryToSend(server.config);
  const [first, second] = [await server.letter(1), await server.letter(2)];
  const other = await pack({ ...MAIL, messageId: "<2@x.test>" }, FROM);

  assert.equal(first.raw, second.raw);
  const boundary = /boundary="([^"]+)"/.exec(first.raw)?.[1] ?? "none";
  assert.ok(!new TextDecoder().decode(other.bytes).includes(boundary));
});

const INJECTIONS = [
  "\r\nBcc: eve@example.test",
  "\nBcc: eve@example.test",
  "\rBcc: eve@example.test",
  "\r\n\r\nBcc: eve@example.test",
  "\r\n.\r\nMAIL FROM:<eve@example.test>",
  "\u2028Bcc: eve@example.test",
  "\u0085Bcc: eve@example.test",
  "\0\x07\x1b[31m\x7f",
  "=?utf-8?q?x=0d=0aBcc:_eve@example.test?=",
  "\ud800",
  "x".repeat(2_000),
];

Deno.test("no subject makes a header, a line or an address of its own", async (t) => {
  await using server = await mailServer();
  let count = 0;
  for (const injection of INJECTIONS) {
    await t.step(JSON.stringify(injection).slice(0, 40), async () => {
      const mail = { ...MAIL, subject: `23${injection} is down`, text: `23${injection}\n` };

      const result = await tryToSend(server.config, { mail });
      const { to, raw, parsed } = await server.letter(++count);

      const [headers = ""] = raw.split("\r\n\r\n");
      assert.equal(result.outcome, "sent");
      assert.deepEqual(to, [MAIL.to]);
      assert.equal(parsed.bcc, undefined);
      assert.deepEqual(names(headers), names(PLAIN_HEADERS));
      assert.match(raw, /^(?:[\x20-\x7e\t]|\r\n)*$/);
    });
  }
});

const PLAIN_HEADERS = [
  "Auto-Submitted:",
  "X-Auto-Response-Suppress:",
  "From:",
  "To:",
  "Subject:",
  "Message-ID:",
  "Date:",
  "MIME-Version:",
  "Content-Type:",
].join("\r\n");

function names(headers: string): readonly string[] {
  return headers.split("\r\n").filter((line) => /^\S/.test(line)).map((line) =>
    line.split(":")[0] ?? ""
  );
}

Deno.test("what is no address is refused before the server hears of it", async (t) => {
  await using server = await mailServer();
  const addresses = [
    "",
    "admin",
    "a@b.test, eve@example.test",
    "a@b.test>\r\nRCPT TO:<eve@example.test",
    "Eve <eve@example.test>",
    "a b@c.test",
    "a\0@b.test",
  ];
  for (const to of addresses) {
    await t.step(JSON.stringify(to), async () => {
      const result = await tryToSend(server.config, { mail: { ...MAIL, to } });

      assert.equal(result.outcome, "refused");
      assert.match(
        "reason" in result ? result.reason : "",
        /^Cannot mail to "[^\r\n\0]*": it is not an address$/,
      );
    });
  }
  assert.deepEqual(server.letters, []);
});
