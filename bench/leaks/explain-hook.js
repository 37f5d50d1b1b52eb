// Loaded into a service first: watches it, and tells each leak report in a file. Plain JavaScript, as the service.
import { writeFileSync } from 'node:fs';
import { watch } from '@maque/guard';

const { NAME_LEAKS_REPORT: file, NAME_LEAKS_ASK_AFTER_MS: askAfterMs } = process.env;
const guard = watch();
let told = 0;
guard.onReport(({ report }) => {
  told += 1;
  writeFileSync(file, JSON.stringify({ report, asked: false }));
});
// Where the detector is silent until late, the explainer is still worth knowing; the table says so.
setTimeout(async () => {
  if (told > 0) return;
  const report = await guard.explain();
  if (told === 0) writeFileSync(file, JSON.stringify({ report, asked: true }));
}, Number(askAfterMs)).unref();
