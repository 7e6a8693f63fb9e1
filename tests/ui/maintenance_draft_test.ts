import assert from "node:assert/strict";
import fc from "fast-check";
import { WEEKDAYS } from "../../lib/maintenance.ts";
import { parseWindow } from "../../lib/maintenance_form.ts";
import { windowJson } from "../../lib/maintenance_json.ts";
import { type Draft, draftOf, readDraft, SCOPES, TIMES } from "../../lib/ui/maintenance_draft.ts";
import { START } from "../support/fake_clock.ts";

const OPTIONS = { timeZone: "Europe/Moscow", now: START };

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "shop", "23", "a b", "2h", "90s", "1y", "02:30", "24:00"),
  fc.constantFrom(
    "2026-11-25T02:30",
    "2026-11-25 02:30:15",
    "0000-01-01T00:00",
    "9999-12-31T23:59",
  ),
);

const draft: fc.Arbitrary<Draft> = fc.record({
  scope: fc.constantFrom(...SCOPES, null),
  tag: text,
  appId: text,
  when: fc.constantFrom(...TIMES, null),
  at: text,
  timeOfDay: text,
  weekday: fc.constantFrom(...WEEKDAYS, null),
  length: text,
  note: text,
});

Deno.test("readDraft() makes a window that the API takes, or names what is wrong", () => {
  fc.assert(fc.property(draft, (draft) => {
    const read = readDraft(draft, OPTIONS);

    if ("faults" in read) {
      assert.notDeepEqual(read.faults, []);
      assert.equal(new Set(read.faults).size, read.faults.length);
    } else {
      const { id: _, ...json } = windowJson({ id: 1, ...read.window }) as { readonly id: number };
      assert.deepEqual(parseWindow(json, OPTIONS), read.window);
    }
  }));
});

Deno.test("readDraft() names a fault only of a field that was chosen", () => {
  fc.assert(fc.property(draft, (draft) => {
    const read = readDraft(draft, OPTIONS);

    const faults = "faults" in read ? read.faults : [];
    assert.equal(faults.includes("scope"), draft.scope === null);
    assert.equal(faults.includes("when"), draft.when === null);
    assert.ok(!faults.includes("tag") || draft.scope === "tag");
    assert.ok(!faults.includes("appId") || draft.scope === "app");
    assert.ok(!(faults.includes("at") || faults.includes("over")) || draft.when === "once");
    assert.ok(!faults.includes("timeOfDay") || ["daily", "weekly"].includes(String(draft.when)));
  }));
});

Deno.test("draftOf() reads whatever a form brings", () => {
  const names = ["scope", "tag", "app_id", "when", "at", "weekday", "time", "for", "note", "more"];
  const fields = fc.array(fc.tuple(fc.constantFrom(...names), text));
  fc.assert(fc.property(fields, (fields) => {
    const draft = draftOf(new URLSearchParams(fields));

    const note = fields.find(([name]) => name === "note")?.[1] ?? "";
    assert.equal(draft.note, new URLSearchParams({ note }).get("note"));
    assert.ok(draft.scope === null || SCOPES.includes(draft.scope));
  }));
});
