import type { Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import type { NginxFacts } from '../facts/nginx.ts';
import { ofEachNginx } from '../facts/of-each-nginx.ts';
import type { Host } from '../host/host.ts';
import { cannotRead } from '../outcomes.ts';

/** Of what nginx says, the line that matters. */
const MOST_EVIDENCE = 300;

const FAILS: Text = {
  en: 'nginx does not accept its configuration: the next start or reload fails',
  zh: 'nginx 不接受当前配置：下次启动或重载会失败',
};
const IN_CONTAINER: Text = {
  en: 'nginx runs in container {container}; ask it there: docker exec {container} nginx -t',
  zh: 'nginx 运行在容器 {container} 中，请在容器内检查：docker exec {container} nginx -t',
};

const OF_USER: Text = {
  en: '{program} can be changed by others than root and is not run; ask it as its own user: {program} -t',
  zh: '{program} 可被 root 以外的用户修改，因此不执行；请以其所属用户运行：{program} -t',
};
/** Writable by others than the owner. */
const SHARED_WRITE_BITS = 0o022;

export const nginxConfigTest: Check = {
  id: 'F1',
  name: 'nginx-config',
  group: 'front',
  title: { en: 'nginx accepts its configuration', zh: 'nginx 配置可用' },
  why: {
    en: 'nginx goes on with the old configuration in memory while the files are broken, until a reboot or a renewed certificate makes it read them: then nothing listens any more.',
    zh: '配置文件写坏后，nginx 仍用内存中的旧配置运行；直到重启或续签证书时重新读取，才会完全无法提供服务。',
  },
  explanation: {
    en: '`nginx -t` reads all files as a start would, without touching the service. Run it after every change, and reload only when it says that the test is successful.',
    zh: '`nginx -t` 像启动那样读取全部配置，但不影响正在运行的服务。每次修改后先执行它，显示 successful 再重载。',
  },
  look: (patient) => ofEachNginx(patient, async (nginx) => [await test(patient.host, nginx)]),
};

async function test(host: Host, { place }: NginxFacts): Promise<Outcome> {
  const { container, uid } = place;
  if (container !== null) return { kind: 'unknown', reason: IN_CONTAINER, data: { container } };
  const program = place.program ?? 'nginx';
  if (uid !== 0 || !(await isOfRoot(host, program)))
    return { kind: 'unknown', reason: OF_USER, data: { program } };
  const answer = await host.run(program, configTestArguments(place.config));
  if (answer.kind !== 'value') return cannotRead(`${program} -t`, answer);
  const lines = answer.value.stderr.split('\n');
  const wrong = lines.find((line) => line.includes('[emerg]')) ?? lines.find((line) => line !== '') ?? '';
  const evidence = wrong.slice(0, MOST_EVIDENCE);
  if (answer.value.code === 0) return { kind: 'ok', evidence: 'nginx -t: successful' };
  // Only root may open the keys and the logs.
  if (/\(13: Permission denied\)/.test(evidence))
    return cannotRead(`${program} -t`, { kind: 'unreadable', reason: 'EACCES' });
  return {
    kind: 'finding',
    severity: 'critical',
    text: FAILS,
    data: {},
    evidence,
    fix: [
      {
        where: {
          en: 'mend the line that it names, then (files that end in .bak or .disabled are not read)',
          zh: '改正它指出的那一行，然后执行（以 .bak 或 .disabled 结尾的文件不会被读取）',
        },
        lines: [`${program} -t && ${program} -s reload`],
      },
    ],
  };
}

/** A configuration may load modules: that of a user would run with the rights of whoever called the doctor. */
async function isOfRoot(host: Host, program: string): Promise<boolean> {
  if (!program.startsWith('/')) return true;
  const file = await host.stat(program);
  if (file.kind !== 'value') return false;
  return file.value.uid === 0 && (file.value.mode & SHARED_WRITE_BITS) === 0;
}

/** Without `-g` or other switches: with the very file that the running one has. */
export function configTestArguments(config: string): readonly string[] {
  return ['-t', '-c', config];
}
