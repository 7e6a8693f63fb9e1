/**
 * Requests as bytes: what no client would send.
 *
 * @module
 */

import { close, read, write } from "./wire.ts";

/** What was answered. */
export interface RawAnswer {
  readonly status: number;
  /** Head and body, as they came. */
  readonly text: string;
}

/** Sends the text as it stands, each character a byte, and reads until the other side closes. */
export async function askRaw(url: string, text: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const connection = await Deno.connect({ hostname, port: Number(port) });
  try {
    await write(connection, text);
    const decoder = new TextDecoder();
    let answered = "";
    for await (const piece of read(connection)) answered += decoder.decode(piece, { stream: true });
    const status = /^HTTP\/1\.[01] (\d{3})/.exec(answered)?.[1];
    return { status: Number(status ?? NaN), text: answered };
  } finally {
    close(connection);
  }
}

/** A request whose answer ends its connection; a host of null sends none. */
export function rawRequest(
  line: string,
  { host = "alive.example.com", headers = [], body = "" }: {
    readonly host?: string | null;
    readonly headers?: readonly string[];
    readonly body?: string;
  } = {},
): string {
  const length = new TextEncoder().encode(body).length;
  return [
    `${line} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    ...headers,
    ...(body === "" ? [] : [`Content-Length: ${length}`]),
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}
