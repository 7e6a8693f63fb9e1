import assert from "node:assert/strict";
import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import type { NewWindow, WindowScope } from "../lib/maintenance.ts";
import { NO_SETTINGS } from "../lib/registry.ts";
import type { Change } from "../lib/store.ts";
import { BareService, USUAL } from "./support/bare_service.ts";
import { START } from "./support/fake_clock.ts";
import { ADMIN, SILENCE } from "./support/store.ts";

const WINDOW = USUAL.timing.digestWindow;

/** How one of the two ways keeps app 23 quiet, from now on. */
interface Way {
  readonly reason: string;
  begin(service: BareService, length: Duration): Promise<unknown>;
  end(service: BareService): Promise<unknown>;
}

const WAYS: readonly Way[] = [
  {
    reason: "snoozed",
    begin: ({ store, now }, length) => store.snooze("23", now + length, now),
    end: ({ store, now }) => store.snooze("23", null, now),
  },
  {
    reason: "maintenance",
    begin: ({ store, now }, length) => store.addMaintenance(once(now, length), now),
    end: ({ store, now }) => store.removeMaintenance(1, now),
  },
];

function once(
  at: number,
  length: Duration,
  scope: WindowScope = { kind: "app", appId: "23" },
): NewWindow {
  return { scope, recurrence: { kind: "once", at }, length, note: null };
}

/** Runs a test for a snooze and for maintenance: what holds for one holds for the other. */
function both(name: string, work: (service: BareService, way: Way) => Promise<void>): void {
  Deno.test(name, async (t) => {
    for (const way of WAYS) {
      await t.step(way.reason, async () => {
        await using service = await BareService.start();
        await service.store.register("23", NO_SETTINGS, service.now);
        await work(service, way);
      });
    }
  });
}

both(
  "silence in a quiet time is told to nobody, and alarms when that ends",
  async (service, way) => {
    await service.beat("23");
    await way.begin(service, HOUR);

    await service.pass(HOUR - 1);
    const meanwhile = [service.news(), service.debts()];
    await service.pass(MINUTE);

    assert.deepEqual(meanwhile, [[], [`suppressed: ${way.reason}`]]);
    assert.deepEqual(service.news(), [[HOUR + WINDOW, "down 23"]]);
    assert.deepEqual(service.debts(), ["sent"]);
  },
);

both("an app that is back before the quiet time ends is told to nobody", async (service, way) => {
  await service.beat("23");
  await way.begin(service, HOUR);
  await service.pass(HOUR - MINUTE);
  await service.beat("23");
  await service.pass(MINUTE);

  assert.deepEqual(service.news(), []);
  assert.deepEqual(service.debts(), Array(2).fill(`suppressed: ${way.reason}`));
});

both("an app that falls again in a quiet time alarms once when that ends", async (service, way) => {
  await service.beat("23");
  await way.begin(service, HOUR);
  await service.pass(10 * MINUTE);
  await service.beat("23");
  await service.pass(HOUR);

  const quiet = `suppressed: ${way.reason}`;
  assert.deepEqual(service.news(), [[HOUR + WINDOW, "down 23"]]);
  assert.deepEqual(service.debts(), [quiet, quiet, "sent"]);
});

both("a fail in a quiet time waits for its end", async (service, way) => {
  await way.begin(service, HOUR);
  await service.pass(MINUTE);
  await service.beat("23", "fail");
  await service.pass(HOUR);

  assert.deepEqual(service.news(), [[HOUR + WINDOW, "down 23"]]);
});

both(
  "a quiet time that is ended early alarms at once of what is silent then",
  async (service, way) => {
    await service.beat("23");
    await way.begin(service, HOUR);
    await service.pass(30 * MINUTE);

    await way.end(service);
    await service.pass(HOUR);

    assert.deepEqual(service.news(), [[30 * MINUTE + WINDOW, "down 23"]]);
  },
);

both("a recovery is told where the fall was told before the quiet time", async (service, way) => {
  await service.beat("23");
  await service.pass(SILENCE + WINDOW);
  await way.begin(service, HOUR);
  await service.pass(MINUTE);
  await service.beat("23");
  await service.pass(WINDOW);

  assert.deepEqual(service.news().map(([, text]) => text), ["down 23", "back 23"]);
});

both("a recovery is told where the alarm came when the quiet time ended", async (service, way) => {
  await service.beat("23");
  await way.begin(service, HOUR);
  await service.pass(HOUR + MINUTE);
  await service.beat("23");
  await service.pass(MINUTE);

  assert.deepEqual(service.news().map(([, text]) => text), ["down 23", "back 23"]);
});

