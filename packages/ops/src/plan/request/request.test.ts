import { CodedError, GiB, MiB } from '@maque/kit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planRequests } from '../../../testing/plan-requests.ts';
import { Problems } from './problems.ts';
import { parsePlanRequest } from './read-plan-request.ts';
import { parseServiceWords, serviceWords } from './service-words.ts';
import { readToldRequest, withTold } from './told-request.ts';
import { wordOf } from './word-of.ts';
import { writePlanRequest } from './write-plan-request.ts';

const FILE = {
  box: { ram: '2G', cores: 2, bandwidth: '5M', disk: '50G' },
  services: [
    { kind: 'maque', workers: 2, cache: '24M' },
    { kind: 'nginx' },
    { kind: 'mariadb', pool: '192M', connections: 40 },
    { kind: 'redis', data: 1_000_001 },
    { kind: 'redis' },
    { kind: 'java', framework: 'spring-boot', heap: '256M' },
  ],
  elsewhere: ['object-store'],
  load: { program: 'shop', dau: 5000, payments: true },
  calibration: {
    measuredAt: '2026-05-01T00:00:00.000Z',
    cpuMicrosPerRequest: 850.5,
    peakBytes: { nginx: '20M' },
  },
};

function issues(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof CodedError) return error.details.map(({ issue }) => issue);
    throw error;
  }
  return [];
}

function words(text: string) {
  const problems = new Problems();
  const services = parseServiceWords(text, '--with', problems);
  return { services, issues: problems.toError('x').details.map(({ issue }) => issue) };
}

it('reads a request file, and writes one that reads as the same', () => {
  const request = parsePlanRequest(JSON.stringify(FILE), 'plan.json');
  expect(request).toEqual({
    box: {
      memoryBytes: 2 * GiB,
      bound: 'box',
      cores: 2,
      bandwidthBitsPerSecond: 5_000_000,
      diskBytes: 50 * GiB,
    },
    services: [
      {
        kind: 'maque',
        name: 'maque',
        workers: 2,
        server: { bodyLimitBytes: MiB, cacheBytes: 24 * MiB },
      },
      { kind: 'nginx', name: 'nginx' },
      { kind: 'mariadb', name: 'mariadb', poolBytes: 192 * MiB, connections: 40 },
      { kind: 'redis', name: 'redis', dataBytes: 1_000_001 },
      { kind: 'redis', name: 'redis-2' },
      { kind: 'java', name: 'java', framework: 'spring-boot', heapMb: 256 },
    ],
    elsewhere: ['object-store'],
    load: { program: 'shop', dau: 5000, payments: true },
    calibration: {
      measuredAt: '2026-05-01T00:00:00.000Z',
      cpuMicrosPerRequest: 850.5,
      peakBytes: { nginx: 20 * MiB },
    },
  });
  const written = writePlanRequest(request);
  expect(parsePlanRequest(written, 'plan.json')).toEqual(request);
  expect(written).toContain('"bandwidth": "5M"');
  expect(parsePlanRequest(`\uFEFF${written}`, 'plan.json')).toEqual(request);
});

