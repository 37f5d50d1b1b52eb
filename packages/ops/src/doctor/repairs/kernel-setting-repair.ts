import type { FixLine } from '../../findings/finding.ts';
import type { Repair } from '../check.ts';

/** Read at the boot after all others, `99-sysctl.conf` too, which is a link to /etc/sysctl.conf. */
const PATH = '/etc/sysctl.d/99-zz-maque.conf';

/** A kernel setting for now and for after the next boot. Inside a container it is the host's to change: no repair. */
export function setKernel(
  name: string,
  value: number,
  isInsideContainer: boolean,
): { readonly fix: readonly FixLine[]; readonly repair?: Repair } {
  const line = `${name} = ${value}`;
  const fix: readonly FixLine[] = [
    {
      where: { en: `${PATH}, then: sysctl -p ${PATH}`, zh: `写入 ${PATH}，然后执行：sysctl -p ${PATH}` },
      lines: [line],
    },
  ];
  if (isInsideContainer) return { fix };
  return { fix, repair: { path: PATH, rewrite: withLine(name, line), apply: ['sysctl', '-p', PATH] } };
}

function withLine(name: string, line: string): Repair['rewrite'] {
  return (before) => {
    const others = (before ?? '')
      .split('\n')
      .filter((one) => one.split('=')[0]?.trim() !== name && one.trim() !== '');
    return `${[...others, line].join('\n')}\n`;
  };
}
