// A small server that names its route, and compares what the guard says that it costs with a profile of itself.
import { createServer } from 'node:http';
import { Session } from 'node:inspector/promises';
import { watch } from '@maque/guard';

// The profiler's own work grows as this shrinks; a tenth of a millisecond finds a sample of the guard every time.
const PROFILE_EVERY_MICROS = 100;
const GUARD_FOLDER = new URL('.', import.meta.resolve('@maque/guard')).href;
// Node's part of telling the guard of collections.
const NODE_PART = 'node:internal/perf/observe';

const guard = watch();
const route = guard.meter.route('GET /');
const session = new Session();
session.connect();
let accountBegun = null;
let accountEnded = null;
let profileBegun = null;
let cpuBefore = null;

function beginAccount() {
  accountBegun = facts();
}

async function beginProfile() {
  accountEnded = facts();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: PROFILE_EVERY_MICROS });
  await session.post('Profiler.start');
  profileBegun = facts();
  cpuBefore = process.threadCpuUsage();
}

async function end() {
  const profileEnded = facts();
  const { profile } = await session.post('Profiler.stop');
  const cpu = process.threadCpuUsage(cpuBefore);
  const profileSeconds = (profile.endTime - profile.startTime) / 1e6;
  // The profiler's clock runs while others have the processor, too: what it saw of work is scaled to what was worked.
  const scale = Math.min(1, (cpu.user + cpu.system) / busyMicros(profile, () => true));
  return {
    requestsPerSecond: perSecond('requests', accountBegun, accountEnded),
    samplesPerSecond: perSecond('samples', accountBegun, accountEnded),
    ownMicrosPerSecond: perSecond('ownMicros', accountBegun, accountEnded),
    profiledSamplesPerSecond: perSecond('samples', profileBegun, profileEnded),
    profiledOwnMicrosPerSecond: perSecond('ownMicros', profileBegun, profileEnded),
    profiledMicrosPerSecond: (busyMicros(profile, isGuards) * scale) / profileSeconds,
    profiledRequestMicrosPerSecond: (busyMicros(profile, isRequestMeter) * scale) / profileSeconds,
  };
}

function facts() {
  const { cost, requests } = guard.state();
  return {
    atMs: performance.now(),
    ownMicros: cost.totalMs * 1_000,
    samples: cost.samples,
    requests: requests.total,
  };
}

function perSecond(what, before, after) {
  return (after[what] - before[what]) / ((after.atMs - before.atMs) / 1_000);
}

const isGuards = ({ url }) => url.startsWith(GUARD_FOLDER) || url === NODE_PART;
const isRequestMeter = ({ url }) => url.startsWith(`${GUARD_FOLDER}requests/request-meter`);

/** Time in which a function that fits was running, or had called what was. */
function busyMicros({ nodes, samples, timeDeltas }, fits) {
  const fitting = new Set();
  const visit = (node, inherited) => {
    const { callFrame, children = [] } = node;
    const isWork = callFrame.functionName !== '(idle)' && callFrame.functionName !== '(root)';
    const own = inherited || (isWork && fits(callFrame));
    if (own) fitting.add(node.id);
    for (const child of children) visit(byId.get(child), own);
  };
  const byId = new Map(nodes.map((node) => [node.id, node]));
  visit(nodes[0], false);
  return samples.reduce((sum, id, index) => sum + (fitting.has(id) ? timeDeltas[index] : 0), 0);
}

createServer(async (request, response) => {
  if (request.url === '/account') response.end(String(beginAccount()));
  else if (request.url === '/profile') response.end(String(await beginProfile()));
  else if (request.url === '/end') response.end(JSON.stringify(await end()));
  else {
    guard.meter.start();
    response.end('hello world');
    guard.meter.end(route, 0.05, 200);
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