both("an end that was slept through alarms at the next start", async (service, way) => {
  await service.beat("23");
  await way.begin(service, HOUR);
  await service.pass(30 * MINUTE);

  await service.crash({ off: HOUR });
  await service.pass(WINDOW);

  assert.deepEqual(service.news(), [[90 * MINUTE + WINDOW, "down 23"]]);
});

both("a quiet time outlives a restart", async (service, way) => {
  await service.beat("23");
  await way.begin(service, HOUR);
  await service.pass(10 * MINUTE);

  await service.restart({ off: MINUTE });
  await service.pass(49 * MINUTE - 1);
  const meanwhile = service.news();
  await service.pass(MINUTE);

  assert.deepEqual(meanwhile, []);
  assert.deepEqual(service.news(), [[HOUR + WINDOW, "down 23"]]);
});

both(
  "an app that is paused or forgotten in a quiet time is told to nobody",
  async (service, way) => {
    await service.beat("23");
    await way.begin(service, HOUR);
    await service.pass(30 * MINUTE);
    await service.store.pause("23", service.now);
    await service.pass(HOUR);
    const paused = [service.news(), service.debts()];
    await service.store.forget("23", service.now);
    await service.pass(HOUR);

    assert.deepEqual(paused, [[], [`suppressed: ${way.reason}`]]);
    assert.deepEqual(service.news(), []);
    assert.deepEqual(service.verified(), { waiting: 0, sent: 0, suppressed: 1, failed: 0 });
  },
);

both(
  "what is told does not depend on whether a sweep saw the end before the recovery",
  async (service, way) => {
    await service.beat("23");
    await way.begin(service, HOUR);
    await service.pass(HOUR - 1);
    service.clock.advance(1);

    await service.beat("23");
    await service.pass(WINDOW);

    assert.deepEqual(service.news().map(([, text]) => text), ["away 23"]);
    assert.deepEqual(service.debts(), ["sent", "sent"]);
  },
);

both("a deadline before the quiet time alarms, whenever it is swept", async (service, way) => {
  await service.beat("23");
  service.clock.advance(SILENCE + 1);

  await way.begin(service, HOUR);
  await service.pass(MINUTE);

  assert.deepEqual(service.news(), [[SILENCE + 1 + WINDOW, "down 23"]]);
});

both(
  "a deadline in the quiet time that is swept after its end alarms at once",
  async (service, way) => {
    await service.beat("23");
    await way.begin(service, HOUR);
    service.clock.advance(2 * HOUR);

    await service.pass(WINDOW);

    assert.deepEqual(service.news(), [[2 * HOUR + WINDOW, "down 23"]]);
  },
);

both("quiet times that follow on one another are one", async (service, way) => {
  await service.beat("23");
  await way.begin(service, HOUR);
  await service.store.addMaintenance(once(START + HOUR, HOUR), service.now);

  await service.pass(2 * HOUR - 1);
  const meanwhile = service.news();
  await service.pass(WINDOW + 1);

  assert.deepEqual(meanwhile, []);
  assert.deepEqual(service.news(), [[2 * HOUR + WINDOW, "down 23"]]);
});

both(
  "quiet times that follow on one another are one, also where a sweep came late",
  async (service, way) => {
    await service.beat("23");
    await way.begin(service, HOUR);
    await service.store.addMaintenance(once(START + HOUR, HOUR), service.now);

    service.clock.advance(HOUR + 30 * MINUTE);
    await service.pass(HOUR);

    assert.deepEqual(service.news(), [[2 * HOUR + WINDOW, "down 23"]]);
  },
);

both(
  "whoever falls in a quiet time is looked at when it ends, without waiting for a check",
  async (service, way) => {
    const changes: Change[] = [];
    await way.begin(service, HOUR);
    service.store.onChange((change) => changes.push(change));

    await service.beat("23", "fail");

    assert.deepEqual(changes.map(({ deadlineAt }) => deadlineAt), [START + HOUR]);
  },
);

both("an app that is kept quiet is not named beside the news of others", async (service, way) => {
  await service.beat("23");
  await way.begin(service, HOUR);
  await service.pass(10 * MINUTE);

  await service.beat("other", "fail");
  await service.pass(WINDOW);

  assert.deepEqual(service.news().map(([, text]) => text), ["down other"]);
});

