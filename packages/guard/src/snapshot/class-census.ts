import type { Bytes } from '@maque/kit';

/** Objects of one constructor, or of one kind that has none. */
export interface ClassCount {
  /** V8's type of node: `object`, `closure`, `string`, `native`, … */
  readonly type: string;
  /** Of the constructor, the function or the native part, else the type in parentheses. */
  name: string;
  count: number;
  size: Bytes;
  newCount: number;
}

// What a service of some hundred modules has is two to six thousand (functions among them). The numbers must fit 16
// bits.
const MAX_CLASSES = 30_000;

// Longer is no name of a constructor; V8 cuts at 1,024.
const MAX_NAME_LENGTH = 120;

// The name of another type is data: the text of a string, the source of a pattern.
const NAMED_TYPES: ReadonlySet<string> = new Set(['object', 'closure', 'native', 'synthetic']);

/** Counts nodes by class while a snapshot is read. Classes beyond the bound are counted as one, `(other)`. */
export class ClassCensus {
  readonly classes: ClassCount[] = [];
  readonly #types: readonly string[];
  readonly #byKey = new Map<number, number>();
  /** The classes that wait for the string of that number. */
  readonly #byName = new Map<number, number[]>();
  readonly #maxClasses: number;

  constructor(types: readonly string[], maxClasses = MAX_CLASSES) {
    this.#types = types;
    this.#maxClasses = maxClasses;
  }

  /** Counts a node; answers the number of its class. @param name - number of a string of the file. */
  add(type: number, name: number, size: Bytes, isNew: boolean): number {
    const number = this.#classOf(type, name);
    const counted = this.classes[number] as ClassCount;
    counted.count++;
    counted.size += size;
    if (isNew) counted.newCount++;
    return number;
  }

  /** Whether a class waits for this string. */
  needs(string: number): boolean {
    return this.#byName.has(string);
  }

  name(string: number, text: string): void {
    for (const number of this.#byName.get(string) ?? []) {
      const named = this.classes[number] as ClassCount;
      named.name = text.slice(0, MAX_NAME_LENGTH) || `(${named.type})`;
    }
  }

  #classOf(type: number, name: number): number {
    const typeName = this.#types[type] as string;
    const isNamed = NAMED_TYPES.has(typeName);
    // Names are below 2^32 and types below 2^6, so that keys are whole numbers that a double carries.
    const key = isNamed ? name * 64 + type : -1 - type;
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    if (this.classes.length >= this.#maxClasses - 1) return this.#other();
    const number = this.classes.push({
      type: typeName,
      name: `(${typeName})`,
      count: 0,
      size: 0,
      newCount: 0,
    });
    this.#byKey.set(key, number - 1);
    if (isNamed) this.#await(name, number - 1);
    return number - 1;
  }

  #await(name: number, number: number): void {
    const waiting = this.#byName.get(name);
    if (waiting === undefined) this.#byName.set(name, [number]);
    else waiting.push(number);
  }

  #other(): number {
    if (this.classes.length < this.#maxClasses) {
      this.classes.push({ type: 'other', name: '(other)', count: 0, size: 0, newCount: 0 });
    }
    return this.classes.length - 1;
  }
}
