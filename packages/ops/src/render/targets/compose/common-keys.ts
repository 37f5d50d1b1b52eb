import type { Language } from '@maque/kit';
import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedService } from '../../../plan/box/planned-service.ts';
import { isApp } from '../../app-places.ts';
import { appTasks, type MostTasks } from '../../app-tasks.ts';
import { remarkOn } from '../../comment-numbers.ts';
import type { Meaning } from '../../meaning.ts';
import { remarked, type YamlMap, type YamlValue } from '../../yaml/index.ts';
import { containerMemory } from '../container/container-memory.ts';
import { composeMeanings as meanings } from './compose-meanings.ts';

/** What one container needs beyond what all have. */
export interface ContainerNeeds {
  readonly planned: PlannedService;
  readonly plan: BoxPlan;
  readonly language: Language;
}

const OPEN_FILES = 65_535;
const SPARE_CORES = 0.25;
const LEAST_CORES = 0.5;
const OTHER_TASKS = 200;
const LOG_FILES = 3;

/** What holds a container to its part of the plan. */
export function limitKeys({ planned, plan, language }: ContainerNeeds): YamlMap {
  const { budgetMb, limitMb, formula } = containerMemory(planned);
  const told = (meaning: Meaning, formula: string, value: YamlValue) =>
    remarked(remarkOn({ meaning, formula }, language), value);
  const limit = `${limitMb}m`;
  const { cores } = plan.request.box;
  const cpus = Math.max(LEAST_CORES, cores - SPARE_CORES);
  const tasks = tasksOf(planned);
  return {
    mem_limit: told(meanings.mem_limit, formula, limit),
    memswap_limit: told(meanings.memswap_limit, '', limit),
    mem_reservation: told(meanings.mem_reservation, '', `${budgetMb}m`),
    cpus: told(meanings.cpus, `${cores} - ${SPARE_CORES}`, cpus),
    pids_limit: told(meanings.pids_limit, tasks.formula, tasks.most),
    oom_score_adj: told(meanings.oom_score_adj, '', planned.oomScoreAdj),
    ulimits: { nofile: told(meanings.nofile, '', OPEN_FILES) },
  };
}

/** What no container needs to be able to do. */
export function hardeningKeys(capabilities: readonly string[] = []): YamlMap {
  return {
    read_only: true,
    cap_drop: ['ALL'],
    cap_add: capabilities.length === 0 ? undefined : capabilities,
    security_opt: ['no-new-privileges:true'],
  };
}

/** Kept alive, stopped gently, and its output bounded. */
export function keepingKeys(language: Language, graceSeconds = 30): YamlMap {
  return {
    restart: 'unless-stopped',
    stop_grace_period: remarked(
      remarkOn({ meaning: meanings.stop_grace_period }, language),
      `${graceSeconds}s`,
    ),
    logging: remarked(remarkOn({ meaning: meanings.logs }, language), {
      driver: 'json-file',
      options: { 'max-size': '10m', 'max-file': String(LOG_FILES) },
    }),
  };
}

/** @param test a command that fails when the container is ill */
export function healthKeys(test: readonly string[], language: Language): YamlMap {
  return {
    healthcheck: remarked(remarkOn({ meaning: meanings.healthcheck }, language), {
      // A single $ is docker-compose's own.
      test: test.map((word) => word.replaceAll('$', '$$$$')),
      interval: '10s',
      timeout: '5s',
      retries: 3,
      start_period: remarked(remarkOn({ meaning: meanings.start_period }, language), '60s'),
    }),
  };
}

/** Folders in memory: `/run/mysqld` of the user with that number. */
export function tmpfsKeys(
  language: Language,
  folders: readonly { readonly path: string; readonly mb: number; readonly uid?: number }[],
): YamlMap {
  const lines = folders.map(({ path, mb, uid }) => {
    const owner = uid === undefined ? 'mode=1777' : `mode=0755,uid=${uid}`;
    return `${path}:size=${mb}m,${owner}`;
  });
  return { tmpfs: remarked(remarkOn({ meaning: meanings.tmpfs }, language), lines) };
}

/** A database has a thread for each connection; nginx and Redis have a handful. */
function tasksOf(planned: PlannedService): MostTasks {
  if (isApp(planned)) return appTasks(planned);
  if (!('connections' in planned)) return { most: OTHER_TASKS, formula: '' };
  return {
    most: planned.connections + OTHER_TASKS,
    formula: `${planned.connections} + ${OTHER_TASKS}`,
  };
}
