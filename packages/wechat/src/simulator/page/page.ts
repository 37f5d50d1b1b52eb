import { hash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
body { margin: 0 auto; max-width: 64rem; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; opacity: .75; }
code, td { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: .85rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8884; padding: .3rem .75rem .3rem 0; text-align: left; white-space: nowrap; }
th { font-weight: 600; font-size: .85rem; opacity: .75; }
.bad { color: #c62f2f; }
.ok { color: #1a7f4b; }
@media (prefers-color-scheme: dark) { .bad { color: #ff8a80; } .ok { color: #5fd39a; } }
`;

// Everything from the server is set as text, never as markup.
const SCRIPT = `
const chinese = navigator.language.startsWith('zh');
const word = (en, zh) => (chinese ? zh : en);
document.documentElement.lang = chinese ? 'zh-CN' : 'en';
for (const element of document.querySelectorAll('[data-zh]')) {
  if (chinese) element.textContent = element.dataset.zh;
}
const time = (iso) => (iso === null ? '' : new Date(iso).toLocaleTimeString());
const outcome = (value) => ({ text: value === 0 ? 'ok' : String(value), className: value === 0 ? 'ok' : 'bad' });

function fill(id, rows, empty) {
  const lines = rows.length > 0 ? rows : [[{ text: empty, className: '' }]];
  document.getElementById(id).replaceChildren(...lines.map((cells) => {
    const line = document.createElement('tr');
    line.append(...cells.map((cell) => Object.assign(document.createElement('td'),
      typeof cell === 'object' ? { textContent: cell.text, className: cell.className } : { textContent: cell })));
    return line;
  }));
}

function show(state) {
  document.getElementById('account').textContent = state.appId + ' · ' + new Date(state.now).toLocaleString();
  fill('users', state.users.slice(0, 50).map((user) =>
    [user.name, user.openid, user.phoneNumber, String(user.logins), time(user.lastLoginAt)]),
    word('Nobody has logged in yet.', '还没有用户登录。'));
  fill('tokens', state.tokens.map((token) => [token.endpoint, token.token, token.leftSeconds + ' s']),
    word('None is valid.', '没有有效的 token。'));
  fill('faults', state.faults.map(({ kind, path, times, ...rest }) =>
    [kind, path || word('every call', '所有调用'), String(times), JSON.stringify(rest)]),
    word('None: all calls are answered.', '无:所有调用正常响应。'));
  fill('calls', state.calls.slice(0, 100).map((call) =>
    [time(call.at), call.method, call.path, outcome(call.outcome), call.rid]),
    word('None yet.', '暂无调用。'));
}

async function refresh() {
  const status = document.getElementById('status');
  try {
    show(await (await fetch('/_sim/state')).json());
    status.textContent = '';
  } catch {
    status.textContent = word('The simulator does not answer.', '模拟器没有响应。');
  }
  setTimeout(refresh, 2000);
}
refresh();
`;

const table = (
  id: string,
  title: readonly [string, string],
  heads: readonly (readonly [string, string])[],
) => `
<h2 data-zh="${title[1]}">${title[0]}</h2>
<div class="scroll"><table>
<thead><tr>${heads.map(([en, zh]) => `<th data-zh="${zh}">${en}</th>`).join('')}</tr></thead>
<tbody id="${id}"></tbody>
</table></div>`;

/** What the simulator shows in a browser: users, tokens, faults and calls, refreshed every 2 s. */
export const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Maque · WeChat simulator</title>
<style>${STYLE}</style>
<h1 data-zh="微信模拟器">WeChat simulator</h1>
<p id="account"></p>
<p data-zh="任何形如 demo-1 的登录 code 都代表该用户,可反复使用;phone-demo-1 是其手机号 code。">Any login code such as demo-1 is that user, again and again; phone-demo-1 is the code of their phone number.</p>
<p id="status" class="bad" role="status"></p>
${table(
  'users',
  ['Users', '用户'],
  [
    ['Name', '名称'],
    ['openid', 'openid'],
    ['Phone', '手机号'],
    ['Logins', '登录次数'],
    ['Last login', '最近登录'],
  ],
)}
${table(
  'tokens',
  ['Access tokens', '接口调用凭证'],
  [
    ['Endpoint', '来源'],
    ['Token', 'token'],
    ['Left', '剩余'],
  ],
)}
${table(
  'faults',
  ['Faults that wait', '待触发的故障'],
  [
    ['Kind', '类型'],
    ['Path', '路径'],
    ['Calls', '次数'],
    ['Details', '详情'],
  ],
)}
${table(
  'calls',
  ['Calls', '最近调用'],
  [
    ['Time', '时间'],
    ['Method', '方法'],
    ['Path', '路径'],
    ['Outcome', '结果'],
    ['rid', 'rid'],
  ],
)}
<script>${SCRIPT}</script>
</html>
`;

const scriptHash = hash('sha256', SCRIPT, 'base64');

/** Nothing but this script and style may run on the page, and it may talk to the simulator only. */
export const pagePolicy = [
  "default-src 'none'",
  "connect-src 'self'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${scriptHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
