import { type Bytes, MiB } from '@maque/kit';

// One byte for each of the first two million ids, which every snapshot has: those of the oldest objects.
const SKETCH_SIZE: Bytes = MiB;

// Survivors keep their type and mostly their size: 100 % of 70,000 matched; 5 % once V8 had counted ids anew.
const LEAST_MATCHING = 0.8;
const LEAST_SHARED = 100;

/**
 * Tells whether the ids of two snapshots mean the same objects. V8 numbers objects as it first sees them and never
 * twice within a process, but begins anew when an inspector's session ends: then equal ids are chance.
 */
export class IdentitySketch {
  /** The highest id of the first snapshot: what is above is new in the second. */
  highestId = 0;
  readonly #prints = new Uint8Array(SKETCH_SIZE);
  #shared = 0;
  #matching = 0;

  /** A node of the first snapshot. */
  add(id: number, type: number, size: Bytes): void {
    if (!isHeapId(id)) return;
    if (id > this.highestId) this.highestId = id;
    const place = (id - 1) / 2;
    if (place < this.#prints.length) this.#prints[place] = print(type, size);
  }

  /** A node of the second. Answers whether it is new, if ids can be trusted. */
  meet(id: number, type: number, size: Bytes): boolean {
    if (!isHeapId(id)) return false;
    if (id > this.highestId) return true;
    const before = this.#prints[(id - 1) / 2];
    if (before !== undefined && before !== 0) {
      this.#shared++;
      if (before === print(type, size)) this.#matching++;
    }
    return false;
  }

  /** Of what both have, as far as it has been met. */
  get isSameProcess(): boolean {
    return this.#shared >= LEAST_SHARED && this.#matching >= LEAST_MATCHING * this.#shared;
  }
}

/** V8 gives odd ids to what is in its heap, and even ones, derived from addresses, to what embedders add. */
function isHeapId(id: number): boolean {
  return id % 2 === 1;
}

/** 1 to 251. */
function print(type: number, size: Bytes): number {
  return ((type * 31 + size) % 251) + 1;
}
