// Preloaded after the guard: tells what it says, so that the app needs no line for it.
import { type Confirmation, type GuardState, type SuspicionNews, watch } from '@maque/guard';

/** What a worker sends to whoever runs it. */
export type Told =
  /** Of the app itself. */
  | { readonly kind: 'onset'; readonly atMs: number }
  | { readonly kind: 'confirmation'; readonly confirmation: Confirmation }
  | {
      readonly kind: 'state';
      readonly atMs: number;
      readonly state: GuardState;
      readonly routes: readonly number[];
    }
  | { readonly kind: 'news'; readonly atMs: number; readonly news: SuspicionNews };

const EVERY_MS = 1_000;

const guard = watch();
const tell = (told: Told): void => void process.send?.(told);
guard.onSuspicion((news) => tell({ kind: 'news', atMs: performance.now(), news }));
setInterval(() => {
  const routes = guard.meter.routes().map(({ total }) => total);
  tell({ kind: 'state', atMs: performance.now(), state: guard.state(), routes });
}, EVERY_MS).unref();
process.on('message', () => {
  guard.confirm().then((confirmation) => tell({ kind: 'confirmation', confirmation }));
});
