import assert from "node:assert/strict";
import fc from "fast-check";
import { DAY, MINUTE, SECOND } from "../lib/clock.ts";
import { parseSnooze } from "../lib/snooze.ts";

Deno.test("parseSnooze() reads how long, or that it ends", async (t) => {
  const cases = [
    [{ for: "20m" }, 20 * MINUTE],
    [{ for: "1s" }, SECOND],
    [{ for: "365d", until: "then" }, 365 * DAY],
    [{ for: null }, null],
  ] as const;
  for (const [value, expected] of cases) {
    await t.step(JSON.stringify(value), () => assert.equal(parseSnooze(value), expected));
  }
});

Deno.test("parseSnooze() says what is wrong, and what would be right", async (t) => {
  const cases: readonly (readonly [unknown, string, RegExp])[] = [
    [null, "", /Expected an object like \{"for": "20m"\}/],
    ["20m", "", /Expected an object/],
    [[], "", /Expected an object/],
    [{}, "for", /Expected an object/],
    [JSON.parse('{"__proto__": {"for": "20m"}}'), "for", /Expected an object/],
    [{ for: "0s" }, "for", /from 1s to 365d, or null to end a snooze/],
    [{ for: "366d" }, "for", /for cannot be "366d"/],
    [{ for: 20 }, "for", /for cannot be 20: expected a form like/],
    [{ for: "" }, "for", /for cannot be ""/],
  ];
  for (const [value, path, message] of cases) {
    await t.step(JSON.stringify(value), () => {
      const details = parseSnooze(value);
      assert.ok(Array.isArray(details) && details.length === 1);
      assert.equal(details[0].path, path);
      assert.match(details[0].message, message);
    });
  }
});

Deno.test("parseSnooze() never throws, whatever JSON holds", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    parseSnooze(value);
    parseSnooze({ for: value });
  }));
});
