import assert from "node:assert/strict";
import { HOUR, MINUTE, SECOND } from "../lib/clock.ts";
import { type MailServer, mailServer } from "./support/smtp_server.ts";
import { type TestService, testService } from "./support/service.ts";
import { SILENCE } from "./support/store.ts";

const WINDOW = 3 * SECOND;

/** Registers an app of a day, hears it and one of a minute, and lets both become due. */
async function fallDue(service: TestService): Promise<void> {
  await (await service.request("PUT", "/api/apps/backup", { period: "1d", grace: "23h" })).text();
  await service.beat("backup");
  service.clock.advance(HOUR);
  await service.beat("web");
}

/** How many letters there are when whatever is being mailed by now has been. */
async function letters(service: TestService, mail: MailServer): Promise<number> {
  await (await service.request("POST", "/api/check")).text();
  await service.restart(); // a stop waits for what is under way
  return mail.letters.length;
}

Deno.test("a gap of more than a minute that moved deadlines is one letter, which counts those told of by themselves", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await fallDue(service);

  await service.restart({}, { offFor: MINUTE + 1 });
  const early = await letters(service, mail);
  service.clock.advance(WINDOW);
  await service.logs("letter sent");

  const [letter, ...more] = mail.letters;
  assert.equal(early, 0);
  assert.match(
    letter?.parsed.subject ?? "",
    /^Nothing could be heard from .*; 1 app gets more time/,
  );
  assert.match(letter?.parsed.text ?? "", /1 more alarm may come over an hour later than usual/);
  assert.doesNotMatch(letter?.parsed.text ?? "", /\bbackup\b|\bweb\b/);
  assert.deepEqual(more, []);
});

Deno.test("a gap up to a minute, and one that moved nothing, are no letter", async (t) => {
  const cases = [["a minute", MINUTE, ["web"]], ["moved nothing", HOUR, []]] as const;
  for (const [name, offFor, apps] of cases) {
    await t.step(name, async () => {
      await using mail = await mailServer();
      await using service = await testService({ mail });
      for (const app of apps) await service.beat(app);

      await service.restart({}, { offFor });
      service.clock.advance(WINDOW);
      const sent = await letters(service, mail);

      assert.equal(sent, 0);
      assert.deepEqual(service.gaps().map(({ moved }) => moved), [apps.length]);
    });
  }
});

Deno.test("the next letter about gaps comes an hour later, and counts all since", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await fallDue(service);
  await service.restart({}, { offFor: 2 * MINUTE });
  service.clock.advance(WINDOW);
  await service.logs("letter sent");
  const told = service.clock.now();
  await service.beat("web");

  for (let gap = 0; gap < 2; gap++) {
    await service.restart({}, { offFor: 2 * MINUTE });
    await service.beat("web");
    service.clock.advance(MINUTE);
    await service.beat("web");
  }
  // Unheard in the last gap, or it would fall silent before the letter comes.
  await (await service.request("POST", "/api/apps/web/pause")).text();
  service.clock.moveTo(told + HOUR - 1);
  const early = await letters(service, mail);
  service.clock.advance(1);
  await service.logs("letter sent", 2);

  assert.equal(early, 1);
  assert.equal(mail.letters.length, 2);
  assert.match(
    mail.letters[1]?.parsed.text ?? "",
    /Nothing could be heard in 2 gaps, 4 min in all/,
  );
});

Deno.test("a letter about a gap that is refused for now waits, and the account is right all the same", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await fallDue(service);
  mail.refuse({ at: "letter", code: 451, text: "4.7.1 greylisted" });

  await service.restart({}, { offFor: 2 * MINUTE });
  service.clock.advance(WINDOW);
  await service.logs("letter not sent");

  const { messages } = await (await service.request("GET", "/api/outbox")).json();
  assert.deepEqual(messages.map(({ kind, state }: Record<string, string>) => [kind, state]), [
    ["gap", "waiting"],
  ]);
});

Deno.test("a letter about a gap holds up no alarm, and is held up by none", async () => {
  await using mail = await mailServer();
  await using service = await testService({ mail });
  await fallDue(service);
  await service.beat("a", { kind: "fail" });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 1);

  await service.restart({}, { offFor: MINUTE + 1 });
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 2);
  service.clock.advance(SILENCE - WINDOW);
  await service.logs("app down", 2);
  service.clock.advance(WINDOW);
  await service.logs("letter sent", 3);

  assert.deepEqual(mail.letters.map(({ parsed }) => parsed.subject?.slice(0, 15)), [
    "1 app reported ",
    "Nothing could b",
    "1 app is down: ",
  ]);
});
