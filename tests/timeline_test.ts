import assert from "node:assert/strict";
import fc from "fast-check";
import { type App, type AppState, register, status, upFrom } from "../lib/app.ts";
import type { Instant, Sight, Span } from "../lib/clock.ts";
import type { Flip, StateKind } from "../lib/flip.ts";
import { sharesOf } from "../lib/share.ts";
import { latest, type Past, past, type Piece, timeline } from "../lib/timeline.ts";

const SPAN = { from: 100, to: 200 };

const DEFAULTS = { period: 40, grace: 10 };

/** All that happened is there. */
const WHOLE = -Infinity;

function flip(at: Instant, from: StateKind, to: StateKind): Flip {
  return { appId: "23", at, from, to, reason: "heartbeat", heartbeat: null };
}

function span(from: Instant, to: Instant): Span {
  return { from, to };
}

/** `up 100-150, down 150-200`. */
function words(pieces: readonly Piece[]): string {
  return pieces.map(({ from, to, standing }) => `${standing} ${from}-${to}`).join(", ");
}

/** An app that is up, was heard at 110, and falls at 160. */
function up(more: Partial<Extract<AppState, { kind: "up" }>> = {}): App {
  const state: AppState = { ...upFrom(110, { period: 40, grace: 10 }), ...more };
  return { ...register("23", { isIgnored: false }), state };
}

/** What is seen of it, where nothing is stored but that it came up. */
function seen(app: App, sight: Sight, facts: { readonly gaps?: readonly Span[] } = {}): string {
  const history = { flips: [flip(110, "new", "up")], next: null };
  const doubts = { spans: [], wholeFrom: WHOLE };
  const known = past(app, { history, doubts, gaps: [], sight, defaults: DEFAULTS, ...facts });
  return words(timeline(known, { from: 100, to: sight.now }));
}

