/** What services under test say of themselves. */

import type { About } from "../../lib/about.ts";

/** Nothing was said of any setting. */
export const ABOUT: About = { version: "0.0.0", runtime: "Deno under test", settings: [] };
