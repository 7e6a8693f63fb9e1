import assert from "node:assert/strict";
import { badgePath, readBadge } from "../lib/badge.ts";

const KEY = "a-key-for-tests";

Deno.test("a badge's address opens one app's badge, in its form, with its key", () => {
  const file = badgePath("shop", KEY, "svg").split("/").at(-1) ?? "";

  assert.match(badgePath("shop", KEY, "svg"), /^\/badge\/shop\/[\w-]{22}\.svg$/);
  assert.equal(readBadge(file, "shop", KEY), "svg");
  assert.equal(readBadge(file.replace(".svg", ".json"), "shop", KEY), "json");
  assert.equal(readBadge(file.replace(".svg", ".png"), "shop", KEY), null);
  assert.equal(readBadge(file, "shop2", KEY), null);
  assert.equal(readBadge(file, "shop", "another-key"), null);
  assert.equal(readBadge(`x${file}`, "shop", KEY), null);
});
