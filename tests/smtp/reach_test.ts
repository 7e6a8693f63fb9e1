import assert from "node:assert/strict";
import type { SmtpConfig } from "../../lib/config.ts";
import { LIMITS, type Limits } from "../../lib/smtp/limits.ts";
import { type Reached, reachOneOf } from "../../lib/smtp/reach.ts";
import { crowd } from "../support/crowded_place.ts";
import { scriptedServer } from "../support/smtp_script.ts";
import { mailServer } from "../support/smtp_server.ts";
import { plainConfig } from "../support/smtp_try.ts";

/** In milliseconds: an address on this machine that answers does so before. */
const SOON = 300;

/** Two addresses of this machine: every system but Linux has only the first. */
const [ALIVE, OTHER] = ["127.0.0.1", "127.0.0.2"];
const hasOne = Deno.build.os !== "linux";

/** Deno 2.6 goes on with a call of which nobody wants to know any more. */
const DEAD = { sanitizeOps: false, sanitizeResources: false };

/** Reaches one of these addresses, or does not. */
async function reached(
  addresses: readonly string[],
  config: SmtpConfig,
  limits: Partial<Limits> = {},
): Promise<string> {
  const { signal } = new AbortController();
  return ended(await reachOneOf(addresses, { config, limits: { ...LIMITS, ...limits }, signal }));
}

function ended(how: Reached): string {
  switch (how.kind) {
    case "reached":
      how.socket.destroy();
      return "reached";
    case "timeout":
      return how.wait.state;
    case "error":
      return how.error.code ?? how.error.message;
    case "abort":
      return how.kind;
  }
}

Deno.test("of several addresses the first that answers is taken", DEAD, async (t) => {
  for (const security of ["none", "tls"] as const) {
    await using server = await mailServer({ security });

    await t.step({
      name: `where nobody listens at the first, with ${security}`,
      ignore: hasOne,
      fn: async () => assert.equal(await reached([OTHER, ALIVE], server.config), "reached"),
    });
    await t.step({
      name: `where the first is dead, with ${security}`,
      ignore: hasOne,
      fn: async () => {
        using _dead = await crowd({ hostname: OTHER, port: server.config.port });

        assert.equal(await reached([OTHER, ALIVE], server.config, { call: SOON }), "reached");
      },
    });
  }
});

Deno.test("what is told of several addresses that all fail is what the first did", {
  ...DEAD,
  ignore: hasOne,
}, async () => {
  const server = scriptedServer();
  const { port } = server;
  await server[Symbol.asyncDispose]();
  using _dead = await crowd({ hostname: OTHER, port });
  const limits = { call: SOON, lastCall: SOON };

  const whys = [
    await reached([ALIVE, OTHER], plainConfig(port), limits),
    await reached([OTHER, ALIVE], plainConfig(port), limits),
  ];

  assert.deepEqual(whys, ["ECONNREFUSED", "no answer"]);
});
