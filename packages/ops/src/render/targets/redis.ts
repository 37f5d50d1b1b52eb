import type { PlannedRedis } from '../../plan/box/planned-service.ts';
import type { RenderedFile } from '../rendered-file.ts';
import type { RenderOptions, RenderTarget } from '../target.ts';
import { keepLog, restartWithLog } from './redis/keep-log.ts';
import { redisFile } from './redis/redis-file.ts';
import { redisMeanings } from './redis/redis-meanings.ts';
import { redisPlace } from './redis/redis-place.ts';
import { unitDropIn } from './unit/unit-drop-in.ts';

const OPEN_FILES = 65_535;
const RESTART_SECONDS = 2;

/** Redis as a cache or as a queue, within its part of the box. */
export const redis: RenderTarget = {
  name: 'redis',
  summary: {
    en: 'Redis as a cache or a queue: limit, policy, persistence, buffers of clients',
    zh: 'Redis 用作缓存或队列：上限、淘汰策略、持久化、客户端缓冲区',
  },
  belongsTo: 'server',
  meanings: redisMeanings,
  render: (plan, options) =>
    plan.services
      .filter((service): service is PlannedRedis => service.kind === 'redis')
      .flatMap((planned, index) => filesOf(planned, index, options)),
};

function filesOf(planned: PlannedRedis, index: number, { language }: RenderOptions): readonly RenderedFile[] {
  const place = redisPlace(planned, index);
  const dropIns = place.units.map((unit) =>
    unitDropIn(
      {
        unit,
        target: 'redis',
        planned,
        meanings: redisMeanings,
        openFiles: OPEN_FILES,
        restartSeconds: RESTART_SECONDS,
        more: [],
      },
      language,
    ),
  );
  const [unit = ''] = place.units;
  return [
    ...dropIns,
    {
      target: 'redis',
      path: place.config,
      content: redisFile(planned, place, language),
      ...(planned.persistent ? { apply: keepLog(place) } : {}),
      next: [
        ...(index === 0 ? [] : [`systemctl enable --now ${unit}`]),
        planned.persistent ? restartWithLog(place) : `systemctl restart ${unit}`,
      ],
    },
  ];
}
