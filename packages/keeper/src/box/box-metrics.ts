import type { Metric } from '@maque/guard';
import type { PressureLevel } from '../protocol/messages.ts';
import type { BoxView } from './box-view.ts';

const LEVELS: readonly PressureLevel[] = ['none', 'elevated', 'critical'];

/** The box as the keeper sees it, so that it can be scraped while every worker is down. */
export function boxMetrics(view: BoxView, level: PressureLevel): Metric[] {
  const { kind, limitBytes, usedBytes, stall, swapUsedBytes, workers, neighbours, oomKills } = view;
  const known = (value: number | null) => (value === null ? [] : [{ value }]);
  return [
    gauge('maque_keeper_box_pressure_level', 'How short memory is: 0 not at all, 1 elevated, 2 critical.', [
      { value: LEVELS.indexOf(level) },
    ]),
    gauge(
      'maque_keeper_box_limit_bytes',
      'Memory of the control group or the machine, whichever has less room.',
      [{ labels: { kind }, value: limitBytes }],
    ),
    gauge(
      'maque_keeper_box_used_bytes',
      'Memory in use there that no page cache can make room for.',
      known(usedBytes),
    ),
    gauge('maque_keeper_box_swap_used_bytes', 'Swap space in use.', [{ value: swapUsedBytes }]),
    gauge(
      'maque_keeper_box_stall_ratio',
      'Share of the last ten seconds in which nothing could run for lack of memory.',
      known(stall),
    ),
    gauge(
      'maque_keeper_process_growth_bytes_per_second',
      'How fast the memory of a worker grows.',
      workers.map(({ id, growth }) => ({ labels: { process: id }, value: growth.rateLasting })),
    ),
    gauge(
      'maque_keeper_box_neighbour_bytes',
      'Memory of other programs in the box, the largest by name.',
      neighbours.map(({ name, bytes }) => ({ labels: { name }, value: bytes })),
    ),
    {
      type: 'counter',
      name: 'maque_keeper_box_oom_kills_total',
      help: 'Processes that the kernel killed for want of memory.',
      samples: [
        { labels: { where: 'own' }, value: oomKills.own },
        { labels: { where: 'elsewhere' }, value: oomKills.elsewhere },
      ],
    },
  ];
}

function gauge(
  name: string,
  help: string,
  samples: Extract<Metric, { readonly samples: unknown }>['samples'],
): Metric {
  return { type: 'gauge', name, help, samples };
}
