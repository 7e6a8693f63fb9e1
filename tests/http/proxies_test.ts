import assert from "node:assert/strict";
import { isThere, NGINX_BARE, PROXIES, type ProxyKind, startProxy } from "../support/proxies.ts";
import { Person } from "../support/person.ts";
import { type TestService, testService, TOKEN } from "../support/service.ts";

/** Where clients ask from: another address than the proxies'. */
const CLIENT = "127.0.0.9";
const PROXY = "127.0.0.1";

/** What clients invent to be taken for somebody else. */
const INVENTED: readonly string[] = [
  "X-Forwarded-For: 6.6.6.6",
  "X-Forwarded-For: 6.6.6.6, 10.0.0.1:80",
  "Forwarded: for=6.6.6.6",
  'Forwarded: for="6.6.6.6',
  "X-Real-IP: 6.6.6.6",
];

for (const kind of PROXIES) {
  proxyTest(
    `behind ${kind.name} each sender has its own address, and can invent none`,
    kind,
    async (t) => {
      await using service = await testService({ config: { trustedProxies: [PROXY] } });
      await using proxy = await startProxy(kind, service);

      await t.step("who invents nothing", async () => {
        assert.equal(await seen(service, proxy.url), CLIENT);
      });
      for (const header of INVENTED) {
        await t.step(header, async () => {
          assert.ok([CLIENT, PROXY].includes(await seen(service, proxy.url, header)));
        });
      }
    },
  );

  proxyTest(`a login works behind ${kind.name}`, kind, async () => {
    await using service = await testService({ config: { trustedProxies: [PROXY] } });
    await using proxy = await startProxy(kind, service);

    const person = await Person.logIn(proxy, { headers: { Origin: proxy.url } });

    assert.match((await person.page("/")).text, /No app yet/);
  });
}

proxyTest(
  "behind nginx with proxy_pass alone a login works with BASE_URL, or says what to set",
  NGINX_BARE,
  async () => {
    await using service = await testService();
    await using proxy = await startProxy(NGINX_BARE, service);
    const person = new Person(proxy, { Origin: proxy.url });

    const before = await person.post("/login", { token: TOKEN });
    await service.restart({ baseUrl: proxy.url, port: Number(new URL(service.url).port) });
    const after = await person.post("/login", { token: TOKEN });

    assert.equal(before.status, 403);
    assert.match(before.text, /proxy_set_header Host \$http_host\), or set BASE_URL/);
    assert.equal(after.status, 303);
  },
);

/** A test that wants a program which not every machine has. */
function proxyTest(
  name: string,
  kind: ProxyKind,
  fn: (t: Deno.TestContext) => Promise<void>,
): void {
  if (isThere(kind)) Deno.test(name, fn);
  else Deno.test({ name: `${name}: not tried, for there is no ${kind.program}`, ignore: true, fn });
}

/** Sends a heartbeat by the proxy, and returns the address that is kept with it. */
async function seen(service: TestService, url: string, header?: string): Promise<string> {
  const { success, stdout } = await new Deno.Command("curl", {
    args: [
      ...["-sS", "--fail-with-body", "--max-time", "10", "--interface", CLIENT],
      ...(header === undefined ? [] : ["-H", header]),
      ...["-d", '{"app_id": 23}', `${url}/api/apps/`],
    ],
  }).output();
  assert.ok(success, new TextDecoder().decode(stdout));
  const response = await service.request("GET", "/api/apps/23/heartbeats?limit=1");
  const { heartbeats: [newest] } = await response.json();
  return newest.address;
}
