/** Logging in, as the form of the login page does. */

/** The cookie by which a browser is known once somebody has logged in. */
export interface SessionCookie {
  readonly name: string;
  readonly value: string;
}

/** The cookie's name. */
export const SESSION_COOKIE = "stillalive_session";

/** Logs in by a token; throws when that gives no session. */
export async function sessionOf(url: string, token: string): Promise<SessionCookie> {
  const response = await fetch(`${url}/login`, {
    method: "POST",
    headers: { Origin: url },
    body: new URLSearchParams({ token }),
    redirect: "manual",
  });
  await response.body?.cancel();
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = "", value = ""] = /^([^=]+)=([^;]+)/.exec(cookie) ?? [];
    if (name === SESSION_COOKIE) return { name, value };
  }
  throw new Error(`Cannot log in: ${url}/login answered ${response.status}`);
}
