import { dirname } from 'node:path';
import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { secretFiles, secretIn } from '../facts/secret-files.ts';
import type { Host } from '../host/host.ts';
import { cannotRead } from '../outcomes.ts';

const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o001;
const MOST_SHOWN = 20;
/** Not a text, and secret as a whole: what people ordered, and who they are. */
const WHOLE = /\/maque\.db$/;

const READABLE: Text = {
  en: 'every user and every program of this box may read {path}, which has {what} in it',
  zh: '本机任何用户、任何程序都能读取 {path}，其中含有 {what}',
};

export const secretsReadable: Check = {
  id: 'G10',
  name: 'secrets-readable',
  group: 'disk',
  title: { en: 'Secrets that anybody may read', zh: '任何人可读的密钥文件' },
  why: {
    en: 'With the AppSecret or the key of WeChat Pay anybody can act as you; one hacked neighbour (a blog, a panel, a plugin) reads every file whose mode ends in 4 or more.',
    zh: '拿到 AppSecret 或微信支付密钥就能冒充你；同机任何一个被攻破的程序（博客、面板、插件）都能读取权限末位大于等于 4 的文件。',
  },
  explanation: {
    en: 'The mode of a file says who may read it: 644 is everybody, 600 is its owner alone. Give secrets to the user that the app runs as, and to nobody else. Only the name of what was found is shown here.',
    zh: '文件权限决定谁能读：644 是所有人，600 是只有属主。密钥文件应只属于运行应用的用户。这里只显示名称，不显示内容。',
  },
  async look(patient) {
    const { host } = patient;
    const [processes, apps, nginx] = await Promise.all([
      patient.processes(),
      patient.appFolders(),
      patient.nginx(),
    ]);
    if (processes.kind !== 'value') return [cannotRead('/proc', processes)];
    const paths = await secretFiles(
      host,
      processes.value,
      apps.folders,
      nginx.kind === 'value' ? nginx.value : [],
    );
    const found = (await Promise.all(paths.map((path) => look(host, path)))).filter(
      (one) => one !== undefined,
    );
    const problems = found.slice(0, MOST_SHOWN);
    if (apps.hidden > 0) problems.push(cannotRead('/proc/*/cwd', { kind: 'unreadable', reason: 'EACCES' }));
    if (problems.length > 0) return problems;
    return [{ kind: 'ok', evidence: `${paths.length} places, none readable for all` }];
  },
};

async function look(host: Host, path: string): Promise<Outcome | undefined> {
  const facts = await host.stat(path);
  if (facts.kind !== 'value' || facts.value.kind !== 'file' || (facts.value.mode & OTHERS_READ) === 0)
    return undefined;
  if (!(await isReachable(host, path))) return undefined;
  const text = WHOLE.test(path) ? null : await host.read(path);
  if (text !== null && text.kind !== 'value') return undefined;
  const what = text === null ? 'the data of the app' : secretIn(text.value);
  if (what === undefined) return undefined;
  const mode = (facts.value.mode & 0o777).toString(8);
  return {
    kind: 'finding',
    severity: 'warning',
    text: READABLE,
    data: { path, what },
    evidence: `${path}: mode ${mode}, uid ${facts.value.uid}, ${what}`,
    fix: [
      {
        where: {
          en: 'as root; where the app runs as another user, give it the file first: chown <user> …',
          zh: '以 root 执行；若应用以其他用户运行，先改属主：chown <用户> …',
        },
        lines: [`chmod 600 '${path.replaceAll("'", "'\\''")}'`],
      },
    ],
  };
}

/** Behind one folder that others may not enter nothing can be read, whatever its mode. */
async function isReachable(host: Host, path: string): Promise<boolean> {
  // Of a container's tree only what is inside counts; nobody but root gets to it from here.
  if (/^\/proc\/\d+\/root\//.test(path)) return false;
  for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) {
    const facts = await host.stat(folder);
    if (facts.kind === 'value' && facts.value.kind === 'folder' && (facts.value.mode & OTHERS_ENTER) === 0)
      return false;
  }
  return true;
}
