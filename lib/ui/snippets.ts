/**
 * Heartbeats ready to be copied, with the real address and the app's own id.
 *
 * @module
 */

/** What a snippet is made of. */
export interface SnippetFacts {
  /** Where this service is reached, without a slash at its end. */
  readonly origin: string;
  readonly appId: string;
  /** Whether heartbeats must carry HEARTBEAT_TOKEN. */
  readonly hasToken: boolean;
}

/** A heartbeat in one language. */
export interface Snippet {
  /** Its name, also within ids. */
  readonly language: "curl" | "crontab" | "Python" | "JavaScript" | "PowerShell";
  readonly code: string;
}

/**
 * The same heartbeat in each language. An `app_id` has no character that any
 * of them would obey, and an origin is a URL's; where a token is wanted, it is
 * taken from the environment.
 */
export function snippets({ origin, appId, hasToken }: SnippetFacts): readonly Snippet[] {
  const url = `${origin}/api/apps/`;
  const json = `{"app_id": "${appId}"}`;
  const header = hasToken ? ` -H "Authorization: Bearer $HEARTBEAT_TOKEN"` : "";
  const curl = `curl -fsS --retry 3 --max-time 10 -o /dev/null -X POST ${url}${header}`;
  return [
    { language: "curl", code: `${curl} -d '${json}'` },
    { language: "crontab", code: `30 2 * * * your-job && ${curl} -d '${json}'` },
    { language: "Python", code: python(url, appId, hasToken) },
    { language: "JavaScript", code: javaScript(url, appId, hasToken) },
    { language: "PowerShell", code: powerShell(url, json, hasToken) },
  ];
}

function python(url: string, appId: string, hasToken: boolean): string {
  const headers = hasToken
    ? [`    headers={"Authorization": "Bearer " + os.environ["HEARTBEAT_TOKEN"]},`]
    : [];
  return [
    ...(hasToken ? ["import os"] : []),
    "import requests",
    "",
    "requests.post(",
    `    "${url}",`,
    `    json={"app_id": "${appId}", "message": "OK"},`,
    ...headers,
    "    timeout=10,",
    ").raise_for_status()",
  ].join("\n");
}

function javaScript(url: string, appId: string, hasToken: boolean): string {
  const headers = hasToken
    ? ["  headers: { Authorization: `Bearer ${process.env.HEARTBEAT_TOKEN}` },"]
    : [];
  return [
    `const answer = await fetch("${url}", {`,
    '  method: "POST",',
    ...headers,
    `  body: JSON.stringify({ app_id: "${appId}", message: "OK" }),`,
    "  signal: AbortSignal.timeout(10_000),",
    "});",
    "if (!answer.ok) throw new Error(await answer.text());",
  ].join("\n");
}

function powerShell(url: string, json: string, hasToken: boolean): string {
  const header = hasToken ? ` -Headers @{ Authorization = "Bearer $env:HEARTBEAT_TOKEN" }` : "";
  return `Invoke-RestMethod -Method Post -Uri '${url}' -TimeoutSec 10${header} ` +
    `-ContentType 'application/json' -Body '${json}'`;
}
