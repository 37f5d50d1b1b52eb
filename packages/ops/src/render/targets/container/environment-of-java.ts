import type { PlannedJava } from '../../../plan/box/planned-service.ts';
import type { AppPlace } from '../../app-places.ts';
import { javaEnvironment } from '../java/java-environment.ts';
import { javaFlags } from '../java/java-flags.ts';
import type { ContainerMeanings, Variable } from './variable.ts';

/** What the launch script of a server says, in variables alone. */
export function ofJava(
  { port }: AppPlace,
  planned: PlannedJava,
  meanings: ContainerMeanings,
): readonly Variable[] {
  const flags = javaFlags(planned)
    .map(({ flag }) => flag)
    .join(' ');
  const { heapMb, metaspaceMb, codeCacheMb, directMb, threads, threadStackKb } = planned;
  const sum = `${heapMb} + ${metaspaceMb} + ${codeCacheMb} + ${directMb} + ${threads} × ${threadStackKb} ÷ 1024`;
  const told = javaEnvironment(planned, { port, address: '0.0.0.0' });
  return [
    { name: 'JAVA_TOOL_OPTIONS', value: flags, meaning: meanings.java_flags, formula: sum },
    ...told.map(
      ({ means, ...variable }): Variable =>
        means === undefined ? variable : { ...variable, meaning: meanings[means] },
    ),
  ];
}
