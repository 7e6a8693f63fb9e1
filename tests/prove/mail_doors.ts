/**
 * Ways to a mail server that are closed in some way, until they are repaired.
 *
 * @module
 */

import { crowd } from "../support/crowded_place.ts";
import { PostOffice } from "../support/post_office.ts";
import { type CertificateName, TlsFront } from "../support/smtp_tls.ts";

/** A way to a mail server, on one port for good. */
export interface Door {
  /** What the program must know to find it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Opens it. */
  readonly repair: () => Promise<void>;
  readonly close: () => Promise<void>;
}

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

/** A server that does not even answer a call. */
export async function crowded(post: PostOffice): Promise<Door> {
  await post.goDown();
  const callers = await crowd({ hostname: "127.0.0.1", port: post.port });
  return {
    settings: {},
    repair: async () => {
      callers[Symbol.dispose]();
      await post.comeUp();
    },
    close: async () => {},
  };
}
