import assert from "node:assert/strict";
import { Backtests, BACKTESTS_LIMIT } from "../lib/backtests.ts";
import { HOUR } from "../lib/clock.ts";
import { BareService } from "./support/bare_service.ts";
import { DEFAULTS, openStore } from "./support/store.ts";

Deno.test("backtests run one after the other, and no more wait than may", async () => {
  await using service = await BareService.start();
  await service.beat("23");
  await service.pass(HOUR);
  const backtests = new Backtests(service.store, DEFAULTS);
  const ask = () => backtests.run("23", {}).then((found) => found?.silences, ({ code }) => code);

  const answers = await Promise.all(Array.from({ length: BACKTESTS_LIMIT + 2 }, ask));
  const later = await ask();

  assert.deepEqual(answers, [
    ...Array.from({ length: BACKTESTS_LIMIT }, () => 1),
    ...["unavailable", "unavailable"],
  ]);
  assert.equal(later, 1);
});

Deno.test("a backtest that fails keeps no other from being run", async () => {
  const store = await openStore();
  const backtests = new Backtests(store, DEFAULTS);
  store[Symbol.dispose]();

  await assert.rejects(backtests.run("23", {}), /not open/);
  await assert.rejects(backtests.run("23", {}), /not open/);
});
