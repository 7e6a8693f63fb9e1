/**
 * Ways to a mail server that are closed in some way, until they are repaired.
 *
 * @module
 */

import { type Duration, SECOND } from "../../lib/clock.ts";
import { PostOffice } from "../support/post_office.ts";
import { close } from "../support/wire.ts";
import { type CertificateName, TlsFront } from "../support/smtp_tls.ts";

/** A way to a mail server, on one port for good. */
export interface Door {
  /** What the program must know to find it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Opens it. */
  readonly repair: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** More connections than a listener holds for who does not take them. */
const CROWD = 5_000;

/** How long a connection takes that nobody answers: on this machine any other is there at once. */
const UNANSWERED: Duration = SECOND / 2;

const AUTHORITY = new URL("../support/certificates/authority.pem", import.meta.url).pathname;

/** Nobody listens. */
export async function noServer(post: PostOffice): Promise<Door> {
  await post.goDown();
  return {
    settings: {},
    repair: async () => await post.comeUp(),
    close: async () => {},
  };
}

/** TLS with another certificate than it should be. */
export function badCertificate(post: PostOffice, certificate: CertificateName): Door {
  let front = new TlsFront({ security: "tls", certificate, port: 0, backend: post.port });
  const { port } = front;
  return {
    settings: {
      SMTP_HOST: "localhost",
      SMTP_PORT: String(port),
      SMTP_SECURITY: "tls",
      SMTP_CA_FILE: AUTHORITY,
    },
    repair: async () => {
      await front[Symbol.asyncDispose]();
      front = new TlsFront({ security: "tls", certificate: "server", port, backend: post.port });
    },
    close: async () => await front[Symbol.asyncDispose](),
  };
}

/** A server that does not offer STARTTLS, where a letter may not go without. */
export function noStartTls(post: PostOffice): Door {
  const plain = new PostOffice();
  let front: TlsFront | null = null;
  return {
    settings: {
      SMTP_HOST: "localhost",
      SMTP_PORT: String(plain.port),
      SMTP_SECURITY: "starttls",
      SMTP_CA_FILE: AUTHORITY,
    },
    repair: async () => {
      await plain[Symbol.asyncDispose]();
      front = new TlsFront({
        security: "starttls",
        certificate: "server",
        port: plain.port,
        backend: post.port,
      });
    },
    close: async () => await (front ?? plain)[Symbol.asyncDispose](),
  };
}

/** A server that does not even answer a call: so many have called that nobody gets through. */
export async function crowded(post: PostOffice): Promise<Door> {
  await post.goDown();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: post.port });
  const crowd: Deno.Conn[] = [];
  while (crowd.length < CROWD) {
    const connection = await called(post.port);
    if (connection === null) break;
    crowd.push(connection);
  }
  return {
    settings: {},
    repair: async () => {
      listener.close();
      for (const connection of crowd) close(connection);
      await post.comeUp();
    },
    close: async () => {},
  };
}

async function called(port: number): Promise<Deno.Conn | null> {
  const calling = Deno.connect({ hostname: "127.0.0.1", port });
  const { promise, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), UNANSWERED);
  const connection = await Promise.race([calling, promise]);
  clearTimeout(timer);
  if (connection === null) calling.then(close, () => {});
  return connection;
}
