/**
 * Where a path leads: SQLite keeps its own files beside that, and so do we.
 *
 * @module
 */

/** How many links are followed: as many as by the system (path_resolution(7)). */
const LINKS = 40;

/** The file that a path leads to by links, be it not there yet. */
export function placeOf(path: string): string {
  let place = path;
  for (let links = 0; links < LINKS; links++) {
    try {
      return Deno.realPathSync(place);
    } catch {
      const target = linkIn(place);
      if (target === null) return place;
      place = target.startsWith("/") ? target : `${place.replace(/[^/]*$/, "")}${target}`;
    }
  }
  return place;
}

/** The file of a database, and what is beside it while it is used. */
export function partsOf(database: string): readonly string[] {
  const place = placeOf(database);
  return [place, `${place}-wal`, `${place}-shm`, `${place}.lock`];
}

/** What a link says, or null if there is none. */
function linkIn(path: string): string | null {
  try {
    return Deno.readLinkSync(path);
  } catch {
    // Nothing is there, or no link: whoever uses the path learns what it is.
    return null;
  }
}
