/**
 * The mailer that is not stopped by a crowd at the door: a letter takes a file
 * descriptor as well, and an alarm must not wait for a retry because all were
 * taken that moment.
 *
 * @module
 */

import type { Mailer } from "./outbox.ts";

/**
 * A mailer that calls once more where there may have been no room.
 *
 * @param makeRoom makes room, and returns whether there was too little.
 */
export function roomyMailer(mailer: Mailer, makeRoom: () => Promise<boolean>): Mailer {
  return {
    async connect(signal) {
      const call = await mailer.connect(signal);
      if (call.outcome === "greeted" || signal.aborted || !(await makeRoom())) {
        return call;
      }
      return await mailer.connect(signal);
    },
  };
}
