import type { Outcome } from '../check.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';
import type { NginxFacts } from './nginx.ts';

/** Looks at each nginx that runs. What of its configuration may not be read keeps the answer from being a plain `ok`. */
export async function ofEachNginx(
  patient: Patient,
  look: (nginx: NginxFacts) => Promise<readonly Outcome[]> | readonly Outcome[],
): Promise<readonly Outcome[]> {
  const all = await patient.nginx();
  if (all.kind === 'absent') return NOT_APPLICABLE;
  if (all.kind === 'unreadable') return [cannotRead('nginx', all)];
  const outcomes = await Promise.all(
    all.value.map(async (nginx) => {
      const hidden = nginx.unread.map((path) => cannotRead(path, { kind: 'unreadable', reason: 'EACCES' }));
      return [...(await look(nginx)), ...hidden];
    }),
  );
  return outcomes.flat();
}
