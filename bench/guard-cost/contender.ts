import { fileURLToPath } from 'node:url';

/** One of the servers that are held against each other. */
export interface Contender {
  readonly name: string;
  readonly title: string;
  readonly app: string;
  readonly nodeArgs: readonly string[];
}

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** `--import @maque/guard/register`, the way that takes no change of code and costs most: it counts requests itself. */
export const REGISTER: readonly string[] = ['--import', import.meta.resolve('@maque/guard/register')];

export const BARE: Contender = {
  name: 'bare',
  title: 'bare node:http',
  app: file('hello.js'),
  nodeArgs: [],
};

export const GUARDED: Contender = {
  name: 'guarded',
  title: 'with the guard registered',
  app: file('hello.js'),
  nodeArgs: REGISTER,
};

export const HEAP_DELTA: Contender = {
  name: 'heap-delta',
  title: 'with the heap read before and after each request',
  app: file('heap-delta.js'),
  nodeArgs: [],
};

export const SELF_OBSERVED: Contender = {
  name: 'self-observed',
  title: 'with a named route and a profile of itself',
  app: file('self-observed.js'),
  nodeArgs: [],
};
