import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Bytes } from '@maque/kit';
import type { SizeLimits } from './check-policy.ts';
import { StoreRefusal } from './store-refusal.ts';

export interface ShelvedObject {
  readonly path: string;
  readonly bytes: Bytes;
  readonly contentType: string;
  readonly etag: string;
  readonly modifiedAtMs: number;
}

export interface ShelfLimits {
  readonly maxObjects: number;
  /** Of all objects together. */
  readonly maxBytes: Bytes;
}

/** The objects of a simulated bucket: their facts in memory, their bytes in files, of both only so many. */
export class ObjectShelf {
  readonly #folder: string;
  readonly #limits: ShelfLimits;
  readonly #objects = new Map<string, ShelvedObject>();
  #bytes: Bytes = 0;

  constructor(folder: string, limits: ShelfLimits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  get keys(): string[] {
    return [...this.#objects.keys()];
  }

  get(key: string): ShelvedObject | undefined {
    return this.#objects.get(key);
  }

  /** Keeps an object once all of it is here. @throws StoreRefusal EntityTooLarge, EntityTooSmall; and what `content` throws. */
  async put(
    key: string,
    content: AsyncIterable<Buffer>,
    { contentType, limits, nowMs }: { contentType: string; limits: SizeLimits; nowMs: number },
  ): Promise<ShelvedObject> {
    const path = join(this.#folder, randomUUID());
    const hash = createHash('md5');
    let bytes = 0;
    const room = this.#limits.maxBytes - this.#bytes;
    async function* checked(): AsyncGenerator<Buffer> {
      for await (const chunk of content) {
        bytes += chunk.length;
        if (bytes > limits.maxBytes) throw refusal('EntityTooLarge', 'maximum', limits.maxBytes);
        if (bytes > room) throw full();
        hash.update(chunk);
        yield chunk;
      }
      if (bytes < limits.minBytes) throw refusal('EntityTooSmall', 'minimum', limits.minBytes);
    }
    try {
      await pipeline(checked, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      const object = { path, bytes, contentType, etag: `"${hash.digest('hex')}"`, modifiedAtMs: nowMs };
      await this.#place(key, object);
      return object;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** @throws StoreRefusal InsufficientStorage */
  async copy(from: ShelvedObject, to: string, nowMs: number): Promise<ShelvedObject> {
    const path = join(this.#folder, randomUUID());
    const object = { ...from, path, modifiedAtMs: nowMs };
    try {
      await copyFile(from.path, path);
      await this.#place(to, object);
      return object;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    const object = this.#objects.get(key);
    if (object === undefined) return;
    this.#objects.delete(key);
    this.#bytes -= object.bytes;
    // Who has it open reads it to its end.
    await rm(object.path, { force: true });
  }

  async #place(key: string, object: ShelvedObject): Promise<void> {
    const isNew = !this.#objects.has(key);
    const isFull = isNew && this.#objects.size >= this.#limits.maxObjects;
    if (isFull || this.#bytes + object.bytes > this.#limits.maxBytes) throw full();
    await this.delete(key);
    this.#objects.set(key, object);
    this.#bytes += object.bytes;
  }
}

function refusal(code: string, what: string, bytes: Bytes): StoreRefusal {
  return new StoreRefusal(
    400,
    code,
    `Your proposed upload exceeds the ${what} allowed size of ${bytes} bytes.`,
  );
}

function full(): StoreRefusal {
  return new StoreRefusal(507, 'InsufficientStorage', 'The simulated bucket is full.');
}
