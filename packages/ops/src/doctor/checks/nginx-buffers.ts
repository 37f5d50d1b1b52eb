import { type Bytes, formatBytes, KiB, MiB, type Text } from '@maque/kit';
import type { Check, Outcome } from '../check.ts';
import { everywhere, type NginxFacts } from '../facts/nginx.ts';
import type { NginxDirective } from '../facts/nginx-syntax.ts';
import { nginxSize } from '../facts/nginx-units.ts';
import { ofEachNginx } from '../facts/of-each-nginx.ts';

/** Each upload in flight takes it whole; nginx's own default is 16 KiB. */
const LARGEST_BODY_BUFFER: Bytes = MiB;
/** Of each answer that a client takes slowly; nginx's default is 8 × 4 KiB. */
const LARGEST_PROXY_BUFFERS: Bytes = 256 * KiB;
/** nginx's default: a photo of a phone has three to ten times as much. */
const SMALL_BODY: Bytes = MiB;

const BODY_BUFFER: Text = {
  en: 'client_body_buffer_size is {size}: every upload under way takes that much memory',
  zh: 'client_body_buffer_size 为 {size}：每个进行中的上传都要占用这么多内存',
};
const PROXY_BUFFERS: Text = {
  en: '{directive} is {size} a connection: a hundred slow phones take {hundred}',
  zh: '{directive} 每个连接占用 {size}：一百部慢速手机就是 {hundred}',
};
const ANY_BODY: Text = {
  en: 'client_max_body_size is 0: anybody may fill the disk with one request',
  zh: 'client_max_body_size 为 0：任何人都能用一个请求写满磁盘',
};
const BODY_TOO_SMALL: Text = {
  en: 'client_max_body_size is {size}: uploads of photos above that are answered with 413 before the app sees them',
  zh: 'client_max_body_size 为 {size}：更大的照片上传会直接返回 413，到不了应用',
};

export const nginxBuffers: Check = {
  id: 'F4',
  name: 'nginx-buffers',
  group: 'front',
  title: { en: 'Sizes of bodies and buffers', zh: '请求体与缓冲区大小' },
  why: {
    en: 'Buffers are for each connection: more than 1 MiB for bodies or 256 KiB for answers makes a crowd of slow phones cost more memory than the app. The defaults spool to the disk, which is right for a small box.',
    zh: '缓冲区按连接计算：请求体超过 1 MiB 或响应超过 256 KiB 时，一批慢速手机占用的内存会超过应用本身。默认值会落盘，更适合小机器。',
  },
  explanation: {
    en: 'nginx collects what a phone uploads and what the app answers, so that the app does not wait for slow networks. What does not fit into the buffer goes to a file. client_max_body_size says which uploads are refused at once.',
    zh: 'nginx 会先收齐手机上传的内容和应用的响应，让应用不必等待慢网络。放不下的部分写入临时文件。client_max_body_size 决定多大的上传直接拒绝。',
  },
  look: (patient) =>
    ofEachNginx(patient, (nginx) => {
      const problems = [...bodyBuffers(nginx), ...answerBuffers(nginx), ...bodySizes(nginx)];
      return problems.length > 0
        ? problems
        : [{ kind: 'ok', evidence: `${nginx.place.config}: buffers as usual` }];
    }),
};

function bodyBuffers(nginx: NginxFacts): readonly Outcome[] {
  return everywhere(nginx, 'client_body_buffer_size').flatMap((directive) => {
    const bytes = nginxSize(directive.args[0]) ?? 0;
    if (bytes <= LARGEST_BODY_BUFFER) return [];
    return [warning(BODY_BUFFER, { size: formatBytes(bytes) }, directive, 'client_body_buffer_size 64k;')];
  });
}

function answerBuffers(nginx: NginxFacts): readonly Outcome[] {
  return ['proxy_buffers', 'fastcgi_buffers', 'uwsgi_buffers', 'grpc_buffers'].flatMap((name) =>
    everywhere(nginx, name).flatMap((directive) => {
      const bytes = Number(directive.args[0]) * (nginxSize(directive.args[1]) ?? 0);
      if (!(bytes > LARGEST_PROXY_BUFFERS)) return [];
      const data = { directive: name, size: formatBytes(bytes), hundred: formatBytes(100 * bytes) };
      return [warning(PROXY_BUFFERS, data, directive, `${name} 8 16k;`)];
    }),
  );
}

function bodySizes(nginx: NginxFacts): readonly Outcome[] {
  const told = everywhere(nginx, 'client_max_body_size');
  const problems = told.flatMap((directive): readonly Outcome[] =>
    nginxSize(directive.args[0]) === 0 ? [warning(ANY_BODY, {}, directive, 'client_max_body_size 20m;')] : [],
  );
  const largest = Math.max(
    ...told.map(({ args }) => nginxSize(args[0]) ?? 0),
    told.length === 0 ? SMALL_BODY : 0,
  );
  const passesOn = everywhere(nginx, 'proxy_pass').length > 0;
  if (problems.length > 0 || !passesOn || largest > SMALL_BODY) return problems;
  return [
    {
      kind: 'finding',
      severity: 'info',
      text: BODY_TOO_SMALL,
      data: { size: formatBytes(largest) },
      evidence: told.map(lineOf).join('; ') || 'client_max_body_size not set: 1m',
      fix: write('client_max_body_size 20m;'),
    },
  ];
}

function warning(
  text: Text,
  data: Readonly<Record<string, string>>,
  directive: NginxDirective,
  line: string,
): Outcome {
  return { kind: 'finding', severity: 'warning', text, data, evidence: lineOf(directive), fix: write(line) };
}

function lineOf({ name, args, file, line }: NginxDirective): string {
  return `${file}:${line}: ${name} ${args.join(' ')}`;
}

function write(line: string) {
  return [
    {
      where: {
        en: 'in its place, then: nginx -t && nginx -s reload',
        zh: '替换原来的行，然后执行：nginx -t && nginx -s reload',
      },
      lines: [line],
    },
  ];
}
