/** English, Chinese: the script puts the second one in where the browser speaks Chinese. */
type Both = readonly [en: string, zh: string];

const text = (tag: string, [en, zh]: Both, attributes = '') =>
  `<${tag} data-zh="${zh}"${attributes}>${en}</${tag}>`;

const option = (value: string, words: Both) => text('option', words, ` value="${value}"`);

const field = (words: Both, control: string) => `<label>${text('span', words)}${control}</label>`;

const table = (id: string, heads: readonly Both[]) => `
<div class="scroll"><table>
<thead><tr>${heads.map((words) => text('th', words, ' scope="col"')).join('')}</tr></thead>
<tbody id="${id}"></tbody>
</table></div>`;

const TABS: readonly (readonly [id: string, words: Both])[] = [
  ['payments', ['Payments', '支付']],
  ['pushes', ['Pushes', '推送']],
  ['faults', ['Faults', '故障']],
  ['calls', ['Calls', '调用']],
  ['people', ['Users and tokens', '用户与凭证']],
];

const tab = ([id, words]: (typeof TABS)[number], index: number) =>
  `<button type="button" role="tab" id="tab-${id}" aria-controls="panel-${id}" aria-selected="${index === 0}" tabindex="${index === 0 ? 0 : -1}">${text('span', words)}<span class="count" id="count-${id}"></span></button>`;

const panel = (id: string, content: string, hidden = true) =>
  `<section class="panel" role="tabpanel" id="panel-${id}" aria-labelledby="tab-${id}" tabindex="-1"${hidden ? ' hidden' : ''}>${content}</section>`;

const PHONE = `
<section class="phone" aria-labelledby="phone-title">
<div class="bar">${text('strong', ['Phone of', '手机'], ' id="phone-title"')}
<select id="person" aria-labelledby="phone-title"></select>
<span class="grow"></span>
${text('button', ['Open app', '打开小程序'], ' type="button" class="small" id="open"')}</div>
<div class="feed" id="feed" role="log" aria-labelledby="phone-title" tabindex="0"></div>
<details>${text('summary', ['Subscribe to messages', '订阅消息'])}<ul id="rights"></ul></details>
<form id="chat" class="row">
<input id="chat-text" class="grow" maxlength="2000" autocomplete="off" data-zh-hint="给客服写点什么" placeholder="Write to customer service" aria-label="Write to customer service" data-zh-label="给客服写点什么">
${text('button', ['Send', '发送'], ' class="main"')}
</form>
</section>`;

const PAYMENTS = `
${text('h2', ['Payments', '支付单'])}
${table('payments', [
  ['Number', '商户单号'],
  ['User', '用户'],
  ['Amount', '金额'],
  ['State', '状态'],
  ['Server told', '通知'],
  ['Shipping', '发货'],
  ['', ''],
])}
${text('h2', ['Refunds', '退款'])}
${table('refunds', [
  ['Number', '退款单号'],
  ['Of', '商户单号'],
  ['Amount', '金额'],
  ['State', '状态'],
  ['Server told', '通知'],
  ['', ''],
])}
${text('h2', ['Notifications', '支付通知'])}
${table('notifications', [
  ['Time', '时间'],
  ['Event', '事件'],
  ['Number', '单号'],
  ['Try', '次数'],
  ['Forgery', '伪造'],
  ['Outcome', '结果'],
])}`;

const PUSHES = `
<p><span id="target" class="mono"></span> ${text('button', ['Check the URL', '验证 URL'], ' type="button" class="small" id="check-url"')}</p>
<form id="push">
<div class="row">
${field(['Message', '消息'], '<select id="push-kind"></select>')}
${field(
  ['Sent as', '发送方式'],
  `<select id="push-forgery">
${option('', ['WeChat does', '正常'])}
${option('signature', ['wrong signature', '签名错误'])}
${option('body', ['changed body', '内容被改'])}
${option('old', ['6 minutes old', '6 分钟前'])}
${option('replay', ['replay', '重放'])}
${option('app-id', ['wrong AppID', 'AppID 错误'])}
${option('key', ['wrong key', '密钥错误'])}
${option('plain', ['not encrypted', '未加密'])}
</select>`,
)}
${field(['Times', '次数'], '<input id="push-times" type="number" min="1" max="10" value="1">')}
${text('button', ['Send push', '发送推送'], ' class="main"')}
</div>
<p><textarea id="push-fields" spellcheck="false" aria-label="Fields as JSON" data-zh-label="JSON 字段"></textarea></p>
</form>
${text('h2', ['Sent', '已发送'])}
${table('pushes', [
  ['Time', '时间'],
  ['Message', '消息'],
  ['State', '状态'],
  ['Tries and answers', '尝试与响应'],
])}`;

const FAULTS = `
<form id="fault" class="row">
${field(
  ['What goes wrong', '故障'],
  `<select id="fault-kind">
