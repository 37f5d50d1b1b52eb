import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import type { PlannedJava } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { numbered } from '../../config-lines.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { RenderOptions } from '../../target.ts';
import { meanings } from './meanings.ts';
import { environmentFileOf, limitsOf, serviceUnit } from './service-unit.ts';

/** Threads of the JVM itself: collector, compilers, signals, and what libraries start. */
const MORE_TASKS = 128;
/** How the JVM ends when it was asked to. */
const ENDED_BY_SIGNAL = 143;

/** A JVM in which every part is bounded. It does not speak sd_notify: no watchdog. */
export function javaUnit(
  place: AppPlace,
  service: PlannedJava,
  plan: BoxPlan,
  options: RenderOptions,
): RenderedFile {
  const { heapMb, metaspaceMb, codeCacheMb, directMb, threadStackKb, threads } = service;
  const flags = [
    `-Xmx${heapMb}m`,
    `-Xms${heapMb}m`,
    `-XX:MaxMetaspaceSize=${metaspaceMb}m`,
    `-XX:ReservedCodeCacheSize=${codeCacheMb}m`,
    `-XX:MaxDirectMemorySize=${directMb}m`,
    `-Xss${threadStackKb}k`,
    '-XX:+UseSerialGC',
    // A JVM that is out of memory still runs, and answers nothing.
    '-XX:+ExitOnOutOfMemoryError',
  ];
  return serviceUnit(
    {
      unit: place.name,
      place,
      dataDir: place.dataDir,
      start: [
        'Type=exec',
        numbered(meanings.port, '', `Environment=SERVER_PORT=${place.port}`),
        numbered(meanings.javaHeap, `-Xmx ${heapMb} MiB`),
        numbered(meanings.javaMetaspace, `-XX:MaxMetaspaceSize ${metaspaceMb} MiB`),
        numbered(meanings.javaCodeCache, `-XX:ReservedCodeCacheSize ${codeCacheMb} MiB`),
        numbered(meanings.javaDirect, `-XX:MaxDirectMemorySize ${directMb} MiB`),
        numbered(meanings.javaStack, `-Xss ${threadStackKb} KiB`),
        `ExecStart=/usr/bin/java ${flags.join(' ')} -jar ${place.appDir}/app.jar`,
        `SuccessExitStatus=${ENDED_BY_SIGNAL}`,
      ],
      environmentFile: environmentFileOf(place.name),
      limits: limitsOf(place),
      tasks: { most: threads + MORE_TASKS, formula: `${threads} + ${MORE_TASKS}` },
      reads: [],
    },
    plan,
    options,
  );
}
