/**
 * The page of settings: what is in effect, and where it comes from.
 *
 * @module
 */

import type { Hono } from "hono";
import type { EffectiveSetting } from "../effective_settings.ts";
import { type Language, LOCALES } from "../language.ts";
import { excerpt, printable } from "../printable.ts";
import { MASK } from "../setting_sources.ts";
import type { Program } from "../program.ts";
import type { Store } from "../store.ts";
import type { Desk } from "./desk.tsx";
import type { Element } from "./element.ts";
import { type Env, route } from "./routing.ts";
import { type SettingsView, settingsView } from "./settings_view.ts";
import { SETTINGS_WORDS } from "./settings_words.ts";
import type { Speech } from "./speech.ts";
import { TableHead } from "./table.tsx";

/** How much of a value is shown, in code points: a list can have ten thousand entries. */
const VALUE_LENGTH = 2_000;

/** Units of size, the largest first. */
const SIZES = [["gigabyte", 1e9], ["megabyte", 1e6], ["kilobyte", 1e3], ["byte", 1]] as const;

/** What the page works with. */
export interface SettingsParts {
  readonly store: Store;
  readonly program: Program;
  /** As the `config` command shows them: no secret is in them. */
  readonly settings: readonly EffectiveSetting[];
}

/** Adds the page. Readers may see it as well: there is no secret in it. */
export function addSettings(site: Hono<Env>, desk: Desk, parts: SettingsParts): void {
  route(site, "/settings", {
    GET: desk.seen(async (visit) => {
      const view = await settingsView(parts);
      return await desk.show(visit, {
        title: visit.speech.words.frame.settings,
        place: "/settings",
        isLive: true,
        content: <SettingsPage view={view} speech={visit.speech} />,
      });
    }),
  });
}

/** The whole content. */
export function SettingsPage(
  { view, speech }: { readonly view: SettingsView; readonly speech: Speech },
): Element {
  const words = SETTINGS_WORDS[speech.language];
  return (
    <div id="settings" data-part>
      <div class="headline">
        <h1>{speech.words.frame.settings}</h1>
        <p class="quiet">{words.intro}</p>
      </div>
      <ProgramFacts view={view} speech={speech} />
      {view.groups.map(({ subject, settings }) => (
        <section>
          <h2 id={subject}>{words.subject[subject]}</h2>
          <table class="table settings" aria-labelledby={subject}>
            <TableHead names={[words.name, words.value, words.source]} />
            <tbody>
              {settings.map((line) => <SettingRow line={line} language={speech.language} />)}
            </tbody>
          </table>
        </section>
      ))}
    </div>
  );
}

/** What the program is, and where it keeps everything. */
function ProgramFacts(
  { view: { program, file }, speech: { language } }: {
    readonly view: SettingsView;
    readonly speech: Speech;
  },
): Element {
  const words = SETTINGS_WORDS[language];
  const facts = [
    [words.version, program.version],
    [words.runtime, `Deno ${program.runtime}, ${program.target}`],
    [words.database, printable(file.path)],
    [words.size, sizeText(file.bytes, language)],
  ] as const;
  return (
    <section>
      <h2 id="program">{words.program}</h2>
      <table class="table settings" aria-labelledby="program">
        <tbody>
          {facts.map(([name, value]) => (
            <tr>
              <th scope="row">{name}</th>
              <td colspan={2}>
                <bdi>{value}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function SettingRow(
  { line, language }: { readonly line: EffectiveSetting; readonly language: Language },
): Element {
  const words = SETTINGS_WORDS[language];
  return (
    <tr>
      <th scope="row">
        <code>{line.name}</code>
        <span class="meaning quiet small">{words.meaning(line.name)}</span>
      </th>
      <td data-label={words.value}>
        <Value line={line} language={language} />
      </td>
      <td data-label={words.source} class="quiet">
        <bdi>{sourceText(line, language)}</bdi>
      </td>
    </tr>
  );
}

function Value(
  { line: { value }, language }: { readonly line: EffectiveSetting; readonly language: Language },
): Element {
  const words = SETTINGS_WORDS[language];
  switch (value.kind) {
    case "text":
      return (
        <code>
          <bdi>{excerpt(value.text, VALUE_LENGTH)}</bdi>
        </code>
      );
    case "secret":
      return (
        <>
          <code>{MASK}</code> <span class="quiet small">{words.secret}</span>
        </>
      );
    case "unset":
      return <span class="quiet">{words.unset}</span>;
  }
}

function sourceText({ source, value }: EffectiveSetting, language: Language): string {
  const words = SETTINGS_WORDS[language];
  if (source === "environment") return words.environment;
  if (source !== "default") return printable(source);
  // That nothing was said and nothing is in effect has been said by the value.
  return value.kind === "unset" ? "–" : words.byDefault;
}

function sizeText(bytes: number, language: Language): string {
  const [unit, size] = SIZES.find(([, size]) => bytes >= size) ?? ["byte", 1];
  const format = { style: "unit", unit, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(LOCALES[language], format).format(bytes / size);
}