it('tells all that is wrong at once, with its place and the name that was meant', () => {
  const wrong = {
    box: { ram: '2X', core: 2 },
    services: [
      { kind: 'mariadb', poool: '192M', connections: 0 },
      { kind: 'postgres' },
      { kind: 'java', name: 'a b' },
      { kind: 'nginx', name: 'same' },
      { kind: 'redis', name: 'same', role: 'stack' },
      7,
    ],
    load: { program: 'shpo', payments: 'perhaps' },
    calibration: { measuredAt: 'yesterday', peakBytes: { nginx: 'much' } },
    notes: 1,
  };
  expect(issues(() => parsePlanRequest(JSON.stringify(wrong), 'plan.json'))).toEqual([
    'request: nothing has the name "notes"; there is box, services, elsewhere, load, calibration',
    'services[0]: nothing has the name "poool"; did you mean pool?',
    'services[0].connections: a whole number from 1 to 100000 is expected, not 0',
    'services[1].kind: nothing has the name "postgres"; there is maque, node, java, python, nginx, mariadb, mysql, redis, agent, watcher',
    'services[2].framework is missing: What it is built on (one of spring-boot, tomcat, plain)',
    'services[2].name: a name of letters, digits and dashes, at most 40, is expected, not "a b"',
    'services[4].role: one of cache, queue is expected, not "stack"',
    'services[5]: an object is expected, not 7',
    'calibration.measuredAt: a time in ISO 8601 is expected, not "yesterday"',
    'calibration.peakBytes.nginx: a size is expected, not "much"',
    'box: nothing has the name "core"; did you mean cores?',
    'box.ram: a size such as 512M or 2G, from 64 MiB to 1024 GiB is expected, not "2X"',
    'box.cores is missing: Processor cores (a whole number from 1 to 256)',
    'load.program: one of tool, content, shop, booking, community, chat, live is expected, not "shpo"',
    'load.payments: yes or no is expected, not "perhaps"',
  ]);
  expect(issues(() => parsePlanRequest('{', 'plan.json'))[0]).toMatch(/^this is no JSON: /);
  expect(issues(() => parsePlanRequest('[]', 'plan.json'))).toEqual([
    'request: an object is expected, not []',
  ]);
  const twins = {
    ...FILE,
    services: [
      { kind: 'redis', name: 'a' },
      { kind: 'redis', name: 'a' },
    ],
  };
  expect(issues(() => parsePlanRequest(JSON.stringify(twins), 'plan.json'))).toEqual([
    'services[1].name: a is the name of two services',
  ]);
});

it('never lets a file steer the terminal', () => {
  const steering = '\u001b[2J\u009b2J\u202ebox';
  const text = JSON.stringify({
    box: { [steering]: 1, ram: steering },
    calibration: { peakBytes: { [steering]: 'x' } },
  });
  const told = [
    ...issues(() => parsePlanRequest(text, 'plan.json')),
    ...issues(() => parsePlanRequest(steering, '')),
  ];
  expect(told.length).toBeGreaterThan(4);
  expect(told.join('').match(/[\p{Cc}\p{Bidi_Control}]/u)).toBeNull();
});

it('takes a bare number of a heap for MiB, as Node and Java do', () => {
  for (const words of ['node:heap=1536', 'node:heap=1536M', 'node:heap=1.5G'])
    expect(parseServiceWords(words, '--with', new Problems())).toMatchObject([{ oldSpaceMb: 1536 }]);
});

it.each(['0', '-1', '1e308', 'NaN', '二', ''])('plans for no peak of %j requests a second', (qps) => {
  const problems = new Problems();
  readToldRequest({ qps }, problems);
  expect(problems.list.map(({ path }) => path)).toEqual(['--qps']);
});

it('reads what runs on the box from one word, and says it in the same words', () => {
  const text =
    'nginx,mariadb:pool=192M:connections=40,redis,java:spring-boot:heap=256M,python:gunicorn:workers=3,agent:80M:name=aegis,node_exporter';
  const { services, issues: none } = words(text);
  expect(none).toEqual([]);
  expect(services).toEqual([
    { kind: 'nginx', name: 'nginx' },
    { kind: 'mariadb', name: 'mariadb', poolBytes: 192 * MiB, connections: 40 },
    { kind: 'redis', name: 'redis' },
    { kind: 'java', name: 'java', framework: 'spring-boot', heapMb: 256 },
    { kind: 'python', name: 'python', server: 'gunicorn', workers: 3 },
    { kind: 'agent', name: 'aegis', bytes: 80 * MiB },
    { kind: 'watcher', name: 'node-exporter', program: 'node_exporter' },
  ]);
  expect(serviceWords(services)).toBe(text);
  expect(words('mariadb:pool=192M,connections=40, spring-boot').services).toEqual([
    { kind: 'mariadb', name: 'mariadb', poolBytes: 192 * MiB, connections: 40 },
    { kind: 'java', name: 'java', framework: 'spring-boot' },
  ]);
  expect(words('mysql:performance-schema=on').services).toEqual([
    { kind: 'mysql', name: 'mysql', performanceSchema: true },
  ]);
});

