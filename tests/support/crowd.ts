/**
 * A crowd at the program's door: connections that come and stay, and do not
 * come to beat.
 *
 * @module
 */

import { close, ignoreGone, writeBytes } from "./wire.ts";

/** What a connection says when it has come. */
export type Manner = keyof typeof MANNERS;

const MANNERS = {
  /** Nothing. */
  silent: "",
  /** Half a head. */
  half: "POST /api/apps/ HTTP/1.1\r\nHost: crowd\r\nContent-",
  /** A request, and then nothing more. */
  idle: "GET /healthz HTTP/1.1\r\nHost: crowd\r\n\r\n",
  /** A heartbeat whose body never comes whole. */
  slow: "POST /api/apps/ HTTP/1.1\r\nHost: crowd\r\nContent-Length: 100\r\n\r\n{",
} as const;

/** Connections that stay until it is disposed of, or the program ends them. */
export class Crowd implements Disposable {
  readonly #port: number;
  readonly #connections: Deno.TcpConn[] = [];
  #isGone = false;
  /** How many were not let in. */
  refused = 0;

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
  }

  /** One more comes, if it is let in. */
  async come(manner: Manner): Promise<void> {
    try {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
      if (this.#isGone) return close(connection);
      this.#connections.push(connection);
      await writeBytes(connection, new TextEncoder().encode(MANNERS[manner]));
    } catch (error) {
      ignoreGone(error);
      this.refused++;
    }
  }

  /** So many come at once. */
  async storm(count: number, manner: Manner): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.come(manner)));
  }

  /** How many came in so far, and may have been sent away again. */
  get size(): number {
    return this.#connections.length;
  }

  [Symbol.dispose](): void {
    this.#isGone = true;
    for (const connection of this.#connections.splice(0)) close(connection);
  }
}

/** A client that keeps its connection from one heartbeat to the next, as long as it is let. */
export class KeptConnection implements Disposable {
  readonly #port: number;
  #connection: Deno.TcpConn | null = null;

  constructor(url: string) {
    this.#port = Number(new URL(url).port);
  }

  /**
   * Sends a heartbeat; resolves with the answer's head, or with what happened
   * instead. Told that the connection ends, it opens another one next time;
   * and so it does after a failure, without sending again.
   */
  async beat(appId: string): Promise<string> {
    const body = JSON.stringify({ app_id: appId });
    const head = `POST /api/apps/ HTTP/1.1\r\nHost: kept\r\nContent-Length: ${body.length}\r\n\r\n`;
    try {
      this.#connection ??= await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
      await this.#connection.write(new TextEncoder().encode(head + body));
      const answer = await this.#answer(this.#connection);
      if (/^connection: close/im.test(answer)) this[Symbol.dispose]();
      return answer;
    } catch (error) {
      this[Symbol.dispose]();
      if (!(error instanceof Error)) throw error;
      return error.name;
    }
  }

  [Symbol.dispose](): void {
    if (this.#connection !== null) close(this.#connection);
    this.#connection = null;
  }

  /** Its head and body: what is answered to a heartbeat comes in one piece, or nearly so. */
  async #answer(connection: Deno.TcpConn): Promise<string> {
    const buffer = new Uint8Array(4_096);
    let text = "";
    while (!isWhole(text)) {
      const count = await connection.read(buffer);
      if (count === null) throw new Deno.errors.UnexpectedEof();
      text += new TextDecoder().decode(buffer.subarray(0, count));
    }
    return text;
  }
}

function isWhole(text: string): boolean {
  const [head, body] = text.split("\r\n\r\n");
  const length = /^content-length: (\d+)/im.exec(head ?? "")?.[1];
  return body !== undefined && length !== undefined && body.length >= Number(length);
}
