/** A person at a browser that runs no script: follows links, keeps a cookie, sends forms. */

import assert from "node:assert/strict";
import { type TestService, TOKEN } from "./service.ts";

/** A page as it was answered. */
export interface Page {
  readonly status: number;
  readonly headers: Headers;
  /** Where the browser is sent on to, or null. */
  readonly location: string | null;
  readonly html: string;
  /** What is to be read, on one line. */
  readonly text: string;
}

/** A service, by where it can be reached. */
type Reached = Pick<TestService, "url">;

/** Somebody who looks at the pages of a service, and is not logged in yet. */
export class Person {
  readonly #service: Reached;
  readonly #headers: Readonly<Record<string, string>>;
  cookie: string | null = null;

  constructor(service: Reached, headers: Readonly<Record<string, string>> = {}) {
    this.#service = service;
    this.#headers = headers;
  }

  /** Somebody who is logged in by this token; by default the admin, whose browser asks for no language. */
  static async logIn(
    service: Reached,
    { token = TOKEN, language, headers = {} }: {
      readonly token?: string;
      readonly language?: string;
      readonly headers?: Readonly<Record<string, string>>;
    } = {},
  ): Promise<Person> {
    const person = new Person(service, {
      ...(language === undefined ? {} : { "Accept-Language": language }),
      ...headers,
    });
    const { status } = await person.post("/login", { token });
    assert.equal(status, 303, "the token lets nobody in");
    return person;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    return await this.#send(path, { headers });
  }

  /** A page that there must be. */
  async page(path: string): Promise<Page> {
    const page = await this.get(path);
    assert.equal(page.status, 200, page.text);
    return page;
  }

  /** Sends a form with exactly these fields. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    return await this.#send(path, { method: "POST", headers, body: new URLSearchParams(fields) });
  }

  /** Sends a form as one of the pages' own, by the key that each of them carries. */
  async act(path: string, fields: Readonly<Record<string, string>> = {}): Promise<Page> {
    const { html } = await this.page("/settings");
    const key = /name="key" value="([^"]+)"/.exec(html)?.[1];
    assert.ok(key);
    return await this.post(path, { key, ...fields });
  }

  /** The same, and goes on to the page that it leads to. */
  async press(path: string): Promise<Page> {
    const { status, location, text } = await this.act(path);
    assert.equal(status, 303, text);
    return await this.page(location ?? "");
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
    // Days may pass till the next visit: no connection is kept that has been let go by then.
    headers.set("Connection", "close");
    const response = await fetch(this.#service.url + path, {
      ...init,
      headers,
      redirect: "manual",
    });
    const given = response.headers.get("Set-Cookie")?.split(";")[0];
    if (given !== undefined) this.cookie = given;
    const html = await response.text();
    const { status, headers: answered } = response;
    return {
      status,
      headers: answered,
      location: answered.get("Location"),
      html,
      text: textOf(html),
    };
  }
}

/**
 * The fields of a page's form, by where it goes, as a browser would send them;
 * what is to be chosen by hand is left out.
 */
export function fieldsOf({ html }: Page, action: string): Record<string, string> {
  const forms = html.split("<form").slice(1).map((form) => form.split("</form>")[0] ?? "");
  const form = forms.find((each) => each.includes(`action="${action}"`));
  assert.ok(form, `there is no form that goes to ${action}`);
  const fields: Record<string, string> = {};
  for (const [input] of form.matchAll(/<input [^>]*>/g)) {
    if (/type="radio"/.test(input) && !/ checked/.test(input)) continue;
    const [, name = ""] = /name="([^"]*)"/.exec(input) ?? [];
    fields[name] = plain(/value="([^"]*)"/.exec(input)?.[1] ?? "");
  }
  for (const [select] of form.matchAll(/<select .*?<\/select>/gs)) {
    const [, name = ""] = /name="([^"]*)"/.exec(select) ?? [];
    fields[name] = plain(/<option value="([^"]*)" selected/.exec(select)?.[1] ?? "");
  }
  const [, name, text] = /<textarea [^>]*name="([^"]*)"[^>]*>([^<]*)<\/textarea>/.exec(form) ?? [];
  if (name !== undefined) fields[name] = plain(text ?? "");
  return fields;
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  amp: "&",
};

/** What a reader sees of HTML: a blank for each mark, but none where no writer puts one. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<(head|script|style)\b[^>]*>.*?<\/\1>/gs, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\S+/g, plain)
    .replaceAll(/\s+/g, " ")
    .replaceAll(/(?<=[(«“]) | (?=[.,:;)»”])/g, "")
    .trim();
}

/** Text as it stands in HTML, as it is meant. */
function plain(text: string): string {
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name) => ENTITIES[name] ?? "");
}
