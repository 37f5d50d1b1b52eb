// Makes maque, @maque/guard or @maque/wechat as it is published, with nothing to install beside it: the workspace's own
// packages depend on others that are not published. `npm run package -w maque` runs it, likewise the others.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { asciiOnly, oneFileOf, withoutComments } from './bundle.mjs';
import { root } from './pinned-node.mjs';
import { mustRun } from './run-command.mjs';

/**
 * What is published by itself. Optional peers are found in the app if it uses them (the guard itself imports nodemailer alone,
 * and only to send e-mail); processes are scripts that run by themselves, found beside the code that starts them.
 */
const LIBRARIES = {
  guard: {
    optionalPeers: { '@opentelemetry/api': '^1.3.0', nodemailer: '>=6', 'prom-client': '>=15' },
    processes: { 'snapshot-helper': './dist/snapshot/snapshot-helper.js' },
    sideEffects: ['./register.js'],
  },
  wechat: { optionalPeers: {}, processes: {}, sideEffects: [] },
  // Its code is bundled by every build; its own `bundle` is not to be emptied for this.
  maque: { optionalPeers: {}, made: ['bin', 'bundle'], target: 'package' },
};

const [name, targetArgument] = process.argv.slice(2);
const library = LIBRARIES[name];
if (library === undefined) {
  process.stderr.write(
    `node scripts/package-library.mjs ${Object.keys(LIBRARIES).join('|')} [empty folder]\n`,
  );
  process.exit(1);
}
const { optionalPeers, processes = {}, made } = library;
const home = join(root, 'packages', name);
const common = { platform: 'node', external: Object.keys(optionalPeers), logLevel: 'warn' };

/** Writes its own folder anew, or fills an empty one. @returns its path. */
async function packageLibrary(target) {
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const entries = Object.entries(manifest.exports).map(([path, { types, default: code }]) => ({
    path,
    entry: path === '.' ? 'index' : path.slice('./'.length),
    types,
    code,
  }));
  mkdirSync(target, { recursive: true });
  if (readdirSync(target).length > 0) throw new Error(`${target} is not empty`);
  if (made === undefined) await bundleCode(entries, target);
  else for (const folder of made) cpSync(join(home, folder), join(target, folder), { recursive: true });
  copyTypes(entries, join(target, 'types'));
  writeFileSync(
    join(target, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest, entries), null, 2)}\n`,
  );
  const readme = join(home, 'README.md');
  cpSync(existsSync(readme) ? readme : join(root, 'README.md'), join(target, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(target, 'LICENSE'));
  return target;
}

async function bundleCode(entries, target) {
  const inputs = [...entries.map(({ entry, code }) => [entry, code]), ...Object.entries(processes)];
  const build = await rolldown({
    ...common,
    input: Object.fromEntries(inputs.map(([input, code]) => [input, join(home, code)])),
    plugins: [asciiOnly],
  });
  await build.write({
    dir: target,
    ...withoutComments,
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: await oneFileOf({ ...common, input: join(home, 'dist', 'index.js') }),
  });
  await build.close();
}

/** Copies the declarations that the entries reach, those of other packages among them, so that nothing points out of this one. */
function copyTypes(entries, target) {
  const waiting = entries.map(({ types }) => join(home, types));
  const copied = new Set();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (copied.has(file)) continue;
    copied.add(file);
    const place = placeOf(file);
    const text = readFileSync(file, 'utf8').replace(
      /(\bfrom\s+|\bimport\()(['"])(@maque\/[^'"]+|\.{1,2}\/[^'"]+)\2/g,
      (_, before, quote, from) => {
        const imported = from.startsWith('@')
          ? declarationOf(from)
          : resolve(dirname(file), from).replace(/(?:\.d)?\.[tj]s$/, '.d.ts');
        waiting.push(imported);
        const path = posix.relative(posix.dirname(place), placeOf(imported)).replace(/\.d\.ts$/, '.js');
        return `${before}${quote}${path.startsWith('.') ? path : `./${path}`}${quote}`;
      },
    );
    mkdirSync(dirname(join(target, place)), { recursive: true });
    writeFileSync(join(target, place), text.replace(/^\/\/# sourceMappingURL=.*$/m, ''));
  }
}

/** The declaration of what another package of the workspace exports, such as `@maque/kit` or `@maque/server/define`. */
function declarationOf(specifier) {
  const [, other, ...path] = specifier.split('/');
  const folder = join(root, 'packages', other);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, exports[['.', ...path].join('/')].types);
}

/** Where a declaration is put, below `types`: those of other packages in folders of theirs. */
function placeOf(file) {
  const [, owner, inside] = /packages[\\/]([^\\/]+)[\\/]dist[\\/](.*)$/.exec(file) ?? [];
  return owner === name ? inside : join(owner, inside);
}

function publishedManifest(manifest, entries) {
  const { name: fullName, version, description, license, type, bin, sideEffects } = manifest;
  const exports = entries.map(({ path, entry, types, code }) => [
    path,
    { types: types.replace('./dist/', './types/'), default: made === undefined ? `./${entry}.js` : code },
  ]);
  return {
    name: fullName,
    version,
    description,
    license,
    type,
    engines: { node: '>=24' },
    ...(bin && { bin }),
    sideEffects: made
      ? sideEffects
      : [...library.sideEffects, ...Object.keys(processes).map((script) => `./${script}.js`)],
    exports: Object.fromEntries([...exports, ['./package.json', './package.json']]),
    dependencies: {},
    peerDependencies: optionalPeers,
    peerDependenciesMeta: Object.fromEntries(
      Object.keys(optionalPeers).map((peer) => [peer, { optional: true }]),
    ),
  };
}

const own = join(home, library.target ?? 'bundle');
if (targetArgument === undefined) rmSync(own, { recursive: true, force: true });
const target = await packageLibrary(resolve(targetArgument ?? own));
await mustRun('npm', ['pack', '--silent', '--pack-destination', target, target], { quiet: true });
const tarball = readdirSync(target).find((file) => file.endsWith('.tgz'));
process.stdout.write(`${join(target, tarball ?? '')}\n`);
