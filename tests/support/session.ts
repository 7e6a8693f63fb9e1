/** Logging in, as the form of the login page does. */

/** The cookie by which a browser is known once somebody has logged in. */
export interface SessionCookie {
  readonly name: string;
  readonly value: string;
}

/** The cookie's name. */
export const SESSION_COOKIE = "stillalive_session";

/**
 * Logs in by a token; null where nothing answers that gives a session.
 *
 * @throws {Error} where there is a login which refuses the token.
 */
export async function sessionOf(url: string, token: string): Promise<SessionCookie | null> {
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
  // A service without the page answers as to any path that is none.
  const isPage = response.headers.get("Content-Type")?.startsWith("text/html") ?? false;
  if (isPage) throw new Error(`Cannot log in: ${url}/login answered ${response.status}`);
  return null;
}
