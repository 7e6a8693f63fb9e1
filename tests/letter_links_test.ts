import assert from "node:assert/strict";
import { simpleParser } from "mailparser";
import { HOUR } from "../lib/clock.ts";
import { letter } from "../lib/letter.ts";
import { unlinked, unlinkedText } from "../lib/letter_links.ts";
import { acknowledgeUrl, facts, failing, HOME, NOW, silent, style } from "./support/letters.ts";

/** Words that mail programs make links of. */
const LINKABLE: readonly string[] = [
  "login.example.com",
  "www.evil.example",
  "https://evil.example/log?in=1",
  "HTTP://EVIL.EXAMPLE",
  "ftp://evil.example",
  "//evil.example/x",
  "admin@evil.example",
  "mailto:admin@evil.example",
  "evil.example:8443/x",
  "почта.рф",
  "evil。example",
  "203.0.113.5/x",
  "(see www.evil.example)",
  "backup.sh",
];

/** What a person reads of HTML. */
function read(html: string): string {
  return html.replaceAll(/<[^>]*>/g, "").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

/** The pieces of text between tags, without what is inside of links. */
function outsideOfLinks(html: string): readonly string[] {
  const body = html.replace(/^.*<body/s, "<body");
  return body.replaceAll(/<a\b.*?<\/a>/gs, "<a>").split(/<[^>]*>/).map((each) => each.trim());
}

/** What a mail program that looks for links finds in the text (linkify-it, with all top-level domains). */
async function linksFound(text: string): Promise<readonly string[]> {
  const source = `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`;
  const { textAsHtml = "" } = await simpleParser(source);
  return Array.from(textAsHtml.matchAll(/<a href="([^"]*)"/g), ([, href = ""]) => href);
}

Deno.test("what would become a link is read as it is, and stands where no program looks for links", async (t) => {
  for (const word of LINKABLE) {
    await t.step(word, async () => {
      const html = String(unlinked(`before ${word} after`));

      assert.equal(read(html), `before ${word} after`);
      assert.match(html, /^before .*<a>.*<\/a> after$/);
      assert.doesNotMatch(html, /href/);
      assert.deepEqual(await linksFound(outsideOfLinks(html).join("\n")), []);
      // Where a program drops a link that leads nowhere, its pieces are left.
      const pieces = html.replaceAll(/<\/?a>/g, "").split("<wbr>");
      for (const piece of pieces) assert.deepEqual(await linksFound(piece), [], piece);
    });
  }
});

Deno.test("other text is left alone", async (t) => {
  const texts = [
    "OK:200",
    "took 3.5 s, v1.2",
    "Готово. Всё хорошо",
    "a/b: c - d",
    "23",
    "...",
    "x @ y",
  ];
  for (const text of texts) {
    await t.step(text, () => {
      assert.equal(String(unlinked(text)), text);
      assert.equal(unlinkedText(text), text);
    });
  }
});

Deno.test("in plain text no word is left that every program takes for a link", async (t) => {
  const cases = [
    ["https://evil.example/x", "https[:]//evil.example/x"],
    ["see www.evil.example", "see www[.]evil.example"],
    ["login.example.com", "login.example.com"],
  ] as const;
  for (const [text, expected] of cases) {
    await t.step(text, () => assert.equal(unlinkedText(text), expected));
  }
});

Deno.test("a letter has no links but our own, whatever apps call themselves and say", async (t) => {
  const heartbeat = { at: NOW - HOUR, message: LINKABLE.join(" ") };
  const told = facts({
    down: [
      silent("login.example.com", { heartbeat }),
      failing("www.evil.example", { name: "https://evil.example", heartbeat }),
    ],
    failed: [{ address: "ops@example.com", count: 1, reason: "see https://evil.example" }],
  });
  for (
    const [name, changes] of Object.entries({
      without: {},
      with: { baseUrl: HOME, acknowledgeUrl },
    })
  ) {
    await t.step(`${name} pages of our own`, async () => {
      const { html, text } = letter(told, style("en", changes));

      const links = Array.from(html.matchAll(/href="([^"]*)"/g), ([, href]) => href);
      assert.ok(links.every((href) => href?.startsWith(HOME)), links.join("\n"));
      assert.equal(links.length > 0, name === "with");
      assert.deepEqual(await linksFound(outsideOfLinks(html).join("\n")), []);
      assert.doesNotMatch(text.replaceAll(new RegExp(`${HOME}\\S*`, "g"), ""), /:\/\/|www\./i);
      assert.ok(read(html).includes("login.example.com") && text.includes("login.example.com"));
    });
  }
});