${option('latency', ['slow answer', '响应变慢'])}
${option('errcode', ['errcode', '错误码'])}
${option('pay-error', ['error of WeChat Pay', '微信支付报错'])}
${option('html', ['HTML page of a gateway', '网关 HTML 页面'])}
${option('drop', ['connection breaks', '连接断开'])}
${option('text-plain', ['JSON as text/plain', 'JSON 标为 text/plain'])}
${option('push', ['push goes wrong', '推送异常'])}
${option('kill-token', ['access tokens die', '凭证失效'])}
${option('rotate-session-keys', ['session keys change', '会话密钥更换'])}
${option('clock-skew', ['clock is wrong', '时钟偏差'])}
</select>`,
)}
<label data-for="latency clock-skew push">${text('span', ['Milliseconds', '毫秒'])}<input id="fault-ms" type="number" value="2000"></label>
<label data-for="errcode">${text('span', ['errcode', '错误码'])}<input id="fault-errcode" type="number" value="-1" list="errcodes"></label>
<label data-for="pay-error">${text('span', ['Status', 'HTTP 状态'])}<input id="fault-status" type="number" value="500" min="400" max="599"></label>
<label data-for="pay-error">${text('span', ['Code', '错误码'])}<input id="fault-code" value="SYSTEM_ERROR"></label>
<label data-for="push">${text('span', ['How', '方式'])}<select id="fault-how">
${option('lost', ['lost', '丢失'])}
${option('repeated', ['comes twice', '重复'])}
${option('delayed', ['delayed', '延迟'])}
${option('signature', ['wrong signature', '签名错误'])}
${option('old', ['6 minutes old', '6 分钟前'])}
</select></label>
<label data-for="latency errcode pay-error html drop text-plain">${text('span', ['Path; empty for all', '路径；空为全部'])}<input id="fault-path" list="paths" class="mono"></label>
<label data-for="latency errcode pay-error html drop text-plain push">${text('span', ['Times', '次数'])}<input id="fault-times" type="number" value="1" min="1"></label>
${text('button', ['Inject', '注入'], ' class="main"')}
${text('button', ['Clear all', '全部清除'], ' type="button" id="clear-faults"')}
</form>
<datalist id="errcodes"><option value="-1"><option value="45009"><option value="45011"><option value="43101"><option value="40001"><option value="61010"></datalist>
<datalist id="paths"></datalist>
${text('h2', ['Waiting', '待触发'])}
${table('faults', [
  ['What', '类型'],
  ['Where', '位置'],
  ['Times left', '剩余次数'],
  ['Details', '详情'],
])}
${text('h2', ['Notifications of WeChat Pay', '微信支付通知'])}
<form id="behaviour" class="row">
${field(['Lost, %', '丢失 %'], '<input id="behave-lost" type="number" min="0" max="100" value="0">')}
${field(['Repeated, %', '重复 %'], '<input id="behave-repeated" type="number" min="0" max="100" value="0">')}
${field(['Out of order, %', '乱序 %'], '<input id="behave-delayed" type="number" min="0" max="100" value="0">')}
${field(['Forged beside, %', '附带伪造 %'], '<input id="behave-forged" type="number" min="0" max="100" value="0">')}
${text('button', ['Apply', '应用'])}
${text('button', ['New certificate', '更换平台证书'], ' type="button" id="rotate-certificate"')}
</form>`;

const CALLS = `
${text('h2', ['Calls of WeChat', '微信接口调用'])}
${table('calls', [
  ['Time', '时间'],
  ['Call', '接口'],
  ['Outcome', '结果'],
  ['rid', 'rid'],
])}
${text('h2', ['Calls of WeChat Pay', '微信支付接口调用'])}
${table('pay-calls', [
  ['Time', '时间'],
  ['Call', '接口'],
  ['Outcome', '结果'],
])}`;

const PEOPLE = `
${text('p', ['Any login code such as demo-1 is that user, again and again; phone-demo-1 is the code of their phone number.', '任何形如 demo-1 的登录 code 都代表该用户，可反复使用；phone-demo-1 是其手机号 code。'], ' class="quiet"')}
${text('h2', ['Users', '用户'])}
${table('users', [
  ['Name', '名称'],
  ['openid', 'openid'],
  ['Phone', '手机号'],
  ['Logins', '登录次数'],
  ['Last login', '最近登录'],
  ['', ''],
])}
${text('h2', ['Access tokens', '接口调用凭证'])}
${table('tokens', [
  ['Endpoint', '来源'],
  ['Token', 'token'],
  ['Left', '剩余'],
])}`;

export const pageMarkup = `
<header>
${text('h1', ['WeChat simulator', '微信模拟器'])}
<span id="account" class="mono quiet"></span>
<span class="grow" id="status" role="status"></span>
<span id="clock" class="mono"></span>
<button type="button" class="small" data-advance="300000">+5 min</button>
<button type="button" class="small" data-advance="7200000">+2 h</button>
<button type="button" class="small" data-advance="86400000">+1 d</button>
</header>
<main>
${PHONE}
<div>
<div class="tabs" role="tablist" aria-label="WeChat simulator">${TABS.map(tab).join('')}</div>
${panel('payments', PAYMENTS, false)}
${panel('pushes', PUSHES)}
${panel('faults', FAULTS)}
${panel('calls', CALLS)}
${panel('people', PEOPLE)}
</div>
</main>`;
