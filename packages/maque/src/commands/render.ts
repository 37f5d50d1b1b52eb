import type { Command, CommandOption } from '../cli/command.ts';
import { requestOptions } from '../plan/request-options.ts';
import { maqueSettings } from '../settings/settings-table.ts';
import { jsonOption } from './shared-options.ts';

/** What the files are for; each is also a field of the options of rendering. */
const placeOptions: Readonly<Record<string, CommandOption>> = {
  name: {
    type: 'string',
    placeholder: '<name>',
    meaning: {
      en: 'What the app is called on the server; default shop',
      zh: '应用在服务器上的名称；默认 shop',
    },
  },
  domain: {
    type: 'string',
    placeholder: '<api.example.com>',
    meaning: { en: 'Public name of the server', zh: '服务器的域名' },
  },
  user: {
    type: 'string',
    placeholder: '<user>',
    meaning: { en: 'User that the app runs as; default its name', zh: '运行应用的用户；默认与名称相同' },
  },
  'app-dir': {
    type: 'string',
    placeholder: '<path>',
    meaning: {
      en: 'Where the app lies on the server; default /srv/<name>',
      zh: '应用在服务器上的目录；默认 /srv/<名称>',
    },
  },
  node: {
    type: 'string',
    placeholder: '<path>',
    meaning: { en: 'Node on the server; default /usr/bin/node', zh: '服务器上的 Node；默认 /usr/bin/node' },
  },
  maque: {
    type: 'string',
    placeholder: '<path>',
    meaning: {
      en: 'maque.js on the server; default /opt/maque/bin/maque.js',
      zh: '服务器上的 maque.js；默认 /opt/maque/bin/maque.js',
    },
  },
  certificate: {
    type: 'string',
    placeholder: '<path>',
    meaning: {
      en: "The full chain; default where Let's Encrypt puts it",
      zh: '完整证书链；默认为 Let’s Encrypt 的位置',
    },
  },
  'certificate-key': {
    type: 'string',
    placeholder: '<path>',
    meaning: { en: 'Its key', zh: '证书私钥' },
  },
  database: {
    type: 'string',
    placeholder: '<name>',
    meaning: { en: "The app's database in MariaDB or MySQL", zh: '应用在 MariaDB 或 MySQL 中的数据库名' },
  },
  environments: {
    type: 'string',
    placeholder: '<staging,dev>',
    meaning: { en: 'Environments besides prod on the same server', zh: '同一台服务器上除 prod 之外的环境' },
  },
  image: {
    type: 'string',
    placeholder: '<shop:1.2>',
    meaning: { en: 'Container image of the app', zh: '应用的容器镜像' },
  },
};

/** What is planned, and what its files are for. */
const toldOfTheFiles = [...Object.keys(requestOptions), ...Object.keys(placeOptions)];

export const renderCommand: Command = {
  name: 'render',
  usage: '[target…]',
  summary: {
    en: 'Make the configuration files of a planned server: units, nginx, databases, kernel, logs, backups, containers, monitoring',
    zh: '按规划生成服务器的配置文件：systemd、nginx、数据库、内核、日志、备份、容器、监控',
  },
  // Each target once; a dozen and a half there are.
  mostArguments: 40,
  settings: maqueSettings,
  options: {
    ...requestOptions,
    ...placeOptions,
    list: {
      type: 'boolean',
      meaning: { en: 'List what can be rendered', zh: '列出可生成的目标' },
      excludes: [...toldOfTheFiles, 'out', 'force', 'apply', 'undo', 'root', 'json'],
    },
    out: {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: 'Write the files as a tree; what is there and differs is shown, and stays without --force',
        zh: '把文件写成目录树；已有且不同的文件只显示差异，加 --force 才覆盖',
      },
      excludes: ['root', 'json'],
    },
    force: {
      type: 'boolean',
      meaning: { en: 'Replace what differs in --out', zh: '覆盖 --out 中不同的文件' },
    },
    apply: {
      type: 'boolean',
      meaning: {
        en: 'Write what belongs to this server to its place; shows each change and asks first',
        zh: '把属于本服务器的文件写到位；逐项展示改动并询问',
      },
      excludes: ['out', 'force', 'json'],
    },
    yes: { type: 'boolean', meaning: { en: 'Do not ask, write', zh: '不询问，直接写入' } },
    undo: {
      type: 'boolean',
      meaning: {
        en: 'Bring back all files as they were before --apply',
        zh: '把 --apply 改过的文件全部恢复原样',
      },
      excludes: [...toldOfTheFiles, 'out', 'force', 'apply', 'json'],
    },
    root: {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: "Apply to a copy of a server's files instead of this machine",
        zh: '写入某台服务器文件的副本，而不是本机',
      },
    },
    state: {
      type: 'string',
      placeholder: '<folder>',
      meaning: {
        en: 'Where backups are kept; default /var/lib/maque/render, without root ~/.local/state/maque/render',
        zh: '备份的存放目录；默认 /var/lib/maque/render，非 root 为 ~/.local/state/maque/render',
      },
    },
    json: jsonOption,
  },
  run: async (invocation) =>
    (await import('../render/run-render.ts')).runRender(invocation, {
      input: process.stdin,
      output: process.stderr,
    }),
};
