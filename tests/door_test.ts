import assert from "node:assert/strict";
import { DAY, type Duration, MINUTE, SECOND } from "../lib/clock.ts";
import { Door, marksOf, type Measure, type Passage } from "../lib/door.ts";

const OPEN: Passage = { kind: "open" };
const SHUT: Passage = { kind: "shut", reason: "refused" };
const UNANSWERED: Passage = { kind: "unanswered", reason: "not let in" };

/** As of a usual limit of 1,024. */
const MARKS = marksOf(984);
const AMPLE = MARKS.scarce;

/** A door that was seen open at 0. */
function openDoor(): Door {
  const door = new Door();
  door.marks = MARKS;
  door.see({ passage: OPEN, room: AMPLE }, 0);
  return door;
}

type Look = readonly [at: Duration, passage: Passage, room: number, kind: Measure["kind"]];

/** Lets it be looked at, and compares what is to be done each time. */
function follow(door: Door, looks: readonly Look[]): void {
  for (const [at, passage, room, kind] of looks) {
    assert.equal(door.see({ passage, room }, at).kind, kind, `at ${at}`);
  }
}

Deno.test("the less a system gives, the sooner it is scarce", () => {
  assert.deepEqual(marksOf(984), { scarce: 256, dire: 16 });
  assert.deepEqual(marksOf(65_000), { scarce: 256, dire: 16 });
  assert.deepEqual(marksOf(220), { scarce: 88, dire: 11 });
  assert.deepEqual(marksOf(0), { scarce: 0, dire: 0 });
});

Deno.test("while there is room enough nothing is done", () => {
  const door = openDoor();

  follow(door, [[SECOND, OPEN, AMPLE, "none"], [2 * SECOND, OPEN, AMPLE, "none"]]);

  assert.deepEqual(
    [door.thrift(2 * SECOND), door.isShut, door.isDoubtful, door.isTroubled(2 * SECOND)],
    ["nothing", false, false, false],
  );
});

Deno.test("answers end their connections from when room is scarce until ten minutes after it was", () => {
  const door = openDoor();

  door.see({ passage: OPEN, room: AMPLE - 1 }, SECOND);
  const scarce = door.thrift(SECOND);
  door.see({ passage: OPEN, room: AMPLE }, 2 * SECOND);

  const over = SECOND + 10 * MINUTE;
  assert.equal(scarce, "streams");
  assert.deepEqual([over - 1, over].map((at) => door.thrift(at)), ["answers", "nothing"]);
});

Deno.test("before all are let go once a day, answers end the connections of who beats often", () => {
  const door = openDoor();

  const soon = DAY - 5 * MINUTE;
  const before = [soon - 1, soon].map((at) => door.thrift(at));
  const measure = door.see({ passage: OPEN, room: AMPLE }, DAY);
  const after = door.thrift(DAY);

  assert.deepEqual(before, ["nothing", "answers"]);
  assert.deepEqual(measure, { kind: "let go", isUrgent: false });
  assert.equal(after, "nothing");
});

Deno.test("idle connections are let go where room is dire, and not again for some seconds", () => {
  const dire = MARKS.dire - 1;

  follow(openDoor(), [
    [10 * SECOND, OPEN, MARKS.dire, "none"],
    [11 * SECOND, OPEN, dire, "let go"],
    [15 * SECOND, OPEN, dire, "none"],
    [16 * SECOND, OPEN, dire, "let go"],
  ]);
});

Deno.test("idle connections are let go where answers alone make no room for minutes", () => {
  const scarce = AMPLE - 1;

  follow(openDoor(), [
    [MINUTE, OPEN, scarce, "none"],
    [6 * MINUTE - 1, OPEN, scarce, "none"],
    [6 * MINUTE, OPEN, scarce, "let go"],
    [11 * MINUTE - 1, OPEN, scarce, "none"],
    [11 * MINUTE, OPEN, scarce, "let go"],
  ]);
});

