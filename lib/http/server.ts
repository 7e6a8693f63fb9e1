/**
 * The service's HTTP side: which route is which, and what becomes of faults.
 *
 * @module
 */

import type { Arrivals } from "../arrivals.ts";
import { AppError } from "../errors.ts";
import { TextQuota } from "../text_quota.ts";
import type { Watch } from "../watch.ts";
import { type AcknowledgeParts, getAcknowledge, postAcknowledge } from "./acknowledge.ts";
import { getApp, getApps } from "./apps.ts";
import { type BacktestParts, getBacktest } from "./backtest.ts";
import { type ExplainParts, getExplain } from "./explain.ts";
import { faultHandler, type FaultParts } from "./faults.ts";
import { getFlips, getHeartbeats } from "./history.ts";
import { getHealthz, getReadyz, type HealthParts } from "./health.ts";
import { checkHost } from "./host.ts";
import { postHeartbeats, refuseMethod } from "./heartbeats.ts";
import {
  deleteMaintenance,
  getMaintenance,
  type MaintenanceParts,
  postMaintenance,
} from "./maintenance.ts";
import { getMetrics, type MetricsParts } from "./metrics.ts";
import { getOutbox, postRetry, retried } from "./outbox.ts";
import { ping, type PingParts } from "./ping.ts";
import { Refusals } from "./refusals.ts";
import {
  acknowledgeApp,
  deleteApp,
  patchApp,
  pauseApp,
  putApp,
  type RegistryParts,
  resumeApp,
  snoozeApp,
} from "./registry.ts";
import { RequestTimes } from "./request_times.ts";
import { type Env, type Handler, route, routes } from "./routes.ts";

/** What the routes work with. */
interface Parts
  extends
    PingParts,
    RegistryParts,
    MaintenanceParts,
    AcknowledgeParts,
    BacktestParts,
    ExplainParts,
    Omit<HealthParts, "timing">,
    FaultParts,
    MetricsParts {
  readonly watch: Watch;
  /** Told of each request. */
  readonly arrivals: Arrivals;
}

/** How many requests are being answered. */
export interface Traffic {
  underWay: number;
  /** Of these, how many have not sent all of their body. */
  awaited(): number;
}

/** What the server is given; the rest it makes itself. */
export interface ServerParts extends Omit<Parts, "requestTimes" | "refusals" | "quota"> {
  readonly traffic: Traffic;
  /** Asked for whatever no route here is for. */
  readonly site: PageHandler;
}

/** Answers for the pages, which people look at; null for what is none of them. */
export type PageHandler = (request: Request, env: Env["Bindings"]) => Promise<Response | null>;

/** Answers a request that came from `peer`. */
export type RequestHandler = (request: Request, peer: string) => Response | Promise<Response>;

/** Where heartbeats are sent to; the router takes it without the slash, and with a query, too. */
const HEARTBEATS_PATH = "/api/apps/";

/** Where heartbeats come, by whatever host they are sent to. */
const TAKES_HEARTBEATS = /^http:\/\/[^/]*\/(?:ping\/|api\/apps\/?(?:\?|$))/;

