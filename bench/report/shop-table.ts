import type { ShopRound } from '../runs/shop-round.ts';
import { STEADY_REQUESTS_PER_SECOND } from '../runs/shop-round.ts';
import type { StackName } from '../stacks/stack.ts';
import { show } from './figures.ts';
import { type ShopMedians, shopMedians } from './shop-medians.ts';

const COLUMNS: readonly StackName[] = ['maque', 'lean', 'recipe'];
const STEADY = `at ${STEADY_REQUESTS_PER_SECOND} req/s`;

const ROWS: readonly (readonly [string, keyof ShopMedians, (value: number) => string])[] = [
  ['req/s', 'requestsPerSecond', show.count],
  ['p50', 'p50Ms', show.ms],
  ['p99', 'p99Ms', show.ms],
  ['CPU per request, Node', 'serviceMicros', show.micros],
  ['CPU per request, database and cache', 'storageMicros', show.micros],
  [`p50 ${STEADY}`, 'steadyP50Ms', show.ms],
  [`p99 ${STEADY}`, 'steadyP99Ms', show.ms],
  [`generator's share of that p50`, 'steadySendDelayP50Ms', show.ms],
  [`cores ${STEADY}, Node`, 'steadyServiceCores', show.cores],
  [`cores ${STEADY}, database and cache`, 'steadyStorageCores', show.cores],
  ['PSS idle, Node', 'idlePss', show.mebibytes],
  ['PSS peak, Node', 'peakPss', show.mebibytes],
  ['RSS idle, Node', 'idleRss', show.mebibytes],
  ['RSS peak, Node', 'peakRss', show.mebibytes],
  ['PSS idle, database and cache', 'storageIdlePss', show.mebibytes],
  ['PSS peak, database and cache', 'storagePeakPss', show.mebibytes],
  ['cold start to first answer', 'coldStartMs', show.ms],
];

/** The shop's figures, a stack a column, beside what Maque's are of the others'. */
export function shopTable(rounds: readonly ShopRound[]): readonly (readonly string[])[] {
  const medians = COLUMNS.map((stack) => shopMedians(rounds, stack));
  const head = ['', ...COLUMNS, 'maque ÷ lean', 'maque ÷ recipe'];
  const body = ROWS.map(([title, figure, print]) => {
    const values = medians.map((stack) => stack[figure]);
    const [own = 0, ...others] = values;
    const ratios = others.map((other) => (other === 0 || own === 0 ? '–' : show.ratio(own / other)));
    return [title, ...values.map((value) => (value === 0 ? '–' : print(value))), ...ratios];
  });
  return [head, ...body];
}
