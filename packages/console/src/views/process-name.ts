import type { ProcessStatus } from '@maque/contract';
import type { Say } from '../text/language.ts';

export function processName(process: Pick<ProcessStatus, 'id' | 'role'>, say: Say): string {
  return process.role === 'keeper' ? say('process.keeper') : say('process.worker', { id: process.id });
}
