import { MiB, type Text } from '@maque/kit';
import type { JavaProcess } from '../../../doctor/facts/java-processes.ts';
import { containerOf, unitOf } from '../../../doctor/facts/services.ts';
import type { JavaRequest } from '../../box/service-request.ts';
import { type DetectedService, planName } from './detected-service.ts';
import type { HostFacts } from './host-facts.ts';

const NO_HEAP: Text = {
  en: '{name}: nothing bounds its heap (-Xmx); the plan gives it a bound',
  zh: '{name}：没有限制堆大小（-Xmx），由规划给出上限',
};
const GUESSED: Text = {
  en: '{name}: taken for Spring Boot, for it is started by -jar',
  zh: '{name}：以 -jar 启动，按 Spring Boot 估算',
};

/** Those of a unit or a container, and those that listen on a port: an editor's and a build's JVM do not. */
export function detectJava({ javas, listeners }: HostFacts): readonly DetectedService[] {
  const serves = ({ process }: JavaProcess) =>
    unitOf(process.cgroup) !== null || containerOf(process.cgroup) !== null || listeners.has(process.pid);
  return javas.filter(serves).map((java) => {
    const name = planName(java.name.replace(/ \(\d+\)$/, ''), 'java');
    const framework = frameworkOf(java);
    const notes = [
      ...(java.heapBytes === null ? [NO_HEAP] : []),
      ...(framework.isGuessed ? [GUESSED] : []),
    ].map((text) => ({ text, data: { name } }));
    return {
      service: {
        kind: 'java',
        name,
        framework: framework.name,
        ...(java.heapBytes === null ? {} : { heapMb: Math.floor(java.heapBytes / MiB) }),
        ...(java.threads === null ? {} : { threads: java.threads }),
      },
      pids: [java.process.pid],
      notes,
    };
  });
}

/** By the names of its classes and files. A jar of Spring Boot is a jar like any other, and the most usual one. */
function frameworkOf({ process }: JavaProcess): {
  readonly name: JavaRequest['framework'];
  readonly isGuessed: boolean;
} {
  const words = process.commandLine.join(' ');
  if (/catalina|tomcat|jetty/i.test(words)) return { name: 'tomcat', isGuessed: false };
  if (/spring/i.test(words)) return { name: 'spring-boot', isGuessed: false };
  return words.includes('-jar')
    ? { name: 'spring-boot', isGuessed: true }
    : { name: 'plain', isGuessed: false };
}
