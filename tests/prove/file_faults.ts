/**
 * What can be wrong with the file that the program writes to, as rows of the
 * fault matrix.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import type { Proven } from "../support/proven.ts";
import { temporaryFolder } from "../support/store.ts";

/** A place for a database, and what can be done to it. */
export interface Place {
  readonly folder: string;
  readonly damage: (program: Proven) => void | Promise<void>;
  readonly repair: (program: Proven) => void | Promise<void>;
  /** Gives it back, once the program has ended. */
  readonly leave: () => void;
}

/** A fault. */
export interface FileFault {
  readonly name: string;
  /** Whether the program can go on after the repair, or must be started again. */
  readonly isMended: "in the same process" | "by a new start";
  /** Throws where it cannot be had: some want root, who may mount. */
  readonly place: () => Place;
}

/** The size of a disk that is to be full, in bytes: a write-ahead log at its usual most, and more. */
const DISK_SIZE = 16_000_000;

/** The program cannot store, and must go on once it can. */
export const FILE_FAULTS: readonly FileFault[] = [
  { name: "disk full", isMended: "in the same process", place: smallDisk },
  { name: "file-size limit", isMended: "in the same process", place: limitedFile },
  { name: "locked by another process", isMended: "in the same process", place: lockedFile },
  { name: "file system gone read-only", isMended: "by a new start", place: readOnlyDisk },
];

/** A real disk in memory, which a big file fills. */
function smallDisk(): Place {
  const folder = Deno.makeTempDirSync({ prefix: "stillalive-disk-" });
  const filler = `${folder}/filler`;
  run("mount", "-t", "tmpfs", "-o", `size=${DISK_SIZE}`, "tmpfs", folder);
  return {
    folder,
    damage: () => fill(filler),
    repair: () => Deno.removeSync(filler),
    leave: () => {
      run("umount", folder);
      Deno.removeSync(folder);
    },
  };
}

/** The kernel lets no file of the process grow beyond what the write-ahead log has by then. */
function limitedFile(): Place {
  const folder = temporaryFolder();
  return {
    folder: folder.path,
    damage: ({ process, database }) => {
      const { size } = Deno.statSync(`${database}-wal`);
      run("prlimit", "--pid", String(process.pid), `--fsize=${size}:unlimited`);
    },
    repair: ({ process }) => {
      run("prlimit", "--pid", String(process.pid), "--fsize=unlimited:unlimited");
    },
    leave: () => folder[Symbol.dispose](),
  };
}

/** Somebody else has begun to write, and does not end. */
function lockedFile(): Place {
  const folder = temporaryFolder();
  const stranger = () => new DatabaseSync(`${folder.path}/stillalive.db`, { timeout: 5_000 });
  let open: DatabaseSync | null = null;
  return {
    folder: folder.path,
    damage: () => {
      open = stranger();
      open.exec("BEGIN IMMEDIATE");
    },
    repair: () => open?.close(),
    leave: () => folder[Symbol.dispose](),
  };
}

/**
 * A real ext4 that meets an error, and then takes nothing any more until it is
 * mounted anew. (The kernel refuses a plain remount while files are open to
 * be written: EBUSY.)
 */
function readOnlyDisk(): Place {
  const image = Deno.makeTempFileSync({ prefix: "stillalive-image-" });
  const folder = Deno.makeTempDirSync({ prefix: "stillalive-disk-" });
  Deno.truncateSync(image, 2 * DISK_SIZE);
  run("mkfs.ext4", "-q", image);
  const mount = () => run("mount", "-o", "loop,errors=remount-ro", image, folder);
  mount();
  const trigger = () => {
    const device = run("findmnt", "-n", "-o", "SOURCE", folder).trim().replace("/dev/", "");
    return `/sys/fs/ext4/${device}/trigger_fs_error`;
  };
  try {
    // Not every kernel has it: then this fault cannot be had.
    Deno.statSync(trigger());
  } catch (error) {
    run("umount", folder);
    throw error;
  }
  return {
    folder,
    damage: () => Deno.writeTextFileSync(trigger(), "a test\n"),
    repair: async (program) => {
      await program.kill();
      run("umount", folder);
      mount();
    },
    leave: () => {
      run("umount", folder);
      Deno.removeSync(folder);
      Deno.removeSync(image);
    },
  };
}

function fill(path: string): void {
  using file = Deno.openSync(path, { write: true, create: true });
  const bytes = new Uint8Array(4_096);
  try {
    for (let at = 0; at < DISK_SIZE; at += bytes.length) file.writeSync(bytes);
  } catch (error) {
    // That is what it is for: no space is left (ENOSPC).
    if (!(error instanceof Error) || !("code" in error) || error.code !== "ENOSPC") throw error;
  }
}

/** Runs a command of the system; returns what it printed. */
function run(program: string, ...args: readonly string[]): string {
  const { success, stdout, stderr } = new Deno.Command(program, { args: [...args] }).outputSync();
  if (!success) throw new Error(`Cannot ${program}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
