/**
 * Who else on this machine may read or write a file of ours, where the system
 * keeps modes.
 *
 * @module
 */

import { makePrivateFile } from "./file.ts";
import { partsOf, placeOf } from "./place.ts";
import { VERSION } from "./tables.ts";

/** The bits of a mode (chmod(2)). */
const OTHERS_WRITE = 0o002;
const OTHERS_READ = 0o004;
const GROUP_WRITES = 0o020;
/** In such a folder each may remove their own files only. */
const STICKY = 0o1000;

/** Why a file must not be used, with the way out; null if that may be. */
export function tooOpen(path: string): string | null {
  if ((modeOf(path) & OTHERS_WRITE) === 0 || !keepsModes(path)) return null;
  return `every user of this machine may write "${path}"; look whether it is still as it should be, ` +
    `then chmod 600 "${path}"`;
}

/** What an admin should know of who may get at a file; nothing for one that is not there. */
export function openness(path: string): readonly string[] {
  const mode = modeOf(path);
  const found: string[] = [];
  if ((mode & OTHERS_WRITE) !== 0) found.push(`every user of this machine may write "${path}"`);
  else if ((mode & OTHERS_READ) !== 0) found.push(`every user of this machine may read "${path}"`);
  if ((mode & GROUP_WRITES) !== 0) found.push(`its group may write "${path}"`);
  return found.map((what) => `${what}: chmod 600 "${path}"`);
}

/** The same of a database, of what was made beside it, and of the folder that it is in. */
export function databaseOpenness(database: string): readonly string[] {
  const place = placeOf(database);
  const copies = Array.from({ length: VERSION }, (_, version) => `${place}.version-${version}`);
  return [
    ...folderOpenness(place.replace(/[^/]*$/, "") || "."),
    ...[...partsOf(database), ...copies, `${database}.admin-token`].flatMap(openness),
  ];
}

/** The mode of a file keeps nobody out where everyone may put another one in its place. */
function folderOpenness(folder: string): readonly string[] {
  const mode = Deno.statSync(folder).mode ?? 0;
  if ((mode & OTHERS_WRITE) === 0 || (mode & STICKY) !== 0) return [];
  const what = `every user of this machine may replace what is in the folder "${folder}"`;
  return [`${what}: chmod o-w "${folder}"`];
}

/** None for what is no file, or is not there, or has no mode. */
function modeOf(path: string): number {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile ? mode ?? 0 : 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Whether the mode means anything: not on a file system that gives all files the same. */
function keepsModes(path: string): boolean {
  const probe = `${path}.${crypto.randomUUID()}`;
  try {
    makePrivateFile(probe);
    const isPrivate = (modeOf(probe) & OTHERS_WRITE) === 0;
    Deno.removeSync(probe);
    return isPrivate;
  } catch {
    // Where we may make nothing, the mode is what others see of it.
    return true;
  }
}
