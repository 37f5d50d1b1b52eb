import { describe, expect, it } from 'vitest';
import { app, closed, host, kindsOf, look, NOTHING, SECRET } from '../../../testing/node-recordings.ts';
import type { HostRecording } from '../../../testing/recorded-host.ts';
import type { Check } from '../check.ts';
import { heapAlertRule } from './heap-alert-rule.ts';
import { nodeDevelopmentMode } from './node-development-mode.ts';
import { nodeRelease } from './node-release.ts';
import { websocketDeflate } from './websocket-deflate.ts';

function code(text: string, more: HostRecording = {}): HostRecording {
  return host([app()], {
    ...more,
    files: { '/srv/shop/src/live.js': text, ...more.files },
    links: { '/proc/900/cwd': '/srv/shop', ...more.links },
  });
}

/** Connections that others made to port 8080, as the kernel lists them, all held by process 900. */
function connections(count: number): HostRecording {
  const row = (state: string, inode: number) =>
    `   0: 0100007F:1F90 0100007F:9F6A ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 20 4 30 10 -1`;
  const inodes = Array.from({ length: count }, (_, index) => 1_000 + index);
  const rows = [row('0A', 999), ...inodes.map((inode) => row('01', inode))];
  return {
    files: { '/proc/900/net/tcp': `  sl  local_address rem_address   st\n${rows.join('\n')}\n` },
    links: Object.fromEntries(
      [999, ...inodes].map((inode) => [`/proc/900/fd/${inode}`, `socket:[${inode}]`]),
    ),
  };
}

const WS = "import { WebSocketServer } from 'ws';\n";

const RULES = '/etc/prometheus/rules/node.yml';

describe.each<[Check, string, HostRecording, readonly string[]]>([
  [nodeRelease, 'looked after', host([app()]), ['ok']],
  [nodeRelease, 'over', host([app([], { executable: '/www/server/nodejs/v16.20.2/bin/node' })]), ['warning']],
  [
    nodeRelease,
    'ends soon',
    host([app([], { executable: '/root/.nvm/versions/node/v20.11.0/bin/node' })], {
      nowMs: Date.UTC(2026, 3, 1),
    }),
    ['info'],
  ],
  [
    nodeRelease,
    'newer than this list',
    host([app([], { executable: '/opt/node-v31.0.0-linux-x64/bin/node' })]),
    ['ok'],
  ],
  [
    nodeRelease,
    'an image',
    host([app([], { cgroup: `/docker/${'ab'.repeat(32)}`, environment: { NODE_VERSION: '18.20.4' } })]),
    ['warning'],
  ],
  [
    nodeRelease,
    'asked, as only root may change it',
    host([app([], { executable: '/opt/node' })], {
      files: { '/opt/node': '' },
      commands: { '/opt/node --version': 'v14.21.3\n' },
    }),
    ['warning'],
  ],
  [
    nodeRelease,
    'not asked, as others may change it',
    host([app([], { executable: '/opt/node' })], {
      files: { '/opt/node': '' },
      facts: { '/opt/node': { uid: 1000 } },
      commands: { '/opt/node --version': 'v14.21.3\n' },
    }),
    ['unknown'],
  ],
  [nodeRelease, 'without root', closed(app()), ['unknown']],

  [nodeDevelopmentMode, 'production', host([app()]), ['ok']],
  [
    nodeDevelopmentMode,
    'keeper lets its workers be inspected later',
    host([app(['--inspect-port=127.0.0.1:0'])]),
    ['ok'],
  ],
  [
    nodeDevelopmentMode,
    'NODE_ENV says so',
    host([app([], { environment: { NODE_ENV: 'development' } })]),
    ['warning'],
  ],
  [
    nodeDevelopmentMode,
    'a watcher',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/.bin/nodemon', 'main.js'] })]),
    ['warning'],
  ],
  [
    nodeDevelopmentMode,
    'tsx watch',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/tsx/dist/cli.mjs', 'watch', 'main.ts'] })]),
    ['warning'],
  ],
  [nodeDevelopmentMode, 'a compiler that is loaded', host([app(['-r', 'ts-node/register'])]), ['warning']],
  [
    nodeDevelopmentMode,
    'next dev',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/.bin/next', 'dev'] })]),
    ['warning'],
  ],
  [
    nodeDevelopmentMode,
    'next start',
    host([app([], { commandLine: ['node', '/srv/shop/node_modules/.bin/next', 'start'] })]),
    ['ok'],
  ],
  [nodeDevelopmentMode, 'an inspector for all', host([app(['--inspect=0.0.0.0'])]), ['critical', 'ok']],
  [
    nodeDevelopmentMode,
    'an inspector for all of IPv6',
    host([app(['--inspect=[::]:9229'])]),
    ['critical', 'ok'],
  ],
  [nodeDevelopmentMode, 'an inspector for this box', host([app(['--inspect'])]), ['warning', 'ok']],
  [nodeDevelopmentMode, 'without root', closed(app()), ['unknown']],

  [heapAlertRule, 'no rule and no code', NOTHING, ['not-applicable']],
  [
    heapAlertRule,
    'a rule on the limit',
    host([app()], { files: { [RULES]: 'expr: maque_heap_floor_bytes / maque_heap_limit_bytes > 0.8\n' } }),
    ['ok'],
  ],
  [
    heapAlertRule,
    'a rule on the total',
    host([app()], {
      files: { [RULES]: 'expr: nodejs_heap_size_used_bytes{job="a"} / nodejs_heap_size_total_bytes > 0.8\n' },
    }),
    ['warning'],
  ],
  [
    heapAlertRule,
    'code',
    code('const m = process.memoryUsage();\nif (m.heapUsed / m.heapTotal > 0.8) warn();\n'),
    ['warning'],
  ],
  [heapAlertRule, 'a comment', code('// heapUsed / heapTotal says nothing\n'), ['ok']],
  [heapAlertRule, 'rules are closed', host([app()], { files: { [RULES]: null } }), ['unknown']],
  [heapAlertRule, 'without root', closed(app()), ['unknown']],

  [websocketDeflate, 'off', code(`${WS}new WebSocketServer({ perMessageDeflate: false });\n`), ['ok']],
  [
    websocketDeflate,
    'on, for a few',
    code(`${WS}new WebSocketServer({ perMessageDeflate: true });\n`, connections(3)),
    ['ok'],
  ],
  [
    websocketDeflate,
    'on, for many',
    code(`${WS}new WebSocketServer({ perMessageDeflate: {} });\n`, connections(501)),
    ['warning'],
  ],
  [
    websocketDeflate,
    'the library in a bundle',
    code("const NAME = 'permessage-deflate';\nconst o = { perMessageDeflate: true };\n", connections(501)),
    ['not-applicable'],
  ],
  [
    websocketDeflate,
    'on, and who is connected is closed',
    code(`${WS}new WebSocketServer({ perMessageDeflate: true });\n`),
    ['unknown'],
  ],
  [websocketDeflate, 'no sockets', code('export const one = 1;\n'), ['not-applicable']],
  [websocketDeflate, 'without root', closed(app()), ['unknown']],
])('$name', (check, situation, recording, expected) => {
  it(`${check.id}: ${situation}`, async () => {
    const outcomes = await look(check, recording);
    expect(kindsOf(outcomes)).toEqual(expected);
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });
});
