import type { Language, Text } from '@maque/kit';
import { limitFormulas } from '../../../plan/box/limits.ts';
import type { PlannedService } from '../../../plan/box/planned-service.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { Meaning } from '../../meaning.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import type { UNIT_MEANINGS } from './unit-meanings.ts';

/** What is told of the unit besides the plan. */
export interface DropIn {
  /** `nginx.service`. */
  readonly unit: string;
  readonly target: string;
  readonly planned: Pick<
    PlannedService,
    'budgetBytes' | 'memoryMaxBytes' | 'memoryHighBytes' | 'oomScoreAdj' | 'request'
  >;
  readonly meanings: Readonly<Record<keyof typeof UNIT_MEANINGS, Meaning>>;
  readonly openFiles: number;
  readonly restartSeconds: number;
  /** More lines of its `[Service]`. */
  readonly more: readonly ConfigEntry[];
}

const CONTINUE: Text = {
  en: 'The kernel ends one process of it: the others go on, and it replaces what it lost.',
  zh: '内核只结束其中一个进程：其余继续运行，由服务自己补上。',
};
const OTHER_LIMITS: Text = {
  en: 'Added to the unit of the distribution; what it says itself stays.',
  zh: '附加在发行版自带的单元之上，原有设置保留。',
};

/** A file beside the unit of the distribution, which an update of the package leaves alone. */
export function unitDropIn(dropIn: DropIn, language: Language): RenderedFile {
  const { unit, target, planned, meanings } = dropIn;
  const { memoryMaxBytes, memoryHighBytes, oomScoreAdj } = planned;
  const formulas = limitFormulas(planned);
  const content = writeConfig(
    [
      headOf(target, language),
      because(OTHER_LIMITS, '[Service]'),
      numbered(meanings.memory_max, formulas.max, `MemoryMax=${memoryMaxBytes}`),
      numbered(meanings.memory_high, formulas.high, `MemoryHigh=${memoryHighBytes}`),
      numbered(meanings.oom_score_adjust, '', `OOMScoreAdjust=${oomScoreAdj}`),
      because(CONTINUE, 'OOMPolicy=continue'),
      numbered(meanings.limit_nofile, '', `LimitNOFILE=${dropIn.openFiles}`),
      'Restart=always',
      numbered(meanings.restart_seconds, '', `RestartSec=${dropIn.restartSeconds}`),
      ...dropIn.more,
    ],
    language,
  );
  const path = `/etc/systemd/system/${unit}.d/50-maque.conf`;
  return { target, path, content, apply: ['systemctl', 'daemon-reload'] };
}
