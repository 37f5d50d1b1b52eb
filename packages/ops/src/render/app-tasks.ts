import type { PlannedApp } from './app-places.ts';

/** The most processes and threads of a program, and how the number came about. */
export interface MostTasks {
  readonly most: number;
  readonly formula: string;
}

/** Main thread, four of libuv, those of V8 and what a helper starts: 11 were counted. */
const OF_NODE = 32;
/** The thread pool of Starlette is 40. */
const OF_PYTHON = 64;
const MORE = 64;
/** Threads of the JVM itself: collector, compilers, signals, and what libraries start. */
const MORE_OF_JAVA = 128;

/** For `TasksMax=` of a unit and `pids_limit` of a container. */
export function appTasks(service: PlannedApp): MostTasks {
  switch (service.kind) {
    case 'maque':
      return nodeTasks(service.budget.workers);
    case 'node':
      return nodeTasks(service.workers);
    case 'java':
      return {
        most: service.threads + MORE_OF_JAVA,
        formula: `${service.threads} + ${MORE_OF_JAVA}`,
      };
    case 'python':
      return {
        most: OF_PYTHON * service.workers + MORE,
        formula: `${OF_PYTHON} × ${service.workers} + ${MORE}`,
      };
  }
}

/** With the keeper, and one more while a worker is replaced. */
export function nodeTasks(workers: number): MostTasks {
  return { most: OF_NODE * (workers + 2) + MORE, formula: `${OF_NODE} × (${workers} + 2) + ${MORE}` };
}
