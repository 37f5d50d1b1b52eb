import type { FixLine } from '../../findings/finding.ts';
import type { NodeProcess } from '../facts/node-processes.ts';

/** Where the flags of an app are written: the file of PM2, the unit, the container, or the command that starts it. */
export function setNodeFlags(app: NodeProcess, flags: readonly string[]): readonly FixLine[] {
  const { pm2, service } = app;
  const options = flags.join(' ');
  if (pm2 !== null)
    return [
      {
        where: {
          en: `ecosystem.config.js, at the app ${pm2.app}; then: pm2 reload ecosystem.config.js && pm2 save`,
          zh: `ecosystem.config.js 中的应用 ${pm2.app}；然后执行：pm2 reload ecosystem.config.js && pm2 save`,
        },
        lines: [`node_args: '${options}',`],
      },
    ];
  if (service.unit !== null)
    return [
      {
        where: {
          en: `systemctl edit ${service.unit}; then: systemctl restart ${service.unit}`,
          zh: `执行 systemctl edit ${service.unit} 写入；然后：systemctl restart ${service.unit}`,
        },
        lines: ['[Service]', `Environment="NODE_OPTIONS=${options}"`],
      },
    ];
  if (service.container !== null)
    return [
      {
        where: { en: 'docker-compose.yml, at the service', zh: 'docker-compose.yml 中对应的服务' },
        lines: ['environment:', `  NODE_OPTIONS: "${options}"`],
      },
    ];
  return [
    {
      where: { en: 'before the command that starts the app', zh: '写在启动命令之前' },
      lines: [`export NODE_OPTIONS="${options}"`],
    },
  ];
}
