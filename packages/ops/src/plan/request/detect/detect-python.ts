import { memoryOf, unitOf } from '../../../doctor/facts/services.ts';
import { type DetectedService, planName } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

/** Gunicorn and uvicorn with what their largest worker holds now. */
export function detectPython({ pythons }: HostFacts): readonly DetectedService[] {
  return pythons.map(({ kind, process, workers }) => {
    // uvicorn without --workers serves by itself.
    const serving = workers.length === 0 ? [process] : workers;
    return {
      service: {
        kind: 'python',
        name: planName(unitOf(process.cgroup) ?? '', 'python'),
        server: kind,
        workers: serving.length,
        workerBytes: Math.max(...serving.map(memoryOf)),
      },
      pids: [process, ...workers].map(({ pid }) => pid),
      notes: [],
    };
  });
}
