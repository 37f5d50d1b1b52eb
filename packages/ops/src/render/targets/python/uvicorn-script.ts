import type { Language } from '@maque/kit';
import type { PlannedPython } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import { exportUnlessSet, unlessSet } from '../../shell-words.ts';
import { PYTHON, pythonMeanings } from './python-meanings.ts';
import { UVICORN } from './serving-numbers.ts';

const {
  keep_alive: keepAlive,
  limit_concurrency: limitConcurrency,
  max_requests: maxRequests,
  max_requests_jitter: maxRequestsJitter,
  pool_size: poolSize,
  port,
  workers,
} = pythonMeanings;
/** Prints 41 for 0.41.0, and 1000 and more from 1.0 on. */
const MINOR_VERSION = [
  'from importlib.metadata import version',
  'major, minor = version("uvicorn").split(".")[:2]',
  'print(int(major) * 1000 + int(minor))',
].join('; ');

/** uvicorn has no settings file, so its flags stand in a script. */
export function uvicornScript(place: AppPlace, planned: PlannedPython, language: Language): RenderedFile {
  const content = writeConfig(
    [
      '#!/bin/sh',
      headOf('python', language),
      'set -eu',
      `cd "${unlessSet('APP_DIR', place.appDir)}"`,
      because(PYTHON, `python="${unlessSet('PYTHON', `${place.appDir}/.venv/bin/python`)}"`),
      numbered(poolSize, '', exportUnlessSet('DATABASE_POOL_SIZE', planned.poolSize)),
      null,
      because(APP, `set -- "${unlessSet('APP_MODULE', 'app:app')}" "$@"`),
      numbered(
        port,
        '',
        `set -- --host "${unlessSet('HOST', '127.0.0.1')}" --port "${unlessSet('PORT', place.port)}" "$@"`,
      ),
      numbered(
        limitConcurrency,
        UVICORN.concurrencyFormula,
        `set -- --limit-concurrency ${UVICORN.concurrency} "$@"`,
      ),
      numbered(keepAlive, '', `set -- --timeout-keep-alive ${UVICORN.keepAliveSeconds} "$@"`),
      ...(planned.workers > 1 ? workerLines(planned) : []),
      null,
      'exec "$python" -m uvicorn "$@"',
    ],
    language,
  );
  return { target: 'python', path: `/usr/local/bin/start-${place.name}`, content, mode: 0o755 };
}

/**
 * Workers are replaced from uvicorn 0.30 on (its new multiprocess manager); before, one that was killed or had reached
 * its requests was gone for ever, and with the last one the service hung without ending. Jitter came with 0.41.
 */
function workerLines({ workers: count, maxRequests: most, maxRequestsJitter: jitter }: PlannedPython) {
  const lines: readonly ConfigEntry[] = [
    null,
    numbered(workers, '', `workers=${count}`),
    numbered(maxRequests, '', `requests=${most}`),
    numbered(maxRequestsJitter, '', `jitter=${jitter}`),
    because(VERSION, `minor=$("$python" -c '${MINOR_VERSION}')`),
    'if [ "$minor" -ge 30 ]; then',
    '  set -- --workers "$workers" --limit-max-requests "$requests" "$@"',
    'else',
    '  echo "uvicorn before 0.30 does not replace workers that end: 1 instead of $workers" >&2',
    'fi',
    'if [ "$minor" -ge 41 ]; then set -- --limit-max-requests-jitter "$jitter" "$@"; fi',
  ];
  return lines;
}

const APP = {
  en: 'The module and the object in it; further arguments of this script go to uvicorn',
  zh: '模块与其中的应用对象；本脚本的其余参数会传给 uvicorn',
};
const VERSION = {
  en: 'Older ones do not replace a worker that ends: there the whole service is better restarted by systemd',
  zh: '旧版本不会替换已结束的工作进程，只用一个进程、由 systemd 整体重启更可靠',
};
