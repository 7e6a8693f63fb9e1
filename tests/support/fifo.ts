/**
 * A pipe with a name, and a reader of it that reads, stands still or goes, as a
 * test says.
 *
 * @module
 */

/** What a pipe of Linux holds, in bytes (pipe(7)). */
const CAPACITY = 65_536;

/** Disposed of, the reader has gone. */
export class Fifo implements Disposable {
  readonly path: string;
  readonly #folder = Deno.makeTempDirSync({ prefix: "stillalive-fifo-" });
  /** Open for both: so that opening it waits for nobody. */
  #end: Deno.FsFile | null;

  /** @param isFull whether not even the first byte of anyone else fits. */
  constructor({ isFull }: { readonly isFull: boolean }) {
    this.path = `${this.#folder}/fifo`;
    const { success } = new Deno.Command("mkfifo", { args: [this.path] }).outputSync();
    if (!success) throw new Error(`Cannot make "${this.path}"`);
    this.#end = this.#open();
    if (isFull) this.#end.writeSync(new Uint8Array(CAPACITY).fill("\n".charCodeAt(0)));
  }

  /** The reader goes: whoever writes is told so. */
  leave(): void {
    this.#end?.close();
    this.#end = null;
  }

  /** Somebody reads (again) until what they have read matches; resolves with all of it. */
  async read(pattern: RegExp): Promise<string> {
    const end = this.#end ??= this.#open();
    const decoder = new TextDecoder();
    const bytes = new Uint8Array(CAPACITY);
    let text = "";
    while (!pattern.test(text)) {
      const length = await end.read(bytes) ?? 0;
      text += decoder.decode(bytes.subarray(0, length), { stream: true });
    }
    return text;
  }

  [Symbol.dispose](): void {
    this.leave();
    Deno.removeSync(this.#folder, { recursive: true });
  }

  #open(): Deno.FsFile {
    return Deno.openSync(this.path, { read: true, write: true });
  }
}
