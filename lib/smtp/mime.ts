/**
 * Letters as they go over the wire.
 *
 * @module
 */

import { createHash } from "node:crypto";
import MailComposer from "nodemailer/lib/mail-composer";
import type { Mail } from "../outbox.ts";
import { printable } from "../printable.ts";

/** A letter, ready to be sent. */
export interface Parcel {
  readonly envelope: { readonly from: string; readonly to: string };
  readonly bytes: Uint8Array;
}

/** What every letter says about itself. */
const HEADERS = {
  // RFC 3834: no vacation notes, please.
  "Auto-Submitted": "auto-generated",
  // The same for Exchange, which does not look at that.
  "X-Auto-Response-Suppress": "All",
};

/** Whether text can stand as an address: nodemailer would quietly mend one that cannot. */
export function isAddress(text: string): boolean {
  return /^[^\s<>,;\p{Cc}]+@[^\s<>,;\p{Cc}]+$/u.test(text);
}

/**
 * Writes a mail out. The same mail makes the same bytes, at every try: once a
 * server may have it, nobody is to get another text under its `Message-ID`.
 */
export async function pack(mail: Mail, from: string): Promise<Parcel> {
  const message = new MailComposer({
    from,
    // As an object, or a comma in it would make two addresses.
    to: { name: "", address: mail.to },
    subject: printable(mail.subject),
    messageId: mail.messageId,
    date: new Date(mail.date),
    ...answering(mail.answers),
    headers: HEADERS,
    text: mail.text,
    html: mail.html,
    // Left to choose, nodemailer would wrap the lines of English letters.
    encoding: "quoted-printable",
    baseBoundary: createHash("sha256").update(mail.messageId).digest("hex").slice(0, 24),
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile();
  const envelope = message.getEnvelope();
  return {
    envelope: { from: envelope.from || "", to: envelope.to[0] ?? "" },
    bytes: await message.build(),
  };
}

function answering(answers: readonly string[]): { inReplyTo?: string; references?: string[] } {
  const parent = answers.at(-1);
  return parent === undefined ? {} : { inReplyTo: parent, references: [...answers] };
}