both(
  "an address that was removed in a quiet time is owed nothing when that ends",
  async (service, way) => {
    await service.restart({ addresses: [ADMIN, "gone@example.org"] });
    await service.beat("23");
    await way.begin(service, HOUR);
    await service.pass(10 * MINUTE);

    await service.restart({ addresses: [ADMIN] });
    await service.pass(HOUR);

    assert.deepEqual(service.debts(), ["sent", `suppressed: ${way.reason}`]);
    assert.equal((await service.store.health()).waitingSince, null);
  },
);

both(
  "an alarm of a quiet time waits for its end, also where nobody was to be told when it began",
  async (service, way) => {
    await service.restart({ addresses: [] });
    await service.beat("23");
    await way.begin(service, HOUR);
    await service.pass(10 * MINUTE);

    await service.restart({ addresses: [ADMIN] });
    await service.pass(40 * MINUTE);
    const meanwhile = [service.news(), service.debts()];
    await service.pass(HOUR);

    assert.deepEqual(meanwhile, [[], [`suppressed: ${way.reason}`]]);
    assert.deepEqual(service.news(), [[HOUR + WINDOW, "down 23"]]);
  },
);

Deno.test("a snooze can be made longer and shorter, and outlives the maintenance it began in", async () => {
  await using service = await BareService.start();
  await service.beat("23");
  await service.store.addMaintenance(once(START, 10 * MINUTE), service.now);
  await service.pass(5 * MINUTE);
  await service.store.snooze("23", START + 3 * HOUR, service.now);
  await service.pass(HOUR);
  await service.store.snooze("23", START + 2 * HOUR, service.now);
  await service.pass(HOUR);

  assert.deepEqual(service.news(), [[2 * HOUR + WINDOW, "down 23"]]);
});

Deno.test("ending a snooze that there is not changes nothing", async () => {
  const timing = { ...USUAL.timing, remindEvery: DAY };
  await using service = await BareService.start({ timing });
  await service.beat("23", "fail");
  await service.pass(HOUR);
  service.news();

  await service.store.snooze("23", null, service.now);
  await service.pass(DAY - HOUR);

  assert.deepEqual(service.news(), []);
});

Deno.test("an app that was told down is reminded of when its snooze ends, and not before", async (t) => {
  const cases: readonly {
    readonly name: string;
    readonly lasts: Duration;
    readonly at: Duration;
  }[] = [
    { name: "shorter than the reminder's time", lasts: HOUR, at: 2 * HOUR },
    { name: "longer", lasts: 3 * DAY, at: 3 * DAY + HOUR },
  ];
  for (const { name, lasts, at } of cases) {
    await t.step(name, async () => {
      const timing = { ...USUAL.timing, remindEvery: DAY };
      await using service = await BareService.start({ timing });
      await service.beat("23", "fail");
      await service.beat("other", "fail");
      await service.pass(HOUR);
      await service.store.snooze("23", service.now + lasts, service.now);
      await service.pass(4 * DAY);

      const named = service.news().slice(1).filter(([, text]) => /still 23/.test(text));
      assert.equal(named[0]?.[0], at);
    });
  }

  await t.step("ended early", async () => {
    const timing = { ...USUAL.timing, remindEvery: DAY };
    await using service = await BareService.start({ timing });
    await service.beat("23", "fail");
    await service.pass(HOUR);
    await service.store.snooze("23", service.now + 30 * DAY, service.now);
    await service.pass(2 * DAY);
    await service.store.snooze("23", null, service.now);
    await service.pass(MINUTE);

    assert.deepEqual(service.news().slice(1), [[2 * DAY + HOUR, "reminder, still 23"]]);
  });

  await t.step("told while it was snoozed already", async () => {
    const timing = { ...USUAL.timing, remindEvery: DAY };
    await using service = await BareService.start({ timing });
    service.fate = "unreachable";
    await service.beat("23", "fail");
    await service.pass(MINUTE);
    await service.store.snooze("23", START + 3 * DAY, service.now);
    service.fate = "sent";
    await service.pass(3 * DAY);

    assert.deepEqual(service.news().map(([at]) => at).slice(1), [3 * DAY]);
  });

  await t.step(
    "with reminders more often than when it was snoozed: too early, but once",
    async () => {
      const timing = { ...USUAL.timing, remindEvery: DAY };
      await using service = await BareService.start({ timing });
      await service.beat("23", "fail");
      await service.pass(HOUR);
      await service.store.snooze("23", START + 3 * DAY, service.now);
      await service.restart({ timing: { ...timing, remindEvery: HOUR } });
      await service.pass(3 * DAY - 2 * HOUR);

      assert.ok(service.news().slice(1).every(([at]) => at >= 2 * DAY));
    },
  );
});

