// Loaded into a service first: watches it, and tells each leak report in a file. Plain JavaScript, as the service.
import { writeFileSync } from 'node:fs';
import { watch } from '@maque/guard';
import { Explaining } from '../../packages/guard/dist/explain/explaining.js';

const { NAME_LEAKS_REPORT: file, NAME_LEAKS_ASK_AFTER_MS: askAfterMs } = process.env;
const guard = watch();
let told = 0;
const tell = (report) => {
  told += 1;
  writeFileSync(file, JSON.stringify({ report, asked: false }));
};
const explaining = new Explaining({
  meter: guard.meter,
  memory: () => guard.state().memory,
  verdicts: () => guard.state().leaks.near,
  reports: null,
  onReport: tell,
  onCost: () => {},
});
guard.onSuspicion(({ level, verdict }) => explaining.suspicion(level, verdict));
// Where the detector is silent until late, the explainer is still worth knowing; the table says so.
setTimeout(async () => {
  if (told > 0) return;
  const report = await explaining.explain();
  if (told === 0) writeFileSync(file, JSON.stringify({ report, asked: true }));
}, Number(askAfterMs)).unref();
