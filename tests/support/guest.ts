/** Somebody who is logged in to the pages, with a browser that runs no script. */

import assert from "node:assert/strict";
import { type TestService, TOKEN } from "./service.ts";

/** A page as it came. */
export interface SeenPage {
  readonly status: number;
  /** Where the browser is sent on to, or null. */
  readonly location: string | null;
  readonly html: string;
  /** What is to be read, on one line. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&amp;": "&",
};

/** Somebody who looks at pages and sends forms. */
export class Guest {
  readonly #service: TestService;
  readonly #cookie: string;
  readonly #language: string;

  private constructor(service: TestService, cookie: string, language: string) {
    this.#service = service;
    this.#cookie = cookie;
    this.#language = language;
  }

  /** Logs in; by default as the admin, who reads English. */
  static async logIn(
    service: TestService,
    { token = TOKEN, language = "en" }: {
      readonly token?: string;
      readonly language?: string;
    } = {},
  ): Promise<Guest> {
    const response = await fetch(`${service.url}/login`, {
      method: "POST",
      body: new URLSearchParams({ token }),
      redirect: "manual",
    });
    await response.body?.cancel();
    const [cookie = ""] = response.headers.get("Set-Cookie")?.split(";") ?? [];
    assert.equal(response.status, 303, "the token lets nobody in");
    return new Guest(service, cookie, language);
  }

  get(path: string): Promise<SeenPage> {
    return this.#send(path, {});
  }

  /** Sends a form as one of the pages' own, by the key that they carry. */
  async post(path: string, fields: Readonly<Record<string, string>> = {}): Promise<SeenPage> {
    const { html } = await this.get("/settings");
    const key = /name="key" value="([^"]+)"/.exec(html)?.[1];
    assert.ok(key);
    const body = new URLSearchParams({ key, ...fields });
    return await this.#send(path, { method: "POST", body });
  }

  /** Sends a form without that key. */
  postFromElsewhere(path: string): Promise<SeenPage> {
    return this.#send(path, { method: "POST", body: new URLSearchParams() });
  }

  async #send(path: string, request: RequestInit): Promise<SeenPage> {
    const response = await fetch(`${this.#service.url}${path}`, {
      ...request,
      headers: { Cookie: this.#cookie, "Accept-Language": this.#language },
      redirect: "manual",
    });
    const html = await response.text();
    const { status, headers } = response;
    return { status, location: headers.get("Location"), html, text: textOf(html) };
  }
}

/** What a reader sees of HTML. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<head>.*?<\/head>/gs, "")
    .replaceAll(/<\/?(?:bdi|a|strong|code|time|span)\b[^>]*>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity)
    .replaceAll(/\s+/g, " ")
    .trim();
}
