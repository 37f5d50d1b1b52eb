import { describe, expect, it } from 'vitest';
import { type HostRecording, recordedHost } from '../../../testing/recorded-host.ts';
import { recordedProcesses } from '../../../testing/recorded-process.ts';
import { Patient } from '../patient.ts';
import { directivesNamed, parseNginx } from './nginx-syntax.ts';
import { nginxSize, nginxTime } from './nginx-units.ts';

async function serversOn(recording: HostRecording) {
  const nginx = await new Patient(recordedHost(recording)).nginx();
  if (nginx.kind !== 'value') return nginx.kind;
  return nginx.value.flatMap(({ servers }) => servers.map(({ names, at }) => `${names.join(' ')} ${at}`));
}

describe('the syntax', () => {
  it('knows quotes, comments, variables in braces and signs within words', () => {
    const text = `# server { listen 1; }
server_name "a b" 'c\\'d' shop#1 \${name}x; # a comment
location ~ "^/\\d{2}$" { return 200 '{"a":1;}'; }
`;
    const [name, location] = parseNginx(text, 'x');
    expect(name).toMatchObject({ name: 'server_name', args: ['a b', "c'd", 'shop#1', `\${name}x`], line: 2 });
    expect(location).toMatchObject({ args: ['~', '^/\\d{2}$'], line: 3, block: [{ name: 'return' }] });
    expect(location?.block?.[0]?.args).toEqual(['200', '{"a":1;}']);
  });

  it('leaves Lua out, with all its braces', () => {
    const text = `location / { content_by_lua_block {\n local t = {a = "x;"}\n } return 204; } listen 80;`;
    expect(directivesNamed('return', parseNginx(text, 'x'))).toMatchObject([{ args: ['204'], line: 3 }]);
    expect(directivesNamed('listen', parseNginx(text, 'x'))).toHaveLength(1);
  });

  it.each(['{', '}', '"', "a '", '{'.repeat(100_000), '}}}} a b; {', '${', 'a\\', 'x_by_lua_block {'])(
    'ends with %.20s',
    (text) => {
      expect(() => parseNginx(text, 'x')).not.toThrow();
    },
  );

  it('reads sizes and times', () => {
    expect(['8k', '50M', '1024', '1x', undefined].map(nginxSize)).toEqual([
      8_192,
      52_428_800,
      1_024,
      undefined,
      undefined,
    ]);
    expect(['65', '1m30s', '500ms', 'x'].map(nginxTime)).toEqual([65_000, 90_000, 500, undefined]);
  });
});

describe('where its files are', () => {
  const server = (name: string) => `server { server_name ${name}; listen 80; }`;
  const including = (pattern: string) => `http { include ${pattern}; }`;

  it('of a package, with links to sites', async () => {
    const files = {
      '/etc/nginx/nginx.conf': including('/etc/nginx/sites-enabled/*'),
      '/etc/nginx/sites-enabled/a': server('a.com'),
      '/etc/nginx/sites-enabled/.hidden': server('h.com'),
    };
    expect(await serversOn({ files })).toEqual(['a.com /etc/nginx/sites-enabled/a:1']);
  });

  it('of the BT panel, by the program that runs', async () => {
    const bt = recordedProcesses([
      {
        pid: 7,
        executable: '/www/server/nginx/sbin/nginx',
        commandLine: [
          'nginx: master process /www/server/nginx/sbin/nginx -c /www/server/nginx/conf/nginx.conf',
        ],
      },
    ]);
    const files = {
      ...bt.files,
      '/etc/nginx/nginx.conf': server('old.com'),
      '/www/server/nginx/conf/nginx.conf': including('/www/server/panel/vhost/nginx/*.conf'),
      '/www/server/panel/vhost/nginx/shop.conf': server('bt.com'),
    };
    expect(await serversOn({ files, links: bt.links })).toEqual([
      'bt.com /www/server/panel/vhost/nginx/shop.conf:1',
    ]);
  });

  const id = 'ab'.repeat(32);
  const inDocker = recordedProcesses([
    {
      pid: 9,
      executable: '/usr/local/openresty/nginx/sbin/nginx',
      cgroup: `/system.slice/docker-${id}.scope`,
    },
  ]);

  it('of a container, through its process', async () => {
    const root = '/proc/9/root/usr/local/openresty/nginx/conf';
    const files = {
      ...inDocker.files,
      [`${root}/nginx.conf`]: including('conf.d/*.conf'),
      [`${root}/conf.d/a.conf`]: server('in.com'),
    };
    expect(await serversOn({ files, links: inDocker.links })).toEqual([
      'in.com /usr/local/openresty/nginx/conf/conf.d/a.conf:1',
    ]);
    expect(await serversOn(inDocker)).toBe('unreadable');
  });

  it('of 1Panel, by what it mounts', async () => {
    const files = {
      '/opt/1panel/apps/openresty/openresty/conf/nginx.conf': including(
        '/usr/local/openresty/nginx/conf/conf.d/*.conf',
      ),
      '/opt/1panel/www/conf.d/shop.conf': `${server('panel.com')} include /www/sites/shop/proxy/*.conf;`,
      '/opt/1panel/www/sites/shop/proxy/root.conf': server('nested.com'),
    };
    expect(await serversOn({ files })).toEqual([
      'panel.com /usr/local/openresty/nginx/conf/conf.d/shop.conf:1',
      'nested.com /www/sites/shop/proxy/root.conf:1',
    ]);
  });

  it('ends with files that include each other', async () => {
    const files = {
      '/etc/nginx/nginx.conf': `http { include nginx.conf; include nginx.conf; ${server('x.com')} }`,
    };
    expect(await serversOn({ files })).toContain('x.com /etc/nginx/nginx.conf:1');
  });
});
