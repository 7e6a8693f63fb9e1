/**
 * Why we could not listen, in words: letters and pages say the same. That nobody
 * could connect suits a door that was shut, and a stall in which more came than
 * the kernel keeps.
 *
 * @module
 */

import type { GapCause } from "./gap.ts";
import type { Language } from "./language.ts";

/** What stands after a colon: "Why: ", "It may have been missed: ". */
export const GAP_CAUSES: Readonly<Record<Language, Readonly<Record<GapCause, string>>>> = {
  en: {
    off: "stillalive did not run",
    stalled: "stillalive stood still",
    clock: "the clock went ahead, or the machine slept",
    unstored: "heartbeats could not be stored",
    unreachable: "nobody could connect",
  },
  ru: {
    off: "stillalive не работал",
    stalled: "stillalive стоял на месте",
    clock: "часы ушли вперёд или машина спала",
    unstored: "сигналы не удавалось сохранить",
    unreachable: "никто не мог подключиться",
  },
};