it('tells what of the words it does not understand', () => {
  expect(words('ngnix,mariadb:big,redis:role=cache:queue,pool=1M,java').issues).toEqual([
    '--with: nothing has the name "ngnix"; did you mean nginx?',
    '--with mariadb: big needs a name: pool=, connections=, busy=, data=, performanceSchema=',
    '--with redis: queue needs a name: data=, role=, persistent=',
    '--with redis: nothing has the name "pool"; there is data, role, persistent, kind, name',
    '--with java.framework is missing: What it is built on (one of spring-boot, tomcat, plain)',
  ]);
  expect(words('pool=1M').issues).toEqual(['--with: pool=1M stands before any service']);
  expect(words('java:tomcat:heap=64M:heap=65M').issues).toEqual(['--with java: heap is told twice']);
});

it('reads flags as it reads a file', () => {
  const problems = new Problems();
  const told = readToldRequest(
    { ram: '2G', 'upload-size': '500K', payments: true, qps: '12.5', dau: 'many', elsewhere: 'database' },
    problems,
  );
  expect(told).toEqual({
    box: { memoryBytes: 2 * GiB },
    services: undefined,
    elsewhere: ['database'],
    load: { uploadBytes: 500 * 1024, payments: true, peakQps: 12.5 },
  });
  expect(problems.toError('x').details.map(({ issue }) => issue)).toEqual([
    '--dau: a whole number from 1 to 1000000000 is expected, not "many"',
  ]);
});

it('calls a value what it is called where it is told', () => {
  expect(wordOf('dataBytes', 140 * MiB)).toEqual({ word: 'data', value: '140 MiB' });
  expect(wordOf('heapMb', 256)).toEqual({ word: 'heap', value: '256 MiB' });
  expect(wordOf('server.bodyMemoryBytes', MiB)).toEqual({ word: 'bodyMemory', value: '1 MiB' });
  expect(wordOf('connections', 40)).toEqual({ word: 'connections', value: '40' });
});

it('keeps any request as it is, in a file and in words', () => {
  fc.assert(
    fc.property(planRequests(), (request) => {
      const kept = JSON.parse(JSON.stringify(request));
      expect(parsePlanRequest(writePlanRequest(request), 'x')).toEqual(kept);
      expect(words(serviceWords(request.services))).toEqual({ services: kept.services, issues: [] });
    }),
  );
});

it.each([
  ['redis', 'redis'],
  ['mysql', 'database'],
  ['mariadb', 'database'],
])('who says in one breath that %s runs here and %s elsewhere is asked which', (kind, elsewhere) => {
  const problems = new Problems();
  readToldRequest({ with: kind, elsewhere }, problems);
  expect(problems.list).toMatchObject([{ path: '--elsewhere', data: { part: elsewhere, name: kind } }]);
  const file = { ...FILE, services: [{ kind }], elsewhere: [elsewhere] };
  expect(issues(() => parsePlanRequest(JSON.stringify(file), 'plan.json'))).toEqual([
    expect.stringContaining(`${elsewhere} is held by another machine`),
  ]);
});

it('what is told over a file or a live box says where things are from now on', () => {
  const base = parsePlanRequest(
    JSON.stringify({ ...FILE, services: [{ kind: 'redis' }, { kind: 'mariadb' }] }),
    'a',
  );
  const told = (flags: Readonly<Record<string, string>>, over = base) => {
    const problems = new Problems();
    const { services, elsewhere } = withTold(over, readToldRequest(flags, problems));
    expect(problems.count).toBe(0);
    return { here: services.map(({ kind }) => kind), elsewhere };
  };
  expect(told({})).toEqual({ here: ['redis', 'mariadb'], elsewhere: ['object-store'] });
  expect(told({ elsewhere: 'redis' })).toEqual({ here: ['mariadb'], elsewhere: ['redis'] });
  expect(told({ elsewhere: 'database,object-store' })).toMatchObject({ here: ['redis'] });
  const away = { ...base, services: [], elsewhere: ['redis', 'database'] as const };
  expect(told({ with: 'redis' }, away)).toEqual({ here: ['redis'], elsewhere: ['database'] });
});
