/**
 * The file of the original's database: looked at before SQLite may open it,
 * and copied where opening it would change what lies there.
 *
 * @module
 */

import { AppError } from "../errors.ts";
import { MAGIC } from "./file.ts";
import { APPLICATION_ID } from "./tables.ts";

/** Where a database says how it is written, and whose it is (https://sqlite.org/fileformat.html §1.3). */
const HEAD_BYTES = 100;
const WRITE_VERSION_OFFSET = 18;
const READ_VERSION_OFFSET = 19;
const APPLICATION_ID_OFFSET = 68;

/** Written ahead, in either of the two. */
const WRITTEN_AHEAD = 2;

/** The files that belong to a database that was not closed cleanly, or is in use. */
const COMPANIONS = ["-wal", "-journal", "-shm"];

/** A file that can be opened as a database, for reading. */
export interface SourceFile extends Disposable {
  /** Where it is to be opened. */
  readonly path: string;
  /** Whether that is a copy of ours, in which SQLite may write. */
  readonly isCopy: boolean;
  /** How large the database is, with what is only in its log. */
  readonly bytes: number;
}

/**
 * Finds the file, or copies it.
 *
 * A database that another process left unfinished, or has in use, is not opened
 * where it lies: SQLite would finish it, or leave files of its own there.
 *
 * @throws {AppError} `unusable` for what is no database, and what cannot be read or copied.
 */
export function sourceFile(path: string): SourceFile {
  const bytes = sizeOf(path);
  if (bytes === null) throw cannotImport(path, "there is no such file");
  const head = readHead(path);
  const isWrittenAhead = [WRITE_VERSION_OFFSET, READ_VERSION_OFFSET].some((offset) =>
    head.getUint8(offset) === WRITTEN_AHEAD
  );
  if (head.getUint32(APPLICATION_ID_OFFSET) === APPLICATION_ID) {
    throw cannotImport(path, 'it is a database of stillalive; name the original\'s, "db.sqlite"');
  }
  const companions = COMPANIONS.filter((companion) => sizeOf(path + companion, path) !== null);
  if (!isWrittenAhead && companions.length === 0) {
    return { path, bytes, isCopy: false, [Symbol.dispose]: () => {} };
  }
  const folder = copyOf(path, companions);
  const dispose = () => Deno.removeSync(folder, { recursive: true });
  const copied = ["", "-wal"].reduce(
    (sum, each) => sum + (sizeOf(`${folder}/source${each}`, path) ?? 0),
    0,
  );
  return { path: `${folder}/source`, bytes: copied, isCopy: true, [Symbol.dispose]: dispose };
}

/** Why a database cannot be imported, in one sentence with its path. */
export function cannotImport(path: string, why: string, cause?: unknown): AppError {
  return new AppError("unusable", `Cannot import "${path}": ${why}`, { cause });
}

/** How large a file is, or null if there is none. What is no file could be read without end. */
function sizeOf(path: string, named: string = path): number | null {
  return asked(named, () => {
    try {
      const { isFile, size } = Deno.statSync(path);
      if (isFile) return size;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return null;
      throw error;
    }
    throw cannotImport(named, path === named ? "it is not a file" : `"${path}" is not a file`);
  });
}

function readHead(path: string): DataView {
  const bytes = new Uint8Array(HEAD_BYTES);
  asked(path, () => {
    using file = Deno.openSync(path);
    file.readSync(bytes);
  });
  const magic = new TextDecoder("latin1").decode(bytes.subarray(0, MAGIC.length));
  if (magic !== MAGIC) throw cannotImport(path, "the file is no SQLite database");
  return new DataView(bytes.buffer);
}

/** A folder of our own with the database, as `source`, and what belongs to it. */
function copyOf(path: string, companions: readonly string[]): string {
  return asked(path, () => {
    const folder = Deno.makeTempDirSync({ prefix: "stillalive-import-" });
    try {
      Deno.copyFileSync(path, `${folder}/source`);
      for (const companion of companions) {
        // Its index is made anew from the log.
        if (companion !== "-shm") {
          Deno.copyFileSync(path + companion, `${folder}/source${companion}`);
        }
      }
      return folder;
    } catch (error) {
      Deno.removeSync(folder, { recursive: true });
      const why = (error as Error).message;
      throw cannotImport(
        path,
        `it is in use and has to be copied first, to ${folder}, which fails (${why}); make room ` +
          "there, name another folder by TMPDIR, or stop the program that writes it",
        error,
      );
    }
  });
}

/** What the system says instead of an answer, as a sentence with the path. */
function asked<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw cannotImport(path, error instanceof Error ? error.message : String(error), error);
  }
}
