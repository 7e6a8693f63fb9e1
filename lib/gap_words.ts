/**
 * Why we could not listen, in words: letters and pages say the same.
 *
 * @module
 */

import type { GapCause } from "./gap.ts";
import type { Language } from "./language.ts";

/** What follows "Why:". */
export const GAP_CAUSES: Readonly<Record<Language, Readonly<Record<GapCause, string>>>> = {
  en: {
    off: "the program did not run",
    stalled: "the program stood still",
    clock: "the clock went ahead, or the machine slept",
    unstored: "heartbeats could not be stored",
    unreachable: "nobody could connect",
  },
  ru: {
    off: "программа не работала",
    stalled: "программа стояла",
    clock: "часы ушли вперёд или машина спала",
    unstored: "сигналы не удавалось сохранить",
    unreachable: "никто не мог подключиться",
  },
};
