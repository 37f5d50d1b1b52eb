import type { BoxPlan } from '../../../plan/box/box-plan.ts';
import { NGINX_ZONES } from '../../../plan/box/nginx-memory.ts';
import type { PlannedNginx } from '../../../plan/box/planned-service.ts';
import { because, type ConfigEntry, numbered } from '../../config-lines.ts';
import { nginxMeanings as meanings } from './nginx-meanings.ts';
import { nginxSize } from './nginx-numbers.ts';
import { NGINX_SAYINGS as sayings } from './nginx-sayings.ts';

const REQUESTS_PER_SECOND = 200;
const BURST = 400;
/** Of all requests under way; the rest is for everybody else. */
const PART_OF_ADDRESS = 0.75;
const NOTICES_AT_ONCE = 16;

/** Where WeChat Pay tells of payments, and WeChat of messages. */
const NOTICE_PATHS = ['/api/wechat/pay/notify', '/api/wechat/push'];

/** How much of the box one address, all phones, all WebSockets and WeChat itself may have at once. */
export function limitLines({ requestsAtOnce, sockets }: PlannedNginx, plan: BoxPlan): readonly ConfigEntry[] {
  const { requestsByAddress, connectionsByAddress, requestsOfAll, socketsOfAll } = NGINX_ZONES;
  const hasNotices = isMaque(plan);
  const requests = requestsAtOnce - (hasNotices ? NOTICES_AT_ONCE : 0);
  return [
    ...(hasNotices ? notices() : []),
    numbered(
      meanings.limit_req_zone,
      '',
      `limit_req_zone ${addressKey(plan)} zone=rates:${nginxSize(requestsByAddress)} rate=${REQUESTS_PER_SECOND}r/s;`,
    ),
    numbered(meanings.limit_req, '', `limit_req zone=rates burst=${BURST} nodelay;`),
    'limit_req_status 429;',
    because(
      sayings.kinds,
      `map ${hasNotices ? '$notice_key' : ''}$upgrade_header $request_key {`,
      '    "" all;',
      '    default "";',
      '}',
      'map $upgrade_header $socket_key {',
      '    "" "";',
      '    default all;',
      '}',
    ),
    numbered(
      meanings.limit_conn_zone,
      '',
      `limit_conn_zone ${addressKey(plan)} zone=addresses:${nginxSize(connectionsByAddress)};`,
      `limit_conn_zone $request_key zone=requests:${nginxSize(requestsOfAll)};`,
      `limit_conn_zone $socket_key zone=sockets:${nginxSize(socketsOfAll)};`,
    ),
    numbered(
      meanings.limit_conn,
      `${PART_OF_ADDRESS} × ${requests}, ${requestsAtOnce}${hasNotices ? ` - ${NOTICES_AT_ONCE}` : ''}`,
      `limit_conn addresses ${Math.floor(PART_OF_ADDRESS * requests)};`,
      `limit_conn requests ${requests};`,
    ),
    numbered(meanings.realtime_connections, '', `limit_conn sockets ${sockets};`),
    'limit_conn_status 503;',
    because(sayings.quiet, 'limit_req_log_level notice;', 'limit_conn_log_level notice;'),
  ];
}

/** Calls of WeChat itself count neither as an address nor as requests of phones. */
function notices(): readonly ConfigEntry[] {
  return [
    because(
      sayings.notices,
      'map $uri $notice_key {',
      '    default "";',
      ...NOTICE_PATHS.map((path) => `    ${path} all;`),
      '}',
      'map $notice_key $limited_address {',
      '    "" $binary_remote_addr;',
      '    default "";',
      '}',
      `limit_conn_zone $notice_key zone=notices:${nginxSize(NGINX_ZONES.noticesOfAll)};`,
    ),
    numbered(meanings.notices, '', `limit_conn notices ${NOTICES_AT_ONCE};`),
  ];
}

function addressKey(plan: BoxPlan): string {
  return isMaque(plan) ? '$limited_address' : '$binary_remote_addr';
}

function isMaque({ services }: BoxPlan): boolean {
  return services.some(({ kind }) => kind === 'maque');
}