Deno.test("a timeline is told by flips and doubts", async (t) => {
  const fell = [flip(150, "up", "down")];
  const cases: readonly (readonly [string, StateKind, readonly Flip[], readonly Span[], string])[] =
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
      ["a doubt", "up", [], [span(120, 130)], "up 100-120, unknown 120-130, up 130-200"],
      [
        "a doubt over its edge",
        "up",
        [],
        [span(50, 110), span(190, 250)],
        "unknown 100-110, up 110-190, unknown 190-200",
      ],
      ["a doubt while down", "down", fell, [span(160, 170)], "up 100-150, down 150-200"],
      [
        "a doubt that ends with a fall",
        "down",
        fell,
        [span(140, 160)],
        "up 100-140, unknown 140-150, down 150-200",
      ],
      [
        "doubts that follow on one another",
        "up",
        [],
        [span(120, 130), span(130, 140)],
        "up 100-120, unknown 120-140, up 140-200",
      ],
      [
        "doubts out of order, as a clock that was set back leaves them",
        "up",
        [],
        [span(150, 170), span(110, 120), span(115, 160)],
        "up 100-110, unknown 110-170, up 170-200",
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
  for (const [name, state, flips, spans, expected] of cases) {
    await t.step(name, () => {
      assert.equal(words(timeline({ state, flips, spans, wholeFrom: WHOLE }, SPAN)), expected);
    });
  }
});

Deno.test("where history is not whole any more it is unknown how an app was, and not green", async (t) => {
  const cases: readonly (readonly [string, StateKind, readonly Flip[], string])[] = [
    ["up all the while", "up", [], "unknown 100-130, up 130-200"],
    [
      "a fall that nobody forgot",
      "up",
      [flip(125, "down", "up"), flip(115, "up", "down")],
      "unknown 100-130, up 130-200",
    ],
    ["down since then", "down", [flip(110, "up", "down")], "unknown 100-110, down 110-200"],
    ["not judged", "up", [flip(140, "new", "up")], "new 100-140, up 140-200"],
  ];
  for (const [name, state, flips, expected] of cases) {
    await t.step(name, () => {
      const pieces = timeline({ state, flips, spans: [], wholeFrom: 130 }, SPAN);
      assert.equal(words(pieces), expected);
    });
  }
});

Deno.test("of an app with more flips than are read the rest is unknown", () => {
  const history = { flips: [flip(150, "down", "up"), flip(140, "up", "down")], next: 7 };
  const doubts = { spans: [], wholeFrom: WHOLE };
  const sight = { judgedBy: 155, now: 155 };

  const known = past(up(), { history, doubts, gaps: [], sight, defaults: DEFAULTS });

  assert.equal(
    words(timeline(known, { from: 100, to: 155 })),
    "unknown 100-140, down 140-150, up 150-155",
  );
});

Deno.test("a deadline that passed is a fall on the timeline, before any sweep has seen it", () => {
  const at = (now: Instant) => seen(up(), { judgedBy: now, now });

  assert.equal(at(159), "new 100-110, up 110-159");
  assert.equal(at(200), "new 100-110, up 110-160, down 160-200");
});

Deno.test("an app that is unknown is so on its timeline since it could be missed, until it is down", () => {
  const app = up({ excusedAt: 150, unknownFrom: 145, deadlineAt: 200 });

  assert.equal(seen(app, { judgedBy: 190, now: 190 }), "new 100-110, up 110-145, unknown 145-190");
  assert.equal(
    seen(app, { judgedBy: 210, now: 210 }),
    "new 100-110, up 110-145, unknown 145-200, down 200-210",
  );
});

Deno.test("a gap from before doubts were kept is unknown for whoever was up, and a stop no further", () => {
  const gaps = [span(105, 120)];

  assert.equal(
    seen(up(), { judgedBy: 150, now: 150 }, { gaps }),
    "new 100-110, unknown 110-120, up 120-150",
  );
});

Deno.test("while we cannot listen an app is up until it is expected, and then nobody knows", async (t) => {
  const cases: readonly (readonly [string, App, Sight, string, string])[] = [
    ["not expected yet", up(), { judgedBy: 115, now: 139 }, "up", "new 100-110, up 110-139"],
    [
      "expected since we are deaf",
      up(),
      { judgedBy: 115, now: 190 },
      "unknown",
      "new 100-110, up 110-140, unknown 140-190",
    ],
    [
      "late as we became deaf",
      up(),
      { judgedBy: 155, now: 190 },
      "unknown",
      "new 100-110, up 110-155, unknown 155-190",
    ],
    [
      "fallen before that",
      up(),
      { judgedBy: 160, now: 190 },
      "down",
      "new 100-110, up 110-160, down 160-190",
    ],
  ];
  for (const [name, app, sight, shown, drawn] of cases) {
    await t.step(name, () => {
      assert.equal(status(app, sight, DEFAULTS), shown);
      assert.equal(seen(app, sight), drawn);
    });
  }
});

/** Any past, also one that no service would leave. */
const PAST: fc.Arbitrary<Past> = (() => {
  const state = fc.constantFrom<StateKind>("new", "up", "down", "paused");
  const at = fc.integer({ min: 50, max: 250 });
  const flips = fc.array(fc.record({ at, from: state, to: state })).map((all) =>
    all.map(({ at, from, to }) => flip(at, from, to))
  );
  const spans = fc.array(fc.tuple(at, at)).map((all) =>
    all.map(([one, other]) => span(Math.min(one, other), Math.max(one, other)))
  );
  return fc.record({ state, flips, spans, wholeFrom: fc.oneof(fc.constant(WHOLE), at) });
})();

Deno.test("a timeline is whole, whatever happened", () => {
  fc.assert(fc.property(PAST, (past) => {
    const pieces = timeline(past, SPAN);

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

Deno.test("whatever happened, the shares come to the whole span", () => {
  fc.assert(fc.property(PAST, (past) => {
    const { up, down, unknown, unjudged } = sharesOf(timeline(past, SPAN));

    assert.equal(up + down + unknown + unjudged, SPAN.to - SPAN.from);
  }));
});

Deno.test("the latest of a timeline is the timeline of the latest", () => {
  fc.assert(fc.property(PAST, fc.integer({ min: 100, max: 199 }), (past, from) => {
    assert.deepEqual(latest(timeline(past, SPAN), from), timeline(past, { from, to: SPAN.to }));
  }));
});

Deno.test("no instant of a doubt, nor of what history does not tell, is ever up", () => {
  fc.assert(fc.property(PAST, (past) => {
    const isUnknown = (at: Instant) =>
      at < past.wholeFrom || past.spans.some(({ from, to }) => at >= from && at < to);

    for (const { from, to, standing } of timeline(past, SPAN)) {
      if (standing !== "up") continue;
      for (let at = from; at < to; at++) assert.ok(!isUnknown(at), `${at} is up`);
    }
  }));
});

Deno.test("a doubt makes unknown what was up, and changes nothing else", () => {
  fc.assert(fc.property(PAST, (past) => {
    const standingAt = (pieces: readonly Piece[], at: Instant) =>
      pieces.find(({ from, to }) => at >= from && at < to)?.standing;
    const told = timeline(past, SPAN);
    const plain = timeline({ ...past, spans: [], wholeFrom: WHOLE }, SPAN);

    for (let at = SPAN.from; at < SPAN.to; at++) {
      const [now, without] = [standingAt(told, at), standingAt(plain, at)];
      if (now !== without) assert.ok(now === "unknown" && (without === "up" || without === "down"));
    }
  }));
});
