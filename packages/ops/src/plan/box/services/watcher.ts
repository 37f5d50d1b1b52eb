import { MiB, type Text } from '@maque/kit';
import { demandOf, layOut, onePiece } from '../layout.ts';
import { limitsFor, OOM_SCORE } from '../limits.ts';
import { fixedPart, type Part } from '../part.ts';
import type { ServiceModel } from '../service-model.ts';
import type { WatcherRequest } from '../service-request.ts';

interface Watcher {
  readonly mb: number;
  readonly errorMb: number;
  readonly source: Text;
  readonly oomScoreAdj: number;
}

const PROGRAMS: Readonly<Record<WatcherRequest['program'], Watcher>> = {
  node_exporter: {
    mb: 20,
    errorMb: 4,
    source: { en: 'measured: node_exporter', zh: '实测：node_exporter' },
    oomScoreAdj: OOM_SCORE.exporter,
  },
  alertmanager: {
    mb: 32,
    errorMb: 6,
    source: { en: 'measured: Alertmanager', zh: '实测：Alertmanager' },
    oomScoreAdj: OOM_SCORE.agent,
  },
  prometheus: {
    mb: 150,
    errorMb: 60,
    source: {
      en: 'assumed: 44 measured with one target after 20 s, and it grows with its series; better on another box',
      zh: '假定：实测单个目标运行 20 秒为 44，会随时间序列增长；最好放到别的机器上',
    },
    oomScoreAdj: OOM_SCORE.exporter,
  },
  earlyoom: {
    mb: 2,
    errorMb: 1,
    source: { en: 'measured: earlyoom', zh: '实测：earlyoom' },
    oomScoreAdj: OOM_SCORE.killer,
  },
  pm2: {
    mb: 58,
    errorMb: 6,
    source: { en: 'measured: the daemon of PM2 7', zh: '实测：PM2 7 的守护进程' },
    oomScoreAdj: OOM_SCORE.agent,
  },
};

/** What watches over the box. */
export const watcher: ServiceModel<'watcher'> = {
  kind: 'watcher',
  boundBySettings: false,
  reducible: [],
  demand: ({ program }) => demandOf(onePiece([partOf(program)]), 0),
  share(request, offeredBytes) {
    const { lines, budgetBytes } = layOut(request.name, onePiece([partOf(request.program)]), offeredBytes);
    const { oomScoreAdj } = PROGRAMS[request.program];
    return { planned: { kind: 'watcher', request, ...limitsFor(budgetBytes, oomScoreAdj) }, lines };
  },
};

/** The daemon that keeps Node programs alive. */
export function pm2Daemon(): Part {
  return partOf('pm2');
}

function partOf(program: WatcherRequest['program']): Part {
  const { mb, errorMb, source } = PROGRAMS[program];
  return fixedPart({
    code: 'WATCHER',
    name: { en: program, zh: program },
    bytes: mb * MiB,
    formula: String(mb),
    errorBytes: errorMb * MiB,
    source,
  });
}
