import type { Language } from '@maque/kit';
import type { PlannedPython } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { because, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import { unlessSet } from '../../shell-words.ts';
import { PYTHON, pythonMeanings } from './python-meanings.ts';
import { GUNICORN } from './serving-numbers.ts';

const {
  graceful_timeout: gracefulTimeout,
  max_requests: maxRequests,
  max_requests_jitter: maxRequestsJitter,
  pool_size: poolSize,
  port,
  timeout,
  workers,
} = pythonMeanings;

/** Settings of Gunicorn. There is none for memory: `--worker-memory-limit` of some tutorials does not exist. */
export function gunicornFiles(
  place: AppPlace,
  planned: PlannedPython,
  language: Language,
): readonly RenderedFile[] {
  const content = writeConfig(
    [
      headOf('python', language),
      'import os',
      null,
      because(APP, 'wsgi_app = os.environ.get("APP_MODULE", "app:app")'),
      `chdir = os.environ.get("APP_DIR", "${place.appDir}")`,
      numbered(port, '', `bind = os.environ.get("BIND", "127.0.0.1:${place.port}")`),
      null,
      numbered(workers, '', `workers = ${planned.workers}`),
      numbered(maxRequests, '', `max_requests = ${planned.maxRequests}`),
      numbered(maxRequestsJitter, '', `max_requests_jitter = ${planned.maxRequestsJitter}`),
      numbered(timeout, '', `timeout = ${GUNICORN.timeoutSeconds}`),
      numbered(gracefulTimeout, '', `graceful_timeout = ${GUNICORN.gracefulSeconds}`),
      numbered(poolSize, '', `raw_env = ["DATABASE_POOL_SIZE=${planned.poolSize}"]`),
      null,
      because(HEARTBEAT, 'worker_tmp_dir = "/dev/shm"'),
      because(FRESH, 'preload_app = False'),
    ],
    language,
  );
  const path = `/etc/${place.name}/gunicorn.conf.py`;
  return [{ target: 'python', path, content }, launchScript(place, path, language)];
}

function launchScript({ name, appDir }: AppPlace, config: string, language: Language): RenderedFile {
  const content = writeConfig(
    [
      '#!/bin/sh',
      headOf('python', language),
      'set -eu',
      because(PYTHON, `python="${unlessSet('PYTHON', `${appDir}/.venv/bin/python`)}"`),
      `exec "$python" -m gunicorn --config "${unlessSet('GUNICORN_CONFIG', config)}" "$@"`,
    ],
    language,
  );
  return { target: 'python', path: `/usr/local/bin/start-${name}`, content, mode: 0o755 };
}

const APP = {
  en: 'The module and the object in it that Gunicorn serves',
  zh: 'Gunicorn 加载的模块与其中的应用对象',
};
const HEARTBEAT = {
  en: 'Heartbeats are writes to a file: on a disk that is slow, healthy workers would be killed',
  zh: '心跳是对文件的写入：放在慢磁盘上，健康的进程也会被误杀',
};
const FRESH = {
  en: 'Sharing the imports saves 19 MiB of 104 at four workers, which melts under load, and shares open connections, too',
  zh: '共享导入在四个进程时只省 19 MiB（共 104），且随负载消失，还会误共享已打开的连接',
};
