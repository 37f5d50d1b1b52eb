import { setTimeout as sleep } from 'node:timers/promises';
import type { SystemStatus } from '@maque/contract';
import { createFileReader, readHost } from '@maque/guard/box';
import type { KeeperEvent } from '@maque/keeper';
import { CodedError, type Milliseconds, parseDuration, SECOND } from '@maque/kit';
import type { ExitCode, Invocation, Surroundings } from '../cli/command.ts';
import { commandErrors } from '../cli/command-errors.ts';
import { readSettings } from '../settings/read-settings.ts';
import { renderTop } from '../top/render-top.ts';
import { type PressedKey, Screen, type ScreenStreams } from '../top/screen.ts';
import { initialTop, pressKey, type TopKey, type TopState, withNews } from '../top/top-state.ts';
import { askKeeper } from './ask-keeper.ts';
import { formatProcesses } from './show-processes.ts';

// The keeper's numbers are a second old at most; reading them takes it some milliseconds.
const INTERVAL_MS: Milliseconds = 2 * SECOND;
const LEAST_INTERVAL_MS: Milliseconds = 200;

// What a terminal can tell of the last hours.
const EVENTS_AT_FIRST = 100;

/** `maque top`: a screen that shows how every process is, or one table after the other where there is no terminal. */
export async function showTop(invocation: Invocation, streams: ScreenStreams): Promise<ExitCode> {
  const {
    arguments: [app],
    options,
    surroundings,
  } = invocation;
  const intervalMs = intervalOf(options.interval);
  const { dataDir } = readSettings(invocation, app);
  // Fails at once and in plain words where nothing runs.
  await askKeeper(dataDir, 'GET', '/healthz');
  if (!streams.input.isTTY || !streams.output.isTTY) return printTables(dataDir, intervalMs, surroundings);
  return new TopSession(dataDir, intervalMs, surroundings).run(streams);
}

async function printTables(
  dataDir: string,
  intervalMs: Milliseconds,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { terminal, language } = surroundings;
  while (!terminal.isClosed()) {
    const status = (await askKeeper(dataDir, 'GET', '/state')) as SystemStatus;
    terminal.out([status.at, ...formatProcesses(status, language), ''].join('\n'));
    await sleep(intervalMs);
  }
  return 0;
}

/** A screen as long as somebody looks at it. */
class TopSession {
  readonly #dataDir: string;
  readonly #intervalMs: Milliseconds;
  readonly #surroundings: Surroundings;
  readonly #files = createFileReader();
  readonly #ended = new AbortController();
  #state: TopState;
  #seen = 0;
  #screen: Screen | undefined;

  constructor(dataDir: string, intervalMs: Milliseconds, surroundings: Surroundings) {
    this.#dataDir = dataDir;
    this.#intervalMs = intervalMs;
    this.#surroundings = surroundings;
    this.#state = initialTop(readHost(this.#files));
  }

  async run(streams: ScreenStreams): Promise<ExitCode> {
    using screen = new Screen(streams, {
      onKey: (key) => this.#press(key),
      onResize: () => this.#draw(),
    });
    this.#screen = screen;
    // Their usual effect would leave the terminal as it is now.
    const end = () => this.#ended.abort();
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.once(signal, end);
    while (!this.#ended.signal.aborted) {
      await this.#refresh();
      this.#draw();
      await this.#rest();
    }
    return 0;
  }

  /** Until the next look, or the end. */
  async #rest(): Promise<void> {
    await sleep(this.#intervalMs, undefined, { signal: this.#ended.signal }).catch(() => {});
  }

  async #refresh(): Promise<void> {
    try {
      const query = this.#seen === 0 ? `limit=${EVENTS_AT_FIRST}` : `after=${this.#seen}`;
      const [status, body] = await Promise.all([
        askKeeper(this.#dataDir, 'GET', '/state'),
        askKeeper(this.#dataDir, 'GET', `/events?${query}`),
      ]);
      const { events } = body as { readonly events: readonly KeeperEvent[] };
      this.#seen = events.at(-1)?.seq ?? this.#seen;
      this.#state = withNews(this.#state, {
        status: status as SystemStatus,
        events,
        box: readHost(this.#files),
      });
    } catch (error) {
      this.#fail(error);
    }
  }

  #press(pressed: PressedKey): void {
    const { state, effect } = pressKey(this.#state, keyOf(pressed));
    this.#state = state;
    if (effect?.type === 'quit') this.#ended.abort();
    if (effect?.type === 'recycle') void this.#recycle(effect.worker);
    this.#draw();
  }

  async #recycle(worker: string): Promise<void> {
    try {
      await askKeeper(this.#dataDir, 'POST', `/recycle?worker=${encodeURIComponent(worker)}`);
      await this.#refresh();
    } catch (error) {
      this.#fail(error);
    }
    this.#draw();
  }

  /** The keeper may be gone, or come back: that is told, and looked for again. */
  #fail(error: unknown): void {
    if (!(error instanceof CodedError)) throw error;
    this.#state = { ...this.#state, problem: error.messageIn(this.#surroundings.language) };
  }

  #draw(): void {
    const screen = this.#screen;
    if (screen === undefined) return;
    const { language, terminal } = this.#surroundings;
    const { columns, rows } = screen;
    screen.draw(renderTop(this.#state, { columns, rows, language, style: terminal.style }));
  }
}

function keyOf({ name, ctrl, sequence }: PressedKey): TopKey {
  if (name === 'q' || name === 'escape' || (ctrl === true && name === 'c')) return 'quit';
  if (name === 'up' || sequence === 'k') return 'up';
  if (name === 'down' || sequence === 'j') return 'down';
  if (name === 'r') return 'recycle';
  return name === 'y' ? 'yes' : 'other';
}

/** @throws CodedError DURATION_INVALID. */
function intervalOf(given: string | boolean | undefined): Milliseconds {
  if (typeof given !== 'string') return INTERVAL_MS;
  try {
    return Math.max(LEAST_INTERVAL_MS, parseDuration(given));
  } catch (cause) {
    throw commandErrors.DURATION_INVALID({ data: { option: '--interval', value: given }, cause });
  }
}
