/**
 * TLS in front of a mail server that knows none.
 *
 * The server itself stays in plain text, for a `node:tls` server does not work
 * on Deno 2.6; `Deno.listenTls` works on all.
 *
 * @module
 */

import { close, ignoreGone, read, write, writeBytes } from "./wire.ts";

/** The certificates beside `certificates/make.sh`, which says what each is. */
export type CertificateName = "server" | "elsewhere" | "expired" | "foreign";

/** The authority of all of them but the foreign one, PEM. */
export function authority(): string {
  return pem("authority");
}

/** A listener that speaks TLS to clients and plain text to the server behind it. */
export class TlsFront implements AsyncDisposable {
  readonly #listener: Deno.TlsListener;
  readonly #plain: Deno.TcpListener | null;
  readonly #backend: number;
  readonly #open = new Set<Disposable>();
  readonly #served: Promise<unknown>;

  /** With `starttls` clients begin in plain text, and get nowhere before they have asked for TLS. */
  constructor(options: {
    readonly security: "tls" | "starttls";
    readonly certificate: CertificateName;
    readonly port: number;
    /** The server's port on 127.0.0.1. */
    readonly backend: number;
  }) {
    const { security, certificate, port, backend } = options;
    const hostname = "127.0.0.1";
    this.#backend = backend;
    this.#listener = Deno.listenTls({
      hostname,
      port: security === "tls" ? port : 0,
      cert: pem(certificate),
      key: pem(`${certificate}.key`),
    });
    this.#plain = security === "tls" ? null : Deno.listen({ hostname, port });
    this.#served = Promise.all([this.#serveTls(), this.#servePlain()]);
  }

  get port(): number {
    const listener = this.#plain ?? this.#listener;
    return listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#plain?.close();
    this.#listener.close();
    for (const each of this.#open) close(each);
    await this.#served;
  }

  async #serveTls(): Promise<void> {
    const conversations: Promise<void>[] = [];
    for await (const client of accepted(this.#listener)) {
      conversations.push(this.#secure(client));
    }
    await Promise.all(conversations);
  }

  async #servePlain(): Promise<void> {
    const conversations: Promise<void>[] = [];
    for await (const client of this.#plain === null ? [] : accepted(this.#plain)) {
      conversations.push(this.#upgrade(client));
    }
    await Promise.all(conversations);
  }

  /** Troubles the server only once the client is content with the certificate. */
  async #secure(client: Deno.TlsConn): Promise<void> {
    this.#open.add(client);
    try {
      await client.handshake();
    } catch (error) {
      ignoreGone(error);
      return close(client);
    }
    await this.#join(client, this.#backend, this.#plain !== null);
  }

  /** Talks plain SMTP up to STARTTLS, and hands over what follows to the TLS listener. */
  async #upgrade(client: Deno.Conn): Promise<void> {
    this.#open.add(client);
    await write(client, "220 front.test ESMTP\r\n");
    for (let line = await next(client); !line.startsWith("STARTTLS"); line = await next(client)) {
      if (line === "") return close(client);
      const isHello = line.startsWith("EHLO");
      await write(
        client,
        isHello ? "250-front.test\r\n250 STARTTLS\r\n" : "530 5.7.0 TLS first\r\n",
      );
    }
    await write(client, "220 2.0.0 go ahead\r\n");
    await this.#join(client, this.#listener.addr.port, false);
  }

  /** Passes on all that either side says; after STARTTLS nobody expects a second greeting. */
  async #join(client: Deno.Conn, port: number, swallowsGreeting: boolean): Promise<void> {
    try {
      const server = await Deno.connect({ hostname: "127.0.0.1", port });
      this.#open.add(server);
      if (swallowsGreeting) await next(server);
      await Promise.all([pass(client, server), pass(server, client)]);
    } catch (error) {
      ignoreGone(error);
    }
    close(client);
  }
}

async function* accepted<C extends Deno.Conn>(listener: {
  accept(): Promise<C>;
}): AsyncGenerator<C> {
  for (;;) {
    try {
      yield await listener.accept();
    } catch (error) {
      if (error instanceof Deno.errors.BadResource) return;
      ignoreGone(error);
    }
  }
}

/** Passes on what one side says, and closes the other when it has ended. */
async function pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  for await (const bytes of read(from)) await writeBytes(to, bytes);
  close(to);
}

/** What comes next, mostly a line; empty at the end. */
async function next(connection: Deno.Conn): Promise<string> {
  for await (const bytes of read(connection)) return new TextDecoder().decode(bytes);
  return "";
}

function pem(name: string): string {
  return Deno.readTextFileSync(new URL(`certificates/${name}.pem`, import.meta.url));
}
