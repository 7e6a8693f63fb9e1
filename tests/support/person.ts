/** A person at a browser that runs no script: follows links, keeps a cookie, sends forms. */

import assert from "node:assert/strict";
import type { TestService } from "./service.ts";
import { TOKEN } from "./service.ts";

/** A page as it was answered. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Without tags, and with entities read. */
  readonly text: string;
}

/** Somebody who looks at the pages of a service. */
export class Person {
  readonly #service: TestService;
  readonly #headers: Readonly<Record<string, string>>;
  cookie: string | null = null;

  constructor(service: TestService, headers: Readonly<Record<string, string>> = {}) {
    this.#service = service;
    this.#headers = headers;
  }

  /** Somebody who is logged in by this token. */
  static async at(service: TestService, options: {
    readonly token?: string;
    readonly headers?: Readonly<Record<string, string>>;
  } = {}): Promise<Person> {
    const person = new Person(service, options.headers);
    const { status } = await person.post("/login", { token: options.token ?? TOKEN });
    assert.equal(status, 303);
    return person;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    return await this.#send(path, { headers });
  }

  /** Sends a form with exactly these fields. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    return await this.#send(path, { method: "POST", headers, body: new URLSearchParams(fields) });
  }

  /** Sends the form of a page that goes to `action`, with what stands in it and these fields. */
  async submit(
    path: string,
    action: string,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    const { html } = await this.get(path);
    const forms = html.split("<form").slice(1).map((form) => form.split("</form>")[0] ?? "");
    const form = forms.find((each) => each.includes(`action="${action}"`));
    assert.ok(form, `${path} has no form that goes to ${action}`);
    const hidden = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    const own = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value]));
    return await this.post(action, { ...own, ...fields });
  }

  async #send(path: string, init: RequestInit): Promise<Page> {
    const headers = new Headers({ ...this.#headers, ...init.headers as Record<string, string> });
    if (this.cookie !== null) headers.set("Cookie", this.cookie);
    const response = await fetch(this.#service.url + path, {
      ...init,
      headers,
      redirect: "manual",
    });
    const given = response.headers.get("Set-Cookie")?.split(";")[0];
    if (given !== undefined) this.cookie = given;
    const html = await response.text();
    return { status: response.status, headers: response.headers, html, text: textOf(html) };
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  amp: "&",
};

function textOf(html: string): string {
  return html.replace(/<(script|style|title)[^>]*>.*?<\/\1>/gs, " ").replace(/<[^>]*>/g, " ")
    .replace(/&(lt|gt|quot|#39|amp);/g, (_, name) => ENTITIES[name] ?? "")
    .replace(/\s+/g, " ").trim();
}
