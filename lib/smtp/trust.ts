/**
 * Whose certificates are believed.
 *
 * @module
 */

import tls from "node:tls";

/** Below this, TLS has known attacks. */
const MIN_VERSION = "TLSv1.2";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** TLS options that check the server's certificate, trusting these authorities (PEM) beside the default ones. */
export function trust(authorities: string | null): tls.ConnectionOptions {
  const options = { minVersion: MIN_VERSION, rejectUnauthorized: true } as const;
  const certificates = authorities?.match(CERTIFICATE);
  if (!certificates) return options;
  const secureContext = tls.createSecureContext({ minVersion: MIN_VERSION });
  // Deno 2.9's `ca` takes the place of the default authorities, and reading those to add to
  // needs --allow-sys. Before, `ca` comes beside them, and there is no addCACert.
  if (typeof secureContext.context?.addCACert !== "function") {
    return { ...options, ca: certificates };
  }
  for (const certificate of certificates) secureContext.context.addCACert(certificate);
  return { ...options, secureContext };
}