Deno.test("who hangs about without a word is let go once a day, when nobody is answered", () => {
  const door = openDoor();

  follow(door, [[DAY - 1, OPEN, AMPLE, "none"]]);
  const measure = door.see({ passage: OPEN, room: AMPLE }, DAY);

  assert.deepEqual(measure, { kind: "let go", isUrgent: false });
  follow(door, [[DAY + SECOND, OPEN, AMPLE, "none"]]);
});

Deno.test("a door that is shut is opened beside who is here, and only a crowd is cut off", () => {
  const [began, room] = [MINUTE, 0];

  follow(openDoor(), [
    [began, SHUT, room, "reopen"],
    [began + 1, OPEN, MARKS.dire, "none"],
    [began + SECOND, SHUT, room, "renew"],
    [began + 3 * SECOND - 1, SHUT, room, "renew"],
    [began + 3 * SECOND, SHUT, room, "clear"],
    [began + 9 * SECOND, SHUT, room, "clear"],
    // Who is here was left here on purpose.
    [began + 9 * SECOND + 1, OPEN, MARKS.dire - 1, "none"],
    [began + 10 * SECOND, OPEN, MARKS.dire - 1, "let go"],
    [began + MINUTE, SHUT, room, "reopen"],
  ]);
});

Deno.test("a door that stays shut is given up after 15 s, however often it was tried", () => {
  const door = openDoor();

  follow(door, [[SECOND, SHUT, AMPLE, "reopen"], [16 * SECOND - 1, SHUT, AMPLE, "reopen"]]);
  const measure = door.see({ passage: SHUT, room: AMPLE }, 16 * SECOND);

  assert.deepEqual(measure, { kind: "give up", reason: "refused" });
});

Deno.test("a door that was open for a moment between is not given up", () => {
  follow(openDoor(), [
    [SECOND, SHUT, AMPLE, "reopen"],
    [15 * SECOND, OPEN, AMPLE, "none"],
    [16 * SECOND, SHUT, AMPLE, "reopen"],
    [30 * SECOND, SHUT, AMPLE, "reopen"],
    [31 * SECOND, SHUT, AMPLE, "give up"],
  ]);
});

Deno.test("a door that does not answer is in doubt, and shut after 5 s of it", () => {
  const door = openDoor();

  follow(door, [[SECOND, UNANSWERED, AMPLE, "none"], [6 * SECOND - 1, UNANSWERED, AMPLE, "none"]]);
  const doubted = [door.isDoubtful, door.isShut];
  follow(door, [[6 * SECOND, UNANSWERED, AMPLE, "reopen"]]);

  assert.deepEqual(doubted, [true, false]);
  assert.deepEqual([door.isDoubtful, door.isShut], [false, true]);
});

Deno.test("one answer ends the doubt", () => {
  const door = openDoor();

  follow(door, [
    [SECOND, UNANSWERED, AMPLE, "none"],
    [5 * SECOND, OPEN, AMPLE, "none"],
    [6 * SECOND, UNANSWERED, AMPLE, "none"],
  ]);

  assert.ok(door.isDoubtful);
});

Deno.test("a door that was never seen open cannot be seen from here, and nothing is done", () => {
  const door = new Door();

  follow(door, [[1, SHUT, AMPLE, "none"], [2, UNANSWERED, AMPLE, "none"]]);
  const [early, doubtful] = [door.isUnseen, door.isDoubtful];
  follow(door, [[3, SHUT, AMPLE, "none"], [DAY, SHUT, AMPLE, "none"]]);

  assert.deepEqual([early, doubtful], [false, false]);
  assert.deepEqual([door.isUnseen, door.isShut], [true, false]);
});

Deno.test("a door in trouble is looked at more often for a while after it", () => {
  const door = openDoor();

  door.see({ passage: SHUT, room: 0 }, MINUTE);
  door.see({ passage: OPEN, room: AMPLE }, MINUTE + 1);

  assert.deepEqual(
    [door.isTroubled(MINUTE + 10 * SECOND - 1), door.isTroubled(MINUTE + 10 * SECOND)],
    [true, false],
  );
});
