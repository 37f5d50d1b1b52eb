import type { Meaning } from '../../meaning.ts';
import { alertGroups } from './alert-list.ts';

/** What the limits of all alerts mean, by the name of the alert. */
export const ALERT_MEANINGS: Readonly<Record<string, Omit<Meaning, 'id'>>> = Object.fromEntries(
  alertGroups.flatMap(({ rules }) => rules.map(({ name, meaning }) => [name, meaning])),
);