/** A path that looks as if heartbeats were meant to go there, as one with a slash too many. */
const MISDIRECTED = /\/(?:ping\/|api\/+apps?\/*$)/;

/** All routes as one function. */
export function makeHandler({ site, traffic, ...server }: ServerParts): RequestHandler {
  const requestTimes = new RequestTimes();
  const refusals = new Refusals(server);
  const parts: Parts = { ...server, requestTimes, refusals, quota: new TextQuota() };
  const { access, watch, clock, sender, arrivals } = parts;
  const app = routes();
  const take = postHeartbeats(parts);

  const toHeartbeats = {
    POST: heartbeats(({ req, env }) => take(req.raw, env.peer)),
    GET: getApps(parts),
  };
  app.on(["PUT", "PATCH"], "/api/apps", heartbeats(refuseMethod(parts, toHeartbeats)));
  route(app, "/api/apps", toHeartbeats);
  route(app, "/api/apps/:app_id", {
    GET: getApp(parts),
    PUT: putApp(parts),
    PATCH: patchApp(parts),
    DELETE: deleteApp(parts),
  });
  route(app, "/api/apps/:app_id/pause", { POST: pauseApp(parts) });
  route(app, "/api/apps/:app_id/resume", { POST: resumeApp(parts) });
  route(app, "/api/apps/:app_id/heartbeats", { GET: getHeartbeats(parts) });
  route(app, "/api/apps/:app_id/flips", { GET: getFlips(parts) });
  route(app, "/api/apps/:app_id/explain", { GET: getExplain(parts) });
  route(app, "/api/apps/:app_id/backtest", { GET: getBacktest(parts) });
  route(app, "/api/maintenance", {
    GET: getMaintenance(parts),
    POST: postMaintenance(parts),
  });
  route(app, "/api/maintenance/:id", { DELETE: deleteMaintenance(parts) });
  route(app, "/api/apps/:app_id/ack", { POST: acknowledgeApp(parts) });
  route(app, "/api/apps/:app_id/snooze", { POST: snoozeApp(parts) });
  route(app, "/api/outbox", { GET: getOutbox(parts) });
  route(app, "/api/outbox/retry", { POST: postRetry(parts) });
  const pinged = heartbeats(ping(parts));
  // Whatever else is asked of these paths is a heartbeat that is refused.
  for (const path of ["/ping/:app_id", "/ping/:app_id/:kind", "/ping/:app_id/:kind/:more{.+}"]) {
    app.all(path, pinged);
  }
  route(app, "/api/check", {
    POST: async (exchange) => {
      await access.permit(exchange.req.raw, "write");
      const down = await watch.sweep();
      return exchange.json({ down, ...await retried(watch) });
    },
  });
  route(app, "/ack/:token", { GET: getAcknowledge(parts), POST: postAcknowledge(parts) });
  route(app, "/healthz", { GET: getHealthz(parts) });
  route(app, "/readyz", { GET: getReadyz(parts) });
  route(app, "/metrics", { GET: getMetrics(parts) });

  app.notFound(async (exchange) => {
    const page = await site(exchange.req.raw, exchange.env);
    if (page !== null) return page;
    if (MISDIRECTED.test(exchange.req.path)) {
      const from = sender.address(exchange.req.raw, exchange.env.peer);
      await refusals.note([{ reason: "wrong_path", appIds: [] }], from);
    }
    // Without a token nobody learns what there is and what there is not.
    await access.permit(exchange.req.raw, "read");
    throw new AppError("not_found", "Cannot find this: there is no such route");
  });
  const fault = faultHandler(parts);
  app.onError((error, { req, env }) => fault(error, req.raw, env));

  const routed = (request: Request, env: Env["Bindings"]) => {
    if (!TAKES_HEARTBEATS.test(request.url)) checkHost(request);
    sender.look(request, env.peer);
    return app.fetch(request, env);
  };

  return async (request, peer) => {
    arrivals.count++;
    traffic.underWay++;
    const began = clock.stopwatch();
    const env: Env["Bindings"] = { peer, isHeartbeat: bringsHeartbeats(request) };
    let response: Response;
    try {
      // Nearly all that comes goes past the router: 5 % more heartbeats a second (tests/bench/).
      response = await (env.isHeartbeat ? take(request, peer) : routed(request, env));
    } catch (error) {
      response = fault(error, request, env);
    }
    const { status } = response;
    // What is left of a body that was not read whole must not be taken for the next request.
    if (status === 408 || status === 413) response.headers.set("Connection", "close");
    requestTimes.observe(env.isHeartbeat, status, clock.stopwatch() - began);
    traffic.underWay--;
    return response;
  };
}

/** Whether a request is written just as we tell people to write it. */
function bringsHeartbeats({ method, url }: Request): boolean {
  // "http://" comes before the host, and a path after that. Deno 2.6 leaves an empty host empty.
  return method === "POST" && url.endsWith(HEARTBEATS_PATH) &&
    url.indexOf("/", 7) === url.length - HEARTBEATS_PATH.length;
}

/** A route that takes heartbeats. */
function heartbeats(take: Handler): Handler {
  return (exchange) => {
    exchange.env.isHeartbeat = true;
    return take(exchange);
  };
}
