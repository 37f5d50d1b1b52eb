import { type Bytes, formatBytes, KiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { type AppSource, findLine } from '../facts/app-sources.ts';
import { countIncomingConnections } from '../facts/incoming-connections.ts';
import { isNode, type NodeProcess, nameNode } from '../facts/node-processes.ts';
import { cannotRead, NOT_APPLICABLE } from '../outcomes.ts';
import type { Patient } from '../patient.ts';

/** From here on it is more than 80 MiB, of an active socket's 163 KiB. */
const MANY = 500;
/** More than a small server has cores. */
const MOST_WORKERS = 16;
const EACH_BYTES: Bytes = 163 * KiB;

const ON = /\bperMessageDeflate\s*:\s*(true|\{)/;
const USES =
  /\bWebSocketServer\b|WebSocket\.Server\b|require\(['"]ws['"]\)|from ['"](ws|socket\.io)['"]|@fastify\/websocket/;
/** The library itself, in a bundle. */
const LIBRARY = /permessage-deflate/;

const COSTLY: Text = {
  en: '{name}: {count} connections and perMessageDeflate on ({place}): up to {bytes} when they are active',
  zh: '{name}：{count} 个连接且开启了 perMessageDeflate（{place}）：活跃时最多占用 {bytes}',
};

export const websocketDeflate: Check = {
  id: 'C10',
  name: 'websocket-deflate',
  group: 'node',
  title: { en: 'Compression of WebSockets', zh: 'WebSocket 压缩' },
  why: {
    en: 'An idle WebSocket costs 6 to 9 KiB, one with perMessageDeflate that is active 163 KiB more (measured with 3000 sockets): 3000 of them are half a gigabyte.',
    zh: '空闲的 WebSocket 只占 6–9 KiB；开启 perMessageDeflate 且活跃时每个再多 163 KiB（3000 个连接实测）：3000 个就是半个 GB。',
  },
  explanation: {
    en: 'With it each connection has its own compressor with a window of its own. Messages of a mini-program are short, and nothing is gained by making them shorter.',
    zh: '开启后每个连接都有自己的压缩器和窗口。小程序的消息很短，压缩几乎没有收益。',
  },
  async look(patient) {
    const [processes, sources] = await Promise.all([patient.nodeProcesses(), patient.appSources()]);
    if (processes.kind === 'absent') return NOT_APPLICABLE;
    if (sources.kind === 'unreadable') return [cannotRead('/proc/PID/cwd', sources)];
    if (sources.kind === 'absent') return NOT_APPLICABLE;
    const outcomes = await Promise.all(
      [...sources.value].map(([node, files]) => judge(patient, node, files)),
    );
    const found = outcomes.filter((outcome) => outcome !== undefined);
    return found.length === 0 ? NOT_APPLICABLE : found;
  },
};

async function judge(
  { host }: Patient,
  node: NodeProcess,
  sources: readonly AppSource[],
): Promise<Outcome | undefined> {
  const own = sources.filter(({ text }) => !LIBRARY.test(text));
  const name = nameNode(node);
  const on = own.flatMap(({ path, text }) => {
    const line = findLine(text, ON);
    return line === undefined ? [] : `${path}:${line.number}`;
  })[0];
  if (on === undefined)
    return own.some(({ text }) => USES.test(text))
      ? { kind: 'ok', evidence: `${name}: no perMessageDeflate in ${own.length} files` }
      : undefined;
  // Workers of one app share its port.
  const workers = node.service.processes.filter(isNode).slice(0, MOST_WORKERS);
  const counts = await Promise.all(workers.map(({ pid }) => countIncomingConnections(host, pid)));
  let count = 0;
  for (const one of counts) {
    if (one.kind !== 'value') return cannotRead(`/proc/${node.process.pid}/fd`, one);
    count += one.value;
  }
  const evidence = `${on}: perMessageDeflate, ${count} connections`;
  if (count <= MANY) return { kind: 'ok', evidence };
  return {
    kind: 'finding',
    severity: 'warning',
    text: COSTLY,
    data: { name, count: count, place: on, bytes: formatBytes(count * EACH_BYTES) },
    evidence,
    fix: [
      {
        where: {
          en: `${on}; or, where messages are large, keep it for those`,
          zh: `${on}；若有大消息，可只压缩大消息`,
        },
        lines: [
          'perMessageDeflate: false,',
          'perMessageDeflate: { threshold: 16384, serverNoContextTakeover: true },',
        ],
      },
    ],
  };
}
