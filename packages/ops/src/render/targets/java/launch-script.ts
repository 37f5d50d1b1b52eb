import type { Language, Text } from '@maque/kit';
import type { PlannedJava } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { because, type ConfigEntry, numbered, writeConfig } from '../../config-lines.ts';
import { headOf } from '../../file-head.ts';
import type { RenderedFile } from '../../rendered-file.ts';
import { exportUnlessSet, unlessSet } from '../../shell-words.ts';
import { type JavaVariable, javaEnvironment } from './java-environment.ts';
import { javaFlags, requestThreads } from './java-flags.ts';
import { javaMeanings } from './java-meanings.ts';

const { request_threads: threadsMeaning } = javaMeanings;

/** What was set from outside wins, so the same script serves a container. */
export function launchScript(place: AppPlace, planned: PlannedJava, language: Language): RenderedFile {
  const isTomcat = planned.request.framework === 'tomcat';
  const content = writeConfig(
    [
      '#!/bin/sh',
      headOf('java', language),
      'set -euf',
      null,
      ...javaEnvironment(planned, { port: place.port, address: '127.0.0.1' }).map(variableLine),
      null,
      `flags="${unlessSet('JAVA_OPTS', '')}"`,
      ...javaFlags(planned).map(flagLine),
      null,
      ...(isTomcat ? tomcatCommand(planned) : jarCommand(place)),
    ],
    language,
  );
  return { target: 'java', path: `/usr/local/bin/start-${place.name}`, content, mode: 0o755 };
}

/** Each as it stands here, unless the environment has it already. */
function variableLine({ name, value, means, formula = '' }: JavaVariable): ConfigEntry {
  const line = exportUnlessSet(name, value);
  if (means !== undefined) return numbered(javaMeanings[means], formula, line);
  return name === 'SERVER_ADDRESS' ? because(LOOPBACK, line) : line;
}

function flagLine({ flag, meaning, formula = '', note }: ReturnType<typeof javaFlags>[number]): ConfigEntry {
  const line = `flags="$flags ${flag}"`;
  if (meaning !== undefined) return numbered(meaning, formula, line);
  return note === undefined ? line : because(note, line);
}

function jarCommand({ appDir }: AppPlace): readonly ConfigEntry[] {
  const home = `${unlessSet('JAVA_HOME', '/usr')}/bin/java`;
  return [because(WORDS, `exec "${home}" $flags -jar "${unlessSet('APP_JAR', `${appDir}/app.jar`)}" "$@"`)];
}

/** Tomcat's own script builds the command from CATALINA_OPTS. */
function tomcatCommand(planned: PlannedJava): readonly ConfigEntry[] {
  const threads = requestThreads(planned);
  return [
    numbered(threadsMeaning, `${planned.threads} - 20`, `flags="$flags -Dmaque.threads=${threads}"`),
    because(CONNECTOR, 'flags="$flags -Dmaque.port=$PORT"'),
    'export CATALINA_OPTS="$flags"',
    `exec "${unlessSet('CATALINA_HOME', '/usr/share/tomcat10')}/bin/catalina.sh" run "$@"`,
  ];
}

const CONNECTOR_LINE = ['port', 'maxThreads']
  .map((attribute) => `${attribute}="$\{maque.${attribute === 'port' ? 'port' : 'threads'}}"`)
  .join(' ');

const LOOPBACK: Text = {
  en: 'The world comes in through nginx; in a container set SERVER_ADDRESS=0.0.0.0',
  zh: '外部流量经 nginx 进入；容器内请设 SERVER_ADDRESS=0.0.0.0',
};
const WORDS: Text = {
  en: 'The flags are words of their own; arguments of this script go to the program',
  zh: '各参数以空格分开；本脚本的参数会传给程序',
};
const CONNECTOR: Text = {
  en: `Both count once conf/server.xml says: <Connector address="127.0.0.1" ${CONNECTOR_LINE} protocol="HTTP/1.1" />`,
  zh: `以上两项需在 conf/server.xml 中引用：<Connector address="127.0.0.1" ${CONNECTOR_LINE} protocol="HTTP/1.1" />`,
};
