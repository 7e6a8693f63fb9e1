import assert from "node:assert/strict";
import { MINUTE, SECOND } from "../../lib/clock.ts";
import { Person } from "../support/person.ts";
import { testService } from "../support/service.ts";

Deno.test("the status page shows the apps of its tags to everyone, by name and status alone", async () => {
  await using service = await testService({ config: { statusTags: ["shop", "empty"] } });
  for (const [id, name] of [["billing", "Billing"], ["web", "Web"]]) {
    const settings = { name, tags: ["shop"], note: "a secret note" };
    await (await service.request("PUT", `/api/apps/${id}`, settings)).text();
    await service.beat(id ?? "", { message: "a secret message" });
  }
  await service.beat("inner");
  service.clock.advance(MINUTE);
  await service.beat("web");
  service.clock.advance(31 * SECOND);

  const { status, text, html } = await new Person(service).get("/status");

  assert.equal(status, 200);
  assert.match(text, /1 app is down shop Billing down [\d.]+% Web up 100% empty There is nothing/);
  assert.doesNotMatch(html, /secret|inner|billing|127\.0\.0\.1/);
});

Deno.test("the status page shows nobody whose tag is only like one that is set for it", async () => {
  await using service = await testService({ config: { statusTags: ["shop"] } });
  for (const [id, tag] of [["web", "shop"], ["inner", "Shop"]]) {
    await (await service.request("PUT", `/api/apps/${id}`, { tags: [tag] })).text();
  }

  const { text } = await new Person(service).get("/status");

  assert.match(text, /web/);
  assert.doesNotMatch(text, /inner/);
});

Deno.test("there is no status page unless tags are set for it", async () => {
  await using service = await testService();

  assert.equal((await new Person(service).get("/status")).status, 401);
});

Deno.test("a crowd that asks for the status page is shown what was read for the first", async () => {
  await using service = await testService({ config: { statusTags: ["shop"] } });
  const person = new Person(service);
  const settings = { tags: ["shop"] };
  await (await service.request("PUT", "/api/apps/web", settings)).text();

  await person.get("/status");
  await service.beat("web", { kind: "fail" });
  const soon = await person.get("/status");
  service.clock.advance(10 * SECOND);
  const later = await person.get("/status");

  assert.match(soon.text, /All is well/);
  assert.match(later.text, /1 app is down/);
});

Deno.test("a badge is there for whoever has its address, as a picture and for shields", async () => {
  await using service = await testService();
  await service.beat("shop");
  await (await service.request("PATCH", "/api/apps/shop", { name: "<b>Shop</b>" })).text();
  const page = await (await Person.logIn(service)).get("/apps/shop");
  const path = /\/badge\/shop\/[\w-]{22}/.exec(page.html)?.[0] ?? "";
  const person = new Person(service);

  const picture = await person.get(`${path}.svg`);
  const json = await person.get(`${path}.json`);
  const guessed = await person.get("/badge/shop/aaaaaaaaaaaaaaaaaaaaaa.svg");

  assert.equal(picture.headers.get("Content-Type"), "image/svg+xml");
  assert.match(picture.html, /^<svg [^>]*aria-label="&lt;b&gt;Shop&lt;\/b&gt;: up">/);
  assert.doesNotMatch(picture.html, /<b>/);
  assert.deepEqual(JSON.parse(json.html), {
    schemaVersion: 1,
    label: "<b>Shop</b>",
    message: "up",
    color: "1a6b3c",
  });
  assert.equal(guessed.status, 404);
});
