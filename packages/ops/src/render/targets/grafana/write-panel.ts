import { type Language, say } from '@maque/kit';
import { remarkOn } from '../../comment-numbers.ts';
import type { Chart, ChartQuery, LimitLine } from './chart.ts';
import type { FieldDefaults, Override, Panel, Target, Threshold } from './dashboard-types.ts';

/** Of the variable at the top of the dashboard. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana fills it in.
export const PROMETHEUS = { type: 'prometheus', uid: '${datasource}' } as const;

/** A chart at its place, with what its limit means in the description. */
export function writePanel(chart: Chart, id: number, gridPos: Panel['gridPos'], language: Language): Panel {
  return {
    id,
    type: chart.isStat === true ? 'stat' : 'timeseries',
    title: say(chart.title, language),
    description: [say(chart.about, language), ...limitRemark(chart.limit, language)].join('\n\n'),
    datasource: PROMETHEUS,
    gridPos,
    targets: chart.queries.map((query, index) => targetOf(query, index, language)),
    fieldConfig: { defaults: defaultsOf(chart), overrides: limitOverrides(chart.queries, language) },
    options:
      chart.isStat === true
        ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, graphMode: 'area' }
        : {
            legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
            tooltip: { mode: 'multi', sort: 'desc' },
          },
  };
}

function limitRemark(limit: LimitLine | undefined, language: Language): readonly string[] {
  if (limit === undefined) return [];
  const { meaning, value, formula } = limit;
  const how = formula === undefined ? String(value) : `${value} = ${formula}`;
  return [remarkOn({ meaning, formula: how }, language)];
}

function targetOf({ expr, legend }: ChartQuery, index: number, language: Language): Target {
  return {
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: PROMETHEUS,
    expr,
    legendFormat: legendOf(legend, language),
    range: true,
  };
}

function legendOf(legend: ChartQuery['legend'], language: Language): string {
  return typeof legend === 'string' ? legend : say(legend, language);
}

function defaultsOf({ unit, isStat, isStacked, limit }: Chart): FieldDefaults {
  const thresholds = { mode: 'absolute', steps: stepsOf(limit) } as const;
  if (isStat === true) return { unit, thresholds };
  return {
    unit,
    min: 0,
    thresholds,
    custom: {
      drawStyle: 'line',
      lineWidth: 1,
      fillOpacity: isStacked === true ? 30 : 0,
      showPoints: 'never',
      spanNulls: false,
      stacking: { mode: isStacked === true ? 'normal' : 'none', group: 'A' },
      thresholdsStyle: { mode: limit === undefined ? 'off' : 'dashed' },
    },
  };
}

function stepsOf(limit: LimitLine | undefined): readonly Threshold[] {
  if (limit === undefined) return [{ color: 'green', value: null }];
  const [below, above] = limit.isFloor === true ? ['red', 'green'] : ['green', 'red'];
  return [
    { color: below, value: null },
    { color: above, value: limit.value },
  ];
}

/** A limit that is a number of its own is drawn red and dashed, and nothing is stacked on it. */
function limitOverrides(queries: readonly ChartQuery[], language: Language): readonly Override[] {
  return queries
    .filter(({ isLimit }) => isLimit === true)
    .map(({ legend }) => ({
      matcher: { id: 'byName', options: legendOf(legend, language) },
      properties: [
        { id: 'color', value: { mode: 'fixed', fixedColor: 'red' } },
        { id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 6] } },
        { id: 'custom.fillOpacity', value: 0 },
        { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
      ],
    }));
}
