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
const REGISTER: readonly string[] = ['--import', import.meta.resolve('@maque/guard/register')];

/** The same guard, off at first and switched by SIGUSR2. */
export const SWITCH: readonly string[] = ['--import', new URL('switched-guard.js', import.meta.url).href];

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

export const SWITCHED: Contender = {
  name: 'switched',
  title: 'with a guard that can be switched',
  app: file('hello.js'),
  nodeArgs: SWITCH,
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
