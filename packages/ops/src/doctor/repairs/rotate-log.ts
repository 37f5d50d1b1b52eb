import type { FixLine } from '../../findings/finding.ts';
import type { Repair } from '../check.ts';
import type { Host } from '../host/host.ts';

const PATH = '/etc/logrotate.d/maque-logs';
/** What needs no quotes and cannot end a rule. */
const PLAIN_PATH = /^\/[\w./@+-]+$/;

/** A rule for one log that nobody rotates; copytruncate, as its writer knows nothing of it. */
export async function rotateLog(
  host: Host,
  path: string,
  uid: number,
): Promise<{ readonly fix: readonly FixLine[]; readonly repair?: Repair }> {
  const owner = uid === 0 ? null : await ownerOf(host, uid);
  const rule = [
    `${PLAIN_PATH.test(path) ? path : JSON.stringify(path)} {`,
    // logrotate refuses folders that others than root may write to, unless it works as their owner.
    ...(owner === null ? [] : [`    su ${owner}`]),
    ...['size 20M', 'rotate 5', 'missingok', 'notifempty', 'compress', 'delaycompress', 'copytruncate'].map(
      (line) => `    ${line}`,
    ),
    '}',
  ];
  const fix = [
    {
      where: {
        en: `in ${PATH}; try it: logrotate -d ${PATH}`,
        zh: `写入 ${PATH}；验证：logrotate -d ${PATH}`,
      },
      lines: rule,
    },
  ];
  if (!PLAIN_PATH.test(path)) return { fix };
  return { fix, repair: { path: PATH, rewrite: withRule(path, rule) } };
}

function withRule(path: string, rule: readonly string[]): Repair['rewrite'] {
  return (before) => {
    const text = before ?? '';
    if (text.split('\n').includes(`${path} {`)) return text;
    return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${rule.join('\n')}\n`;
  };
}

/** `app app`: the user and its own group, from the files of accounts. */
async function ownerOf(host: Host, uid: number): Promise<string | null> {
  const [users, groups] = await Promise.all([host.read('/etc/passwd'), host.read('/etc/group')]);
  if (users.kind !== 'value' || groups.kind !== 'value') return null;
  const user = users.value
    .split('\n')
    .map((line) => line.split(':'))
    .find((parts) => parts[2] === String(uid));
  const group = groups.value
    .split('\n')
    .map((line) => line.split(':'))
    .find((parts) => parts[2] === user?.[3]);
  return user?.[0] === undefined || group?.[0] === undefined ? null : `${user[0]} ${group[0]}`;
}
