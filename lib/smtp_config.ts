/**
 * How mail leaves, by the settings.
 *
 * @module
 */

import { isIP } from "node:net";
import { ADDRESS } from "./network_forms.ts";
import type { SmtpSecurity } from "./setting_forms.ts";
import type { SettingReader } from "./setting_reader.ts";

/** How mail leaves. */
export interface SmtpConfig {
  readonly host: string;
  readonly port: number;
  readonly security: SmtpSecurity;
  /** Null where the server wants no authentication. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** Authorities to trust beside the system's, PEM. */
  readonly authorities: string | null;
  readonly from: string;
  /** What the program calls itself to the server, and the domain of its `Message-ID`s. */
  readonly name: string;
}

/** Where a connection begins with TLS (RFC 8314). */
const TLS_PORT = 465;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

/** How mail leaves, or null while nobody said from whom it is to be. */
export function readSmtp(reader: SettingReader, baseUrl: string | null): SmtpConfig | null {
  const user = reader.optional("SMTP_USER");
  const password = reader.optional("SMTP_PASSWORD");
  if (user !== null && !reader.isSet("SMTP_PASSWORD")) {
    reader.object("SMTP_USER", "expected SMTP_PASSWORD beside it");
  }
  if (password !== null && !reader.isSet("SMTP_USER")) {
    reader.object("SMTP_PASSWORD", "expected SMTP_USER beside it");
  }
  const host = reader.required("SMTP_HOST");
  const port = reader.required("SMTP_PORT");
  const security = reader.optional("SMTP_SECURITY") ?? (port === TLS_PORT ? "tls" : "starttls");
  const authorities = readAuthorities(reader);
  const from = readSender(reader, user);
  if (from === null) return null;

  const login = user === null || password === null ? null : { user, password };
  return { host, port, security, login, authorities, from, name: ownName(from, baseUrl) };
}

function readAuthorities(reader: SettingReader): string | null {
  const path = reader.optional("SMTP_CA_FILE");
  const text = path === null ? null : reader.textIn("SMTP_CA_FILE", path);
  if (text !== null && !CERTIFICATE.test(text)) {
    reader.object("SMTP_CA_FILE", "expected a PEM file with a certificate in it");
  }
  return text;
}

/** The sender's address, or null if there is none: the login itself, unless told otherwise. */
function readSender(reader: SettingReader, user: string | null): string | null {
  const from = reader.optional("MAIL_FROM");
  if (user === null || reader.isSet("MAIL_FROM")) return from;
  const address = ADDRESS.read(user);
  if (address === null) {
    reader.object("SMTP_USER", "expected MAIL_FROM beside it, for this is no address to send from");
  }
  return address;
}

/** A host name in ASCII. An IP address is none: then it is the sender's domain. */
function ownName(from: string, baseUrl: string | null): string {
  const host = baseUrl === null ? "" : new URL(baseUrl).hostname;
  if (host !== "" && !host.startsWith("[") && isIP(host) === 0) return host;
  return new URL(`http://${from.slice(from.lastIndexOf("@") + 1)}`).hostname;
}
