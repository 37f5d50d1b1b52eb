import { describe, expect, it } from 'vitest';
import { type Metric, renderPrometheus } from './prometheus.ts';

const gauge = (name: string, value: number, labels: Record<string, string> = {}): Metric => ({
  type: 'gauge',
  name,
  help: 'A gauge.',
  samples: [{ labels, value }],
});

describe('renderPrometheus', () => {
  it('writes help, type and samples, each line ended', () => {
    expect(renderPrometheus([gauge('maque_level', 2)])).toBe(
      '# HELP maque_level A gauge.\n# TYPE maque_level gauge\nmaque_level 2\n',
    );
  });

  it('escapes what would break a line', () => {
    const text = renderPrometheus([
      { ...gauge('a', 1, { route: 'GET /"x"\\y\nz' }), help: 'back\\slash\nline' },
    ]);
    expect(text.split('\n')).toEqual([
      '# HELP a back\\\\slash\\nline',
      '# TYPE a gauge',
      'a{route="GET /\\"x\\"\\\\y\\nz"} 1',
      '',
    ]);
  });

  it('spells numbers as Prometheus reads them', () => {
    const values = [0.1, 1e21, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const lines = values.map((value) => renderPrometheus([gauge('a', value)]).split('\n')[2]);
    expect(lines).toEqual(['a 0.1', 'a 1e+21', 'a NaN', 'a +Inf', 'a -Inf']);
  });

  it('writes a histogram with its last bucket, sum and count', () => {
    const text = renderPrometheus([
      { type: 'histogram', name: 'h', help: 'H.', buckets: [{ le: 0.5, count: 2 }], sum: 3.5, count: 4 },
    ]);
    expect(text.split('\n').slice(2, -1)).toEqual([
      'h_bucket{le="0.5"} 2',
      'h_bucket{le="+Inf"} 4',
      'h_sum 3.5',
      'h_count 4',
    ]);
  });

  it('leaves out a metric of which nothing is known', () => {
    expect(renderPrometheus([{ type: 'gauge', name: 'a', help: 'A.', samples: [] }])).toBe('');
  });
});
