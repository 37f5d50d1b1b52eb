import { say, type Text } from '@maque/kit';
import { type Examination, wantedChanges, withoutMended } from '@maque/ops/doctor';
import { type ChangePlace, makeChanges } from '../changes/make-changes.ts';

const NOTHING: Text = { en: 'There is nothing that could be mended safely.', zh: '没有可安全修复的问题。' };

/** Shows each safe repair, asks, backs up and makes it. @returns the examination without what was mended */
export async function mend(examination: Examination, place: ChangePlace): Promise<Examination> {
  const { terminal, language } = place.surroundings;
  const wanted = wantedChanges(examination);
  if (wanted.length === 0) terminal.error(say(NOTHING, language));
  const { inPlace } = await makeChanges(wanted, place);
  return withoutMended(examination, inPlace);
}
