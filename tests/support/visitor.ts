/** Somebody at the pages: logged in like a browser, with a cookie and forms. */

import assert from "node:assert/strict";
import type { Language } from "../../lib/language.ts";
import { type TestService, TOKEN } from "./service.ts";

/** Who logs in, and which language their browser asks for. */
export interface VisitorOptions {
  readonly token?: string;
  readonly language?: Language;
}

/** Somebody who is logged in. */
export class Visitor {
  readonly #service: TestService;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #cookie: string;

  private constructor(
    service: TestService,
    headers: Readonly<Record<string, string>>,
    cookie: string,
  ) {
    this.#service = service;
    this.#headers = headers;
    this.#cookie = cookie;
  }

  /** Logs in by the form. */
  static async logIn(
    service: TestService,
    { token = TOKEN, language = "en" }: VisitorOptions = {},
  ): Promise<Visitor> {
    const headers = { "Accept-Language": language };
    const body = new URLSearchParams({ token });
    const response = await fetch(`${service.url}/login`, {
      ...{ method: "POST", headers, body, redirect: "manual" },
    });
    await response.body?.cancel();
    assert.equal(response.status, 303);
    const [cookie = ""] = (response.headers.get("Set-Cookie") ?? "").split(";");
    return new Visitor(service, headers, cookie);
  }

  /** Asks for something, without following where it leads. */
  get(path: string): Promise<Response> {
    const headers = { ...this.#headers, Cookie: this.#cookie };
    return fetch(`${this.#service.url}${path}`, { headers, redirect: "manual" });
  }

  /** The source of a page that there must be. */
  async page(path: string): Promise<string> {
    const response = await this.get(path);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return text;
  }

  /** Sends a form, as one of our own or with other fields. */
  async post(path: string, fields?: Readonly<Record<string, string>>): Promise<Response> {
    const body = new URLSearchParams(fields ?? { key: await this.#key() });
    const headers = { ...this.#headers, Cookie: this.#cookie };
    return await fetch(`${this.#service.url}${path}`, {
      ...{ method: "POST", headers, body, redirect: "manual" },
    });
  }

  /** Sends a form, and returns the source of the page that it leads to. */
  async submit(path: string): Promise<string> {
    const response = await this.post(path);
    assert.equal(response.status, 303, await response.text());
    return await this.page(response.headers.get("Location") ?? "");
  }

  /** What shows a form to be one of theirs: each page has it in the form that logs out. */
  async #key(): Promise<string> {
    const key = /name="key" value="([^"]+)"/.exec(await this.page("/outbox"))?.[1];
    assert.ok(key);
    return key;
  }
}

/** A page as it reads: without its marks, with its escapes resolved, blanks as one. */
export function readable(source: string): string {
  const text = source.replace(/^.*<body>/s, "").replace(/<[^>]*>/g, " ");
  const resolved = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
  return resolved.replace(/\s+/g, " ");
}
