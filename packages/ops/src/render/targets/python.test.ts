import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '@maque/testkit/process/temp-folder';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planOf, plansWith } from '../../../testing/app-plans.ts';
import { unexplainedNumbers, unusedMeanings } from '../../../testing/remarks.ts';
import { renderChoices } from '../../../testing/render-choices.ts';
import { writeBelow } from '../../../testing/written-files.ts';
import { renderOptions } from '../render-options.ts';
import { python } from './python.ts';

const options = renderOptions();
const gunicorn = { kind: 'python', name: 'reco', server: 'gunicorn', workers: 3 } as const;
const uvicorn = { kind: 'python', name: 'feed', server: 'uvicorn', workers: 2 } as const;

/** Answers the names of each file that are no settings of Gunicorn: it ignores them without a word. */
const UNKNOWN_SETTINGS = `
import json, runpy, sys
from gunicorn.config import Config
known = set(Config().settings)
unknown = {}
for path in sys.argv[1:]:
    values = {name: value for name, value in runpy.run_path(path).items() if not name.startswith("__") and name != "os"}
    config = Config()
    for name, value in values.items():
        if name in known: config.set(name, value)
        else: unknown.setdefault(path, []).append(name)
print(json.dumps(unknown))
`;

/** A Python that says which uvicorn it has, and then what it was started with. */
const uvicornOf = (version: string) => `#!/bin/sh
if [ "$1" = -c ]; then
  exec /usr/bin/python3 -c "import importlib.metadata as m; m.version = lambda name: '${version}'
$2"
fi
echo "$@"
`;

describe('the files of 200 plans', () => {
  const samples = fc.sample(fc.tuple(plansWith('python'), renderChoices()), 200);

  it('are taken by Gunicorn and by a shell', async () => {
    await using folder = await tempFolder();
    const paths = samples.flatMap(([plan, choices], index) =>
      writeBelow(join(folder.path, String(index)), python.render(plan, choices)),
    );
    const configs = paths.filter((path) => path.endsWith('.py'));
    const scripts = paths.filter((path) => !path.endsWith('.py'));
    expect(Math.min(configs.length, scripts.length)).toBeGreaterThan(50);
    const unknown = execFileSync('/usr/bin/python3', ['-c', UNKNOWN_SETTINGS, ...configs], {
      env: { ...process.env, APP_DIR: folder.path },
      encoding: 'utf8',
    });
    expect(JSON.parse(unknown)).toEqual({});
    execFileSync('sh', ['-c', 'for file; do sh -n "$file" || exit 1; done', 'sh', ...scripts]);
  });

  it('never have the option that tutorials invented', () => {
    const text = samples
      .flatMap(([plan, choices]) => python.render(plan, choices))
      .map(({ content }) => content);
    expect(text.join('\n')).not.toMatch(/worker.memory.limit/);
  });
});

it('Gunicorn takes all settings, also by the script that starts it', async () => {
  await using folder = await tempFolder();
  const [config = '', script = ''] = writeBelow(folder.path, python.render(planOf(gunicorn), options));
  writeFileSync(
    join(folder.path, 'app.py'),
    'def app(environ, start):\n    start("200 OK", [])\n    return [b"ok"]\n',
  );
  const env = { ...process.env, APP_DIR: folder.path };
  execFileSync('/usr/bin/gunicorn', ['--check-config', '-c', config], { env, cwd: folder.path });
  const printed = execFileSync(script, ['--print-config'], {
    env: { ...env, PYTHON: '/usr/bin/python3', GUNICORN_CONFIG: config },
    cwd: folder.path,
    encoding: 'utf8',
  });
  const settings = Object.fromEntries(
    [...printed.matchAll(/^(\w+)\s+= (.*)$/gm)].map(([, name, value]) => [name, value]),
  );
  expect(settings).toMatchObject({
    workers: '3',
    max_requests: '1000',
    max_requests_jitter: '100',
    bind: "['127.0.0.1:8080']",
    worker_tmp_dir: '/dev/shm',
  });
});

describe('uvicorn', () => {
  async function startedWith(version: string, workers: number): Promise<string> {
    await using folder = await tempFolder();
    const [script = ''] = writeBelow(folder.path, python.render(planOf({ ...uvicorn, workers }), options));
    const fake = join(folder.path, 'python');
    writeFileSync(fake, uvicornOf(version), { mode: 0o755 });
    const env = { ...process.env, PYTHON: fake, APP_DIR: folder.path };
    return execFileSync(script, ['--root-path', '/x'], {
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }
  const always =
    '--timeout-keep-alive 75 --limit-concurrency 132 --host 127.0.0.1 --port 8080 app:app --root-path /x';

  it.each([
    ['0.17.6', 2, `-m uvicorn ${always}`],
    ['0.30.1', 2, `-m uvicorn --workers 2 --limit-max-requests 1000 ${always}`],
    [
      '0.41.0',
      2,
      `-m uvicorn --limit-max-requests-jitter 100 --workers 2 --limit-max-requests 1000 ${always}`,
    ],
    [
      '1.0.0',
      2,
      `-m uvicorn --limit-max-requests-jitter 100 --workers 2 --limit-max-requests 1000 ${always}`,
    ],
    ['0.41.0', 1, `-m uvicorn ${always}`],
  ])('%s with %i workers is given what it understands', async (version, workers, command) => {
    expect(await startedWith(version, workers)).toBe(command);
  });

  it('starts and answers', async () => {
    await using folder = await tempFolder();
    const [script = ''] = writeBelow(folder.path, python.render(planOf(uvicorn), options));
    const app = [
      'async def app(scope, receive, send):',
      '    if scope["type"] != "http": return',
      '    await send({"type": "http.response.start", "status": 200, "headers": []})',
      '    await send({"type": "http.response.body", "body": b"ok"})',
    ];
    writeFileSync(join(folder.path, 'app.py'), `${app.join('\n')}\n`);
    const env = { ...process.env, PYTHON: '/usr/bin/python3', APP_DIR: folder.path, PORT: '0' };
    const server = spawn(script, ['--lifespan', 'off'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const url = await new Promise<string>((found, failed) => {
        let said = '';
        server.stderr.on('data', (chunk) => {
          said += chunk;
          const address = /running on (http:\S+)/.exec(said)?.[1];
          if (address !== undefined) found(address);
        });
        server.on('exit', () => failed(new Error(said)));
      });
      expect(await (await fetch(url)).text()).toBe('ok');
    } finally {
      server.kill('SIGKILL');
    }
  });
});

it('explains each of its numbers, and has no meaning too many', () => {
  for (const language of ['en', 'zh-CN'] as const) {
    const files = python.render(planOf(gunicorn, uvicorn), renderOptions({ language }));
    expect(unusedMeanings(python, files)).toEqual([]);
    expect(unexplainedNumbers(files, /"\$minor" -ge|echo "uvicorn/)).toEqual([]);
  }
});
