import type { ProcessFacts } from './processes.ts';
import { programName } from './program.ts';

/** Programs of clouds and panels that come with the server, by whom they are from. */
const AGENTS: readonly (readonly [vendor: string, program: RegExp])[] = [
  [
    'Alibaba Cloud',
    /^(AliYunDun\w*|AliSecGuard|AliNet|aliyun-service|assist_daemon|argusagent|cloudmonitor|CmsGoAgent.*|aliyun_assist\w*)$/,
  ],
  [
    'Tencent Cloud',
    /^(YDService|YDLive|YDEdr|YDUtils|barad_agent|sgagent\d*|tat_agent|stargate|BaradAgent)$/,
  ],
  ['Huawei Cloud', /^(hostguard|hostwatch|telescope|uniagent\w*|CloudResetPwdUpdateAgent)$/],
  [
    'Volcengine, Baidu, UCloud',
    /^(bcm-agent|hosteye|cloud-monitor-agent|ucloud-monitor|uma-agent|elkeid-agent)$/,
  ],
  [
    'AWS, Google, Azure',
    /^(amazon-ssm-agent|ssm-agent-worker|amazon-cloudwatch-agent|google_guest_agent|google_osconfig_agent|WALinuxAgent)$/,
  ],
  ['BT panel', /^(BT-Panel|BT-Task|bt_agent)$/],
  ['1Panel', /^1panel(-core|-agent)?$/],
];
/** Of BT panel, whose program is Python. */
const SCRIPTS: readonly (readonly [vendor: string, script: RegExp])[] = [
  ['BT panel', /\/www\/server\/panel\//],
  ['Alibaba Cloud', /\/(cloudmonitor|aegis)\//],
  ['Tencent Cloud', /\/qcloud\//],
];

export function agentVendor(process: ProcessFacts): string | undefined {
  const names = [programName(process), process.comm];
  const byName = AGENTS.find(([, program]) => names.some((name) => program.test(name)));
  const words = [process.executable ?? '', ...process.commandLine.slice(0, 3)];
  return (byName ?? SCRIPTS.find(([, script]) => words.some((word) => script.test(word))))?.[0];
}
