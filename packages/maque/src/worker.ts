import { workerLink } from '@maque/keeper/worker-link';
import { CodedError, resolveSettings } from '@maque/kit';
import { runServer } from '@maque/server';
import { installationOf } from './installation.ts';
import { environmentSource } from './settings/environment-source.ts';
import { maqueSettings } from './settings/settings-table.ts';

// The script of one worker: `worker.js <config>`. Everything else comes by the environment that `maque start` checked.
const link = workerLink();
const [app = ''] = process.argv.slice(2);
const { version, consoleDir } = installationOf(import.meta.url);
const { values: settings } = resolveSettings(maqueSettings, [environmentSource(process.env)]);

try {
  await runServer({ app, settings, link, version, consoleDir });
} catch (error) {
  // The keeper has been told what; Node says where, with file, line and stack, for what the app or a bug threw.
  if (!(error instanceof CodedError)) throw error;
  if (error.cause instanceof Error) throw error.cause;
  // By the next turn the message is in the pipe.
  setImmediate(() => process.exit(1));
}
