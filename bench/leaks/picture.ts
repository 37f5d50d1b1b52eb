import { type Language, say, type Text } from '@maque/kit';

export type Point = readonly [seconds: number, value: number];

/** What a heap did, and what the detector said of it. */
export interface Picture {
  readonly title: Text;
  /** MiB in use, after each major collection, and at most. */
  readonly used: readonly Point[];
  readonly floors: readonly Point[];
  readonly limit: number;
  readonly probability: readonly Point[];
}

const WORDS = {
  used: { en: 'heapUsed', zh: '已用堆内存(heapUsed)' },
  floor: { en: 'after each major collection (heapFloor)', zh: '每次完整回收之后(heapFloor)' },
  limit: { en: 'limit', zh: '上限' },
  memory: { en: 'MiB', zh: 'MiB' },
  probability: { en: 'probability that the limit is reached within 30 min', zh: '30 分钟内达到上限的概率' },
  alarm: { en: 'alarm', zh: '告警' },
  time: { en: 'seconds since the process began', zh: '进程启动后的秒数' },
} satisfies Record<string, Text>;

const WIDTH = 760;
const LEFT = 52;
const RIGHT = 740;
const MEMORY = { top: 64, bottom: 300 };
const CHANCE = { top: 350, bottom: 450 };
const HEIGHT = 498;
const ALARM = 0.9;
const MARK_EVERY_SECONDS = 30;
const MARK_EVERY_MIB = 64;

// Colours that are told apart in both schemes and by those who do not see red and green (Okabe and Ito).
const STYLE = `
  .card { fill: #ffffff } text { fill: #24292f; font: 13px system-ui, sans-serif } .title { font-weight: 600; font-size: 15px }
  .grid { stroke: #d0d7de; stroke-width: 1 } .used { stroke: #8c959f; stroke-width: 1; fill: none }
  .floor { stroke: #0072b2; stroke-width: 2; fill: none } .dot { fill: #0072b2 }
  .limit { stroke: #d55e00; stroke-width: 1.5; stroke-dasharray: 6 4 } .chance { stroke: #d55e00; stroke-width: 2; fill: none }
  .under { fill: #d55e00; opacity: 0.15 } .mark { fill: #57606a; font-size: 12px }
  @media (prefers-color-scheme: dark) {
    .card { fill: #161b22 } text { fill: #e6edf3 } .grid { stroke: #30363d } .used { stroke: #7d8590 }
    .floor { stroke: #56b4e9 } .dot { fill: #56b4e9 } .limit, .chance { stroke: #ff9d5c } .under { fill: #ff9d5c }
    .mark { fill: #9da7b3 }
  }`;

/** Draws memory above and the detector's probability below, as SVG that suits light and dark pages. */
export function pictureOf(picture: Picture, language: Language): string {
  const seconds = picture.used.at(-1)?.[0] ?? 1;
  const word = (name: keyof typeof WORDS): string => say(WORDS[name], language);
  const title = say(picture.title, language);
  const x = (second: number): number => LEFT + (second / seconds) * (RIGHT - LEFT);
  const y = (mebibytes: number): number =>
    MEMORY.bottom - (mebibytes / (picture.limit * 1.06)) * (MEMORY.bottom - MEMORY.top);
  const p = (chance: number): number => CHANCE.bottom - chance * (CHANCE.bottom - CHANCE.top);
  const line = (points: readonly Point[], scale: (value: number) => number): string =>
    points.map(([second, value]) => `${x(second).toFixed(1)},${scale(value).toFixed(1)}`).join(' ');
  const chance = line(picture.probability, p);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<style>${STYLE}</style>
<rect class="card" width="${WIDTH}" height="${HEIGHT}" rx="8"/>
<text class="title" x="${LEFT}" y="26">${title}</text>
${legend(word)}
${memoryMarks(picture.limit, y)}
<line class="limit" x1="${LEFT}" x2="${RIGHT}" y1="${y(picture.limit)}" y2="${y(picture.limit)}"/>
<text x="${RIGHT}" y="${y(picture.limit) + 16}" text-anchor="end">${word('limit')}</text>
<polyline class="used" points="${line(picture.used, y)}"/>
<polyline class="floor" points="${line(picture.floors, y)}"/>
${picture.floors.map(([second, value]) => `<circle class="dot" cx="${x(second).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"/>`).join('')}
<text x="${LEFT}" y="${CHANCE.top - 12}">${word('probability')}</text>
${chanceMarks(p)}
<line class="limit" x1="${LEFT}" x2="${RIGHT}" y1="${p(ALARM)}" y2="${p(ALARM)}"/>
<text x="${RIGHT}" y="${p(ALARM) + 16}" text-anchor="end">${word('alarm')}</text>
<polygon class="under" points="${LEFT},${CHANCE.bottom} ${chance} ${RIGHT},${CHANCE.bottom}"/>
<polyline class="chance" points="${chance}"/>
${timeMarks(seconds, x)}
<text class="mark" x="${RIGHT}" y="${HEIGHT - 10}" text-anchor="end">${word('time')}</text>
</svg>
`;
}

function legend(word: (name: keyof typeof WORDS) => string): string {
  return `<line class="used" x1="${LEFT}" x2="${LEFT + 22}" y1="46" y2="46"/><text x="${LEFT + 28}" y="50">${word('used')}</text>
<line class="floor" x1="252" x2="274" y1="46" y2="46"/><circle class="dot" cx="263" cy="46" r="3"/><text x="280" y="50">${word('floor')}</text>
<text class="mark" x="${LEFT - 8}" y="50" text-anchor="end">${word('memory')}</text>`;
}

function memoryMarks(limit: number, y: (mebibytes: number) => number): string {
  const marks = Array.from(
    { length: Math.floor(limit / MARK_EVERY_MIB) + 1 },
    (_, mark) => mark * MARK_EVERY_MIB,
  );
  return marks.map((mark) => gridLine(y(mark), String(mark))).join('\n');
}

function chanceMarks(p: (chance: number) => number): string {
  return [0, 0.5, 1].map((mark) => gridLine(p(mark), String(mark))).join('\n');
}

function gridLine(at: number, text: string): string {
  const place = at.toFixed(1);
  return `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${place}" y2="${place}"/><text class="mark" x="${LEFT - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${text}</text>`;
}

function timeMarks(seconds: number, x: (second: number) => number): string {
  const marks = Array.from(
    { length: Math.floor(seconds / MARK_EVERY_SECONDS) + 1 },
    (_, mark) => mark * MARK_EVERY_SECONDS,
  );
  return marks
    .map(
      (mark) =>
        `<text class="mark" x="${x(mark).toFixed(1)}" y="${CHANCE.bottom + 18}" text-anchor="middle">${mark}</text>`,
    )
    .join('');
}
