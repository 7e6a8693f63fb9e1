/**
 * Real proxies, as most people set them up.
 *
 * @module
 */

import { close } from "./wire.ts";

/** A kind of proxy. */
export interface ProxyKind {
  /** On the PATH; Debian keeps some of them in `/usr/sbin`. */
  readonly program: string;
  readonly name: string;
  /** What it is told, by files in its folder. */
  config(ports: { readonly from: number; readonly to: number }, folder: string): string;
  args(file: string, folder: string): readonly string[];
}

const nginx = (name: string, ...headers: readonly string[]): ProxyKind => ({
  program: "nginx",
  name,
  config: ({ from, to }, folder) => `
    daemon off; master_process off; pid ${folder}/pid; error_log stderr;
    events {}
    http {
      access_log off;
      ${
    ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((each) =>
      `${each}_temp_path ${folder}/${each};`
    ).join(" ")
  }
      server {
        listen 127.0.0.1:${from};
        location / { proxy_pass http://127.0.0.1:${to}; ${headers.join(" ")} }
      }
    }`,
  args: (file, folder) => ["-c", file, "-p", folder, "-e", "stderr"],
});

/** nginx with nothing but `proxy_pass`: it names itself in `Host`, and nobody else. */
export const NGINX_BARE: ProxyKind = nginx("nginx, with proxy_pass alone");

/** Those that name the sender. */
export const PROXIES: readonly ProxyKind[] = [
  nginx(
    "nginx, as the README says",
    "proxy_set_header Host $http_host;",
    "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "proxy_set_header X-Forwarded-Proto $scheme;",
  ),
  nginx(
    "nginx, with X-Real-IP alone",
    "proxy_set_header Host $http_host;",
    "proxy_set_header X-Real-IP $remote_addr;",
  ),
  {
    program: "caddy",
    name: "Caddy",
    config: ({ from, to }) => `
      { 
        admin off
        auto_https off
      }
      http://:${from} {
        bind 127.0.0.1
        reverse_proxy 127.0.0.1:${to}
      }`,
    args: (file) => ["run", "--config", file, "--adapter", "caddyfile"],
  },
  {
    program: "haproxy",
    name: "HAProxy",
    config: ({ from, to }) => `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:${from}
  option forwardfor
  default_backend out
backend out
  server one 127.0.0.1:${to}
`,
    args: (file) => ["-db", "-f", file],
  },
  {
    program: "apache2",
    name: "Apache",
    config: ({ from, to }, folder) => `
      ServerRoot ${folder}
      ServerName localhost
      PidFile ${folder}/pid
      ErrorLog /dev/stderr
      DefaultRuntimeDir ${folder}
      ${
      ["mpm_event", "authz_core", "proxy", "proxy_http"].map((each) =>
        `LoadModule ${each}_module /usr/lib/apache2/modules/mod_${each}.so`
      ).join("\n      ")
    }
      Listen 127.0.0.1:${from}
      ProxyPass / http://127.0.0.1:${to}/
      ProxyPassReverse / http://127.0.0.1:${to}/`,
    args: (file) => ["-DFOREGROUND", "-f", file],
  },
];

/** A proxy that runs. Disposed of, it has ended, and its folder is gone. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
}

/** How long one may take to listen, in tries of 50 ms. */
const PATIENCE = 200;

/** Whether its program is on this machine. */
export function isThere({ program }: ProxyKind): boolean {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin"];
  return folders.some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      // Not there, or not to be seen: it cannot be run either way.
      return false;
    }
  });
}

/** Starts one in front of a service. */
export async function startProxy(
  kind: ProxyKind,
  service: { readonly url: string },
): Promise<Proxy> {
  const folder = Deno.makeTempDirSync({ prefix: "stillalive-proxy-" });
  const from = freePort();
  const file = `${folder}/config`;
  Deno.writeTextFileSync(
    file,
    kind.config({ from, to: Number(new URL(service.url).port) }, folder),
  );
  const child = new Deno.Command(kind.program, {
    args: [...kind.args(file, folder)],
    env: { PATH: `${Deno.env.get("PATH")}:/usr/sbin`, HOME: folder },
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await listening(from);
  return {
    url: `http://127.0.0.1:${from}`,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      await child.status;
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function listening(port: number): Promise<void> {
  for (let left = PATIENCE; left > 0; left--) {
    try {
      close(await Deno.connect({ hostname: "127.0.0.1", port }));
      return;
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`Nothing listens on port ${port}`);
}
