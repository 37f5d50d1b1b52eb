import { defineMeanings } from '../../meaning.ts';
import { UNIT_MEANINGS } from '../unit/unit-meanings.ts';
import { REDIS_ROWS } from './redis-rows.ts';

export const redisMeanings = defineMeanings('redis', { ...REDIS_ROWS, ...UNIT_MEANINGS });
