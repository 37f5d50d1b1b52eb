import type { DrainNotice, PressureLevel, PressureNotice, WorkerLink } from '@maque/keeper/worker-link';

/** What a worker told its keeper, and what the keeper can tell it. */
export interface TestLink extends WorkerLink {
  readonly told: {
    ready: unknown[];
    failed: { code: string; message: string }[];
    matters: { code: string; message: string }[];
    reports: number;
  };
  /** Lets every listener drain; resolves when they are done. */
  drain(notice: DrainNotice): Promise<void>;
  metrics(): string;
  /** Tells how the box is. */
  press(level: PressureLevel): void;
}

/** Stands for a keeper with several workers: what one publishes, the others hear a turn later. */
export function createLinkHub(): { link(workerId: string): TestLink } {
  const links: { subscribed: Map<string, Set<(payload: unknown) => void>> }[] = [];
  return {
    link(workerId) {
      const own = { subscribed: new Map<string, Set<(payload: unknown) => void>>() };
      links.push(own);
      const drains: ((notice: DrainNotice) => unknown)[] = [];
      const told: TestLink['told'] = { ready: [], failed: [], matters: [], reports: 0 };
      const pressed: ((pressure: PressureNotice) => void)[] = [];
      let render = () => '';
      return {
        managed: true,
        workerId,
        told,
        ready: (info) => void told.ready.push(info),
        failed: (failure) => void told.failed.push(failure),
        attention: (matter) => void told.matters.push(matter),
        report() {
          told.reports += 1;
        },
        publish(channel, payload) {
          const body = JSON.stringify(payload);
          setImmediate(() => {
            for (const other of links) {
              if (other === own) continue;
              for (const listener of other.subscribed.get(channel) ?? []) listener(JSON.parse(body));
            }
          });
        },
        subscribe(channel, listener) {
          const listeners = own.subscribed.get(channel) ?? new Set();
          own.subscribed.set(channel, listeners.add(listener));
          return () => listeners.delete(listener);
        },
        onDrain: (listener) => void drains.push(listener),
        onMetrics(renderer) {
          render = renderer;
        },
        onAutopsy() {},
        onPressure: (listener) => void pressed.push(listener),
        onSnapshot() {},
        async drain(notice) {
          await Promise.all(drains.map(async (listener) => listener(notice)));
        },
        metrics: () => render(),
        press(level) {
          for (const listener of pressed) listener({ level, reasons: [] });
        },
      };
    },
  };
}
