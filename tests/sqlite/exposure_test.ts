import assert from "node:assert/strict";
import { openBeside } from "../../lib/sqlite/database.ts";
import { backUp } from "../../lib/sqlite/backup.ts";
import { databaseOpenness } from "../../lib/sqlite/exposure.ts";
import { takeLock } from "../../lib/sqlite/lock.ts";
import { heartbeat, openStore, temporaryFolder } from "../support/store.ts";

/** Windows has no modes. */
const ignore = Deno.build.os === "windows";

function modeOf(path: string): string {
  return ((Deno.statSync(path).mode ?? 0) & 0o777).toString(8);
}

/** Makes a database, and leaves all that is beside it as a kill would. */
async function made(path: string): Promise<void> {
  using _lock = takeLock(path);
  using store = await openStore({ path: `${path}.before` });
  await store.record([heartbeat("1")]);
  for (const part of ["", "-wal", "-shm"]) {
    Deno.copyFileSync(`${path}.before${part}`, `${path}${part}`);
  }
}

Deno.test({
  name: "a database that every user may write is refused with the way out, and left as it was",
  ignore,
  fn: async (t) => {
    const uses: readonly (readonly [string, (path: string) => unknown])[] = [
      ["to own", takeLock],
      ["beside its owner", openBeside],
      ["to copy", (path) => backUp(path, `${path}.copy`, new AbortController().signal)],
    ];
    for (const part of ["", "-wal", "-shm", ".lock"]) {
      for (const [name, use] of uses) {
        await t.step(`${part === "" ? "the file" : part}, ${name}`, async () => {
          using folder = temporaryFolder();
          const path = `${folder.path}/a.db`;
          await made(path);
          Deno.chmodSync(`${path}${part}`, 0o602);
          const before = Deno.readFileSync(path);

          await assert.rejects(async () => await use(path), {
            code: "unusable",
            message: `Cannot use database "${path}": every user of this machine may write ` +
              `"${path}${part}"; look whether it is still as it should be, ` +
              `then chmod 600 "${path}${part}"`,
          });

          assert.deepEqual(Deno.readFileSync(path), before);
        });
      }
    }
  },
});

Deno.test({
  name:
    "of a database that others may read or its group may write the admin is told, with the way out",
  ignore,
  fn: async (t) => {
    using folder = temporaryFolder();
    const path = `${folder.path}/a.db`;
    await made(path);
    Deno.writeTextFileSync(`${path}.version-1`, "");
    Deno.writeTextFileSync(`${path}.admin-token`, "");
    for (const part of ["", "-wal", "-shm", ".version-1", ".admin-token"]) {
      Deno.chmodSync(`${path}${part}`, 0o600);
    }
    const every = "every user of this machine may";
    const cases: readonly (readonly [string, number, readonly string[]])[] = [
      ["", 0o600, []],
      ["", 0o640, []],
      ["", 0o644, [`${every} read`]],
      ["", 0o664, [`${every} read`, "its group may write"]],
      ["-wal", 0o604, [`${every} read`]],
      [".version-1", 0o606, [`${every} write`]],
      [".admin-token", 0o644, [`${every} read`]],
    ];
    for (const [part, mode, expected] of cases) {
      await t.step(`${part} ${mode.toString(8)}`, () => {
        const file = `${path}${part}`;
        Deno.chmodSync(file, mode);

        const found = databaseOpenness(path);

        Deno.chmodSync(file, 0o600);
        assert.deepEqual(found, expected.map((what) => `${what} "${file}": chmod 600 "${file}"`));
      });
    }
  },
});

Deno.test({
  name: "of a folder where everyone may put another file in a database's place the admin is told",
  ignore,
  fn: async (t) => {
    const cases = [[0o700, false], [0o775, false], [0o1777, false], [0o707, true]] as const;
    for (const [mode, isTold] of cases) {
      await t.step(mode.toString(8), async () => {
        using folder = temporaryFolder();
        const path = `${folder.path}/a.db`;
        await made(path);
        for (const part of ["", "-wal", "-shm"]) Deno.chmodSync(`${path}${part}`, 0o600);
        Deno.chmodSync(folder.path, mode);

        const found = databaseOpenness(path);

        const real = `${Deno.realPathSync(folder.path)}/`;
        const expected =
          `every user of this machine may replace what is in the folder "${real}": ` +
          `chmod o-w "${real}"`;
        assert.deepEqual(found, isTold ? [expected] : []);
      });
    }
  },
});

Deno.test({
  name:
    "whichever way a path leads to it, a database that is made is for its owner alone, and has one owner",
  ignore,
  fn: async (t) => {
    const paths: readonly (readonly [string, (folder: string) => void])[] = [
      ["real/../real/a.db", () => {}],
      ["link.db", (folder) => Deno.symlinkSync(`${folder}/real/a.db`, `${folder}/link.db`)],
      ["link.db", (folder) => Deno.symlinkSync("real/a.db", `${folder}/link.db`)],
      ["links/b.db", (folder) => {
        Deno.mkdirSync(`${folder}/links`);
        Deno.symlinkSync("c.db", `${folder}/links/b.db`);
        Deno.symlinkSync("../real/a.db", `${folder}/links/c.db`);
      }],
      ["folder/a.db", (folder) => Deno.symlinkSync("real", `${folder}/folder`)],
    ];
    for (const [name, link] of paths) {
      await t.step(name, async () => {
        using folder = temporaryFolder();
        const real = `${folder.path}/real/a.db`;
        Deno.mkdirSync(`${folder.path}/real`);
        link(folder.path);
        using _lock = takeLock(`${folder.path}/${name}`);
        using store = await openStore({ path: `${folder.path}/${name}` });
        await store.record([heartbeat("1")]);

        const made = [...Deno.readDirSync(`${folder.path}/real`)].map(({ name }) => name).sort();
        const second = takeLock(real);

        assert.equal(store.isNew, true);
        const expected = ["a.db", "a.db-shm", "a.db-wal", "a.db.lock", "a.db.lock-journal"];
        assert.deepEqual(made, expected);
        for (const each of made) assert.equal(modeOf(`${folder.path}/real/${each}`), "600", each);
        assert.equal(second, null);
      });
    }
  },
});