Deno.test("maintenance is for one app, a tag or all", async (t) => {
  const cases: readonly (readonly [WindowScope, string])[] = [
    [{ kind: "app", appId: "23" }, "down 7"],
    [{ kind: "tag", tag: "shop" }, "down 7"],
    [{ kind: "all" }, ""],
  ];
  for (const [scope, expected] of cases) {
    await t.step(scope.kind, async () => {
      await using service = await BareService.start();
      await service.store.register("23", { ...NO_SETTINGS, tags: ["shop"] }, service.now);
      for (const app of ["23", "7"]) await service.beat(app);
      await service.store.addMaintenance(once(service.now, HOUR, scope), service.now);

      await service.pass(10 * MINUTE);

      assert.equal(service.news().map(([, text]) => text).join(), expected);
    });
  }
});

Deno.test("maintenance that comes again keeps each of its times quiet", async (t) => {
  // The start is a Tuesday, 10:20:49 in Moscow.
  const place = { timeOfDay: 11 * HOUR, timeZone: "Europe/Moscow" };
  const beginsAt = Date.UTC(2026, 10, 24, 8) - START;
  const cases = [
    { recurrence: { kind: "daily", ...place }, every: DAY },
    { recurrence: { kind: "weekly", weekday: "tue", ...place }, every: 7 * DAY },
  ] as const;
  for (const { recurrence, every } of cases) {
    await t.step(recurrence.kind, async () => {
      await using service = await BareService.start();
      const scope = { kind: "all" } as const;
      await service.store.addMaintenance({ scope, recurrence, length: HOUR, note: null }, START);
      const told = [];
      for (let time = 0; time < 3; time++) {
        await service.pass(START + time * every + beginsAt - service.now);
        await service.beat("23", "fail");
        await service.pass(2 * HOUR);
        await service.beat("23");
        await service.store.pause("23", service.now);
        await service.store.resume("23", service.now);
        told.push(service.news());
      }

      const endsAt = [0, 1, 2].map((time) => time * every + beginsAt + HOUR);
      assert.deepEqual(told, endsAt.map((at) => [[at + WINDOW, "down 23"]]));
    });
  }
});

Deno.test("a window that is added while an app is down keeps no alarm back, but one that is kept back for longer", async () => {
  await using service = await BareService.start();
  await service.beat("down", "fail");
  await service.beat("quiet");
  await service.store.snooze("quiet", START + HOUR, service.now);
  await service.pass(10 * MINUTE);
  await service.store.addMaintenance(once(service.now, 2 * HOUR, { kind: "all" }), service.now);
  await service.pass(3 * HOUR);

  assert.deepEqual(service.news().map(([at, text]) => [at, text.split(",")[0]]), [
    [WINDOW, "down down"],
    [2 * HOUR + 10 * MINUTE + WINDOW, "down quiet"],
  ]);
});

Deno.test("an early end of one window leaves an app quiet that another still covers", async () => {
  await using service = await BareService.start();
  await service.beat("23");
  const { id } = await service.store.addMaintenance(once(START, 2 * HOUR), service.now);
  await service.store.addMaintenance(once(START, HOUR, { kind: "all" }), service.now);
  await service.pass(30 * MINUTE);

  await service.store.removeMaintenance(id, service.now);
  await service.pass(HOUR);

  assert.deepEqual(service.news(), [[HOUR + WINDOW, "down 23"]]);
});

Deno.test("all who were kept quiet are one letter when that ends", async () => {
  await using service = await BareService.start();
  const apps = ["a", "b", "c"];
  for (const app of apps) await service.beat(app);
  await service.store.addMaintenance(once(START, HOUR, { kind: "all" }), service.now);

  await service.pass(HOUR + MINUTE);

  assert.deepEqual(service.news(), [[HOUR + WINDOW, "down a, down b, down c"]]);
});

Deno.test("an app that is acknowledged in a snooze alarms when that ends, and is not reminded of", async () => {
  const timing = { ...USUAL.timing, remindEvery: DAY };
  await using service = await BareService.start({ timing });
  await service.beat("23");
  await service.store.snooze("23", START + HOUR, service.now);
  await service.pass(10 * MINUTE);
  await service.store.acknowledge("23", service.now);
  await service.pass(3 * DAY);

  assert.deepEqual(service.news(), [[HOUR + WINDOW, "down 23"]]);
  assert.ok(service.now > START + 3 * DAY - SECOND);
});
