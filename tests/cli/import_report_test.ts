import assert from "node:assert/strict";
import { importSummary, progressBar, progressLine } from "../../lib/cli/import_report.ts";
import { Tally } from "../../lib/original.ts";
import { START } from "../support/fake_clock.ts";

const END = { total: 3, apps: 1, registered: 1, watched: null, isStopped: false };

function tally(): Tally {
  const value = (text: string) => ({ type: "integer", text }) as const;
  const row = (id: bigint, date: string) => ({
    id,
    appId: value("23"),
    date: value(date),
    message: value(""),
  });
  const made = new Tally();
  made.readable([row(1n, String(START)), row(2n, "-1"), row(3n, String(START))], START);
  made.took(1);
  return made;
}

Deno.test("progress is a bar on a terminal and a line elsewhere", () => {
  assert.equal(
    progressBar({ read: 350_000, total: 1_000_000 }),
    "[##########--------------------] 35 %  350,000 of 1,000,000 rows",
  );
  assert.match(progressBar({ read: 0, total: 0 }), /^\[#{30}\] 100 % {2}0 of 0 rows$/);
  assert.equal(progressLine({ read: 5, total: 10 }), "5 of 10 rows read");
});

Deno.test("the summary accounts for every row", () => {
  assert.equal(
    importSummary(tally(), END),
    [
      "Imported.",
      "  rows read       3",
      "  taken           1",
      "  already there   1",
      "  refused         1",
      "  apps            1",
      "  registered      1",
      "Refused, for date is negative: 1",
      '  row 2: "-1"',
    ].join("\n"),
  );
});

Deno.test("the summary of a stopped import says that it can be repeated", () => {
  const [first] = importSummary(tally(), { ...END, total: 9, isStopped: true }).split("\n");

  assert.equal(first, "Stopped after 3 of 9 rows. Repeat it: nothing comes twice.");
});
