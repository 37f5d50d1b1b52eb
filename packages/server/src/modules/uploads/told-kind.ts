import { type FileKind, HEAD_BYTES, kindOf, refuseKind } from './file-kinds.ts';

/** Content whose kind is told by its first bytes on the way through. It throws FILE_KIND_UNSUPPORTED for one that is not taken. */
export class ToldKind implements AsyncIterable<Uint8Array> {
  readonly #content: AsyncIterable<Uint8Array>;
  #kind: FileKind | undefined;

  constructor(content: AsyncIterable<Uint8Array>) {
    this.#content = content;
  }

  /** Once all of it has passed. */
  get kind(): FileKind {
    return this.#kind ?? refuseKind();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    let head: Buffer | undefined = Buffer.alloc(0);
    for await (const chunk of this.#content) {
      if (head === undefined) {
        yield chunk;
        continue;
      }
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      this.#kind = kindOf(head) ?? refuseKind();
      yield head;
      head = undefined;
    }
    // Shorter than any file of a kind that is taken.
    if (head !== undefined) refuseKind();
  }
}
