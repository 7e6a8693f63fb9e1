/**
 * Acknowledgements: links by which whoever got a letter says "I know of it".
 *
 *     /ack/<incident>.<signature>
 *
 * The signature is the right: it opens one incident and nothing else, and it
 * cannot be made without the key.
 *
 * @module
 */

import { isSameSecret, sign } from "./token.ts";

/** A row's number, and the signature in base64url. */
const FORM = /^([1-9]\d{0,15})\.([A-Za-z0-9_-]{22})$/;

/** Paths in a text, longer ones than ours as well: rather too much is taken out than too little. */
const LINKS = /\/ack\/\d+\.[A-Za-z0-9_-]+/g;

/** The path of the page that acknowledges an incident. */
export function acknowledgePath(incident: number, key: string): string {
  return `/ack/${incident}.${signature(incident, key)}`;
}

/** The incident that a path's last part stands for, or null if it was not signed with this key. */
export function readAcknowledgement(text: string, key: string): number | null {
  const [, digits, signed] = FORM.exec(text) ?? [];
  if (digits === undefined || signed === undefined) return null;
  const incident = Number(digits);
  return isSameSecret(signed, signature(incident, key)) ? incident : null;
}

/** A text without such links: for those who may read it, and acknowledge nothing. */
export function withoutAcknowledgements(text: string): string {
  return text.replaceAll(LINKS, "/ack/***");
}

function signature(incident: number, key: string): string {
  return sign(`acknowledge incident ${incident}`, key);
}
