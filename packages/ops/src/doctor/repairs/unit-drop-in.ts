import type { FixLine } from '../../findings/finding.ts';
import type { Repair } from '../check.ts';

/**
 * Lines that are added to a unit in a file of their own; the unit's file stays as its package brought it. Named so that
 * it is read after `override.conf` of `systemctl edit`.
 */
export function addToUnit(
  unit: string,
  topic: string,
  lines: readonly string[],
): { readonly fix: readonly FixLine[]; readonly repair: Repair } {
  const path = `/etc/systemd/system/${unit}.d/zz-maque-${topic}.conf`;
  const content = [unit.endsWith('.slice') ? '[Slice]' : '[Service]', ...lines];
  return {
    fix: [
      {
        where: {
          en: `${path}, then: systemctl daemon-reload (and restart ${unit} where it has to count at once)`,
          zh: `写入 ${path}，然后执行：systemctl daemon-reload（需要立即生效时重启 ${unit}）`,
        },
        lines: content,
      },
    ],
    repair: { path, rewrite: () => `${content.join('\n')}\n`, apply: ['systemctl', 'daemon-reload'] },
  };
}
