import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, register, upFrom } from "../lib/app.ts";
import { HOUR, type Instant } from "../lib/clock.ts";
import type { Flip, StateKind } from "../lib/flip.ts";
import type { Gap } from "../lib/gap.ts";
import { past, type Piece, timeline, uptime } from "../lib/timeline.ts";

const SPAN = { from: 100, to: 200 };

function flip(at: Instant, from: StateKind, to: StateKind): Flip {
  return { appId: "23", at, from, to, reason: "heartbeat", heartbeat: null };
}

function gap(from: Instant, to: Instant): Gap {
  return { from, to, cause: "off" };
}

/** `up 100-150, down 150-200`. */
function words(pieces: readonly Piece[]): string {
  return pieces.map(({ from, to, standing }) => `${standing} ${from}-${to}`).join(", ");
}

Deno.test("a timeline is told by flips and gaps", async (t) => {
  const fell = [flip(150, "up", "down")];
  const cases: readonly (readonly [string, StateKind, readonly Flip[], readonly Gap[], string])[] =
    [
      ["as it is, if nothing ever happened", "up", [], [], "up 100-200"],
      ["a fall", "down", fell, [], "up 100-150, down 150-200"],
      [
        "a fall and its end",
        "up",
        [flip(170, "down", "up"), ...fell],
        [],
        "up 100-150, down 150-170, up 170-200",
      ],
      [
        "what was before the span",
        "up",
        [flip(50, "down", "up"), flip(20, "up", "down")],
        [],
        "up 100-200",
      ],
      ["a fall as the span begins", "down", [flip(100, "up", "down")], [], "down 100-200"],
      ["a gap while up", "up", [], [gap(120, 130)], "up 100-120, unknown 120-130, up 130-200"],
      [
        "a gap over its edge",
        "up",
        [],
        [gap(50, 110), gap(190, 250)],
        "unknown 100-110, up 110-190, unknown 190-200",
      ],
      ["a gap while down", "down", fell, [gap(160, 170)], "up 100-150, down 150-200"],
      [
        "a gap in which it falls",
        "down",
        fell,
        [gap(140, 160)],
        "up 100-140, unknown 140-150, down 150-200",
      ],
      [
        "gaps that follow on one another",
        "up",
        [],
        [gap(120, 130), gap(130, 140)],
        "up 100-120, unknown 120-140, up 140-200",
      ],
      [
        "a clock set back between two flips",
        "up",
        [flip(140, "down", "up"), flip(150, "up", "down")],
        [],
        "up 100-200",
      ],
      [
        "an app that was registered within it",
        "up",
        [flip(160, "new", "up")],
        [],
        "new 100-160, up 160-200",
      ],
    ];
  for (const [name, state, flips, gaps, expected] of cases) {
    await t.step(name, () => {
      assert.equal(words(timeline({ state, flips, gaps }, SPAN)), expected);
    });
  }
});

Deno.test("a deadline that passed is a fall on the timeline, before any sweep has seen it", () => {
  const state = upFrom(110, { period: 40, grace: 10 });
  const app: App = { ...register("23", { isIgnored: false }), state };
  const flips = [flip(110, "new", "up")];

  const before = timeline(past(app, { flips, gaps: [], now: 159 }), SPAN);
  const after = timeline(past(app, { flips, gaps: [], now: 200 }), SPAN);

  assert.equal(words(before), "new 100-110, up 110-200");
  assert.equal(words(after), "new 100-110, up 110-160, down 160-200");
});

Deno.test("a timeline is whole, whatever happened", () => {
  const state = fc.constantFrom<StateKind>("new", "up", "down", "paused");
  const at = fc.integer({ min: 50, max: 250 });
  const flips = fc.array(fc.record({ at, from: state, to: state })).map((all) =>
    all.map(({ at, from, to }) => flip(at, from, to))
  );
  const gaps = fc.array(fc.tuple(at, at)).map((all) =>
    all.map(([one, other]) => gap(Math.min(one, other), Math.max(one, other)))
  );
  fc.assert(fc.property(state, flips, gaps, (state, flips, gaps) => {
    const pieces = timeline({ state, flips, gaps }, SPAN);

    assert.equal(pieces[0]?.from, SPAN.from);
    assert.equal(pieces.at(-1)?.to, SPAN.to);
    for (const [index, { from, to, standing }] of pieces.entries()) {
      assert.ok(from < to);
      const next = pieces[index + 1];
      if (next === undefined) continue;
      assert.equal(next.from, to);
      assert.notEqual(next.standing, standing);
    }
  }));
});

Deno.test("uptime leaves out what is unknown, and when it was not judged", () => {
  const pieces: Piece[] = [
    { from: 0, to: 10 * HOUR, standing: "new" },
    { from: 10 * HOUR, to: 13 * HOUR, standing: "up" },
    { from: 13 * HOUR, to: 20 * HOUR, standing: "unknown" },
    { from: 20 * HOUR, to: 21 * HOUR, standing: "down" },
    { from: 21 * HOUR, to: 30 * HOUR, standing: "paused" },
  ];

  assert.equal(uptime(pieces), 0.75);
  assert.equal(uptime(pieces.slice(0, 1)), null);
});
