// Fails on an import that the house does not allow, and on circles between files.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { root } from './pinned-node.mjs';

// Who may import whom. Two tiny entries of keeper are all that server may use: the worker's link and its log files.
const allowed = {
  kit: [],
  contract: ['@maque/kit'],
  guard: ['@maque/kit'],
  keeper: ['@maque/kit', '@maque/guard'],
  wechat: ['@maque/kit'],
  server: [
    '@maque/kit',
    '@maque/contract',
    '@maque/guard',
    '@maque/wechat',
    '@maque/keeper/worker-link',
    '@maque/keeper/log-file',
  ],
  ops: ['@maque/kit', '@maque/guard'],
  miniprogram: ['@maque/kit', '@maque/contract'],
  console: ['@maque/miniprogram', '@maque/contract'],
  maque: null,
  testkit: [
    '@maque/kit',
    '@maque/contract',
    '@maque/guard',
    '@maque/keeper',
    '@maque/wechat',
    '@maque/server',
  ],
};
// Shapes on the wire that a package may name without importing any code of theirs.
const allowedTypes = { keeper: ['@maque/contract'] };
// Packages that must run anywhere or carry no run-time dependency: no Node modules, or nothing from npm.
const noNodeModules = new Set(['kit', 'contract', 'miniprogram', 'console']);
// What an app brings along if it wants it: imported lazily, and the package runs without.
const optionalPeers = { guard: ['nodemailer'] };
const noNpmPackages = new Set(['kit', 'contract', 'guard', 'keeper', 'wechat', 'ops', 'miniprogram']);

const faults = [];
const graph = new Map();
for (const room of Object.keys(allowed)) {
  for (const file of sourcesIn(join(root, 'packages', room, 'src'))) checkFile(room, file);
}
for (const circle of circles())
  faults.push(`circle: ${circle.map((file) => relative(root, file)).join(' → ')}`);
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write(`imports: ${graph.size} files, no wrong direction, no circle\n`);

function checkFile(room, file) {
  const isTest = /\.(test|fixture)\.tsx?$/.test(file);
  const edges = [];
  for (const { name, typeOnly } of importsOf(readFileSync(file, 'utf8'))) {
    if (name.startsWith('.')) {
      if (!typeOnly) edges.push(resolve(dirname(file), name));
    } else if (!isTest) {
      const fault = typeOnly && allowedTypes[room]?.includes(name) ? undefined : judge(room, name);
      if (fault !== undefined) faults.push(`${relative(root, file)}: ${fault}`);
    }
  }
  if (!isTest) graph.set(file, edges);
}

function judge(room, name) {
  if (name.startsWith('node:'))
    return noNodeModules.has(room) ? `${room} must run anywhere, not import ${name}` : undefined;
  if (name.startsWith('@maque/')) {
    const rooms = allowed[room];
    const bare = name.split('/').slice(0, 2).join('/');
    const may =
      rooms === null ||
      rooms.includes(name) ||
      (rooms.includes(bare) && bare !== '@maque/keeper') ||
      (room === 'testkit' && rooms.includes(bare));
    return may ? undefined : `${room} must not import ${name}`;
  }
  if (name === 'maque') return `${room} must not import maque`;
  if (optionalPeers[room]?.includes(name)) return undefined;
  return noNpmPackages.has(room) ? `${room} takes no package from npm, not even ${name}` : undefined;
}

function* importsOf(source) {
  const pattern =
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g;
  for (const match of source.matchAll(pattern)) {
    yield { name: match[2] ?? match[3], typeOnly: match[1] !== undefined };
  }
}

function* circles() {
  const done = new Set();
  const path = [];
  function* visit(file) {
    if (path.includes(file)) {
      yield [...path.slice(path.indexOf(file)), file];
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of graph.get(file) ?? []) if (graph.has(next)) yield* visit(next);
    path.pop();
    done.add(file);
  }
  for (const file of graph.keys()) yield* visit(file);
}

function sourcesIn(folder) {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
}
