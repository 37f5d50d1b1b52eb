import { defineMeanings } from '../../meaning.ts';
import { UNIT_MEANINGS } from '../unit/unit-meanings.ts';
import { FRONT_ROWS } from './front-rows.ts';
import { PASSING_ROWS } from './passing-rows.ts';

/** Every number of nginx's files: of connections and buffers, of what is passed on, and of its unit. */
export const nginxMeanings = defineMeanings('nginx', { ...FRONT_ROWS, ...PASSING_ROWS, ...UNIT_MEANINGS });
