/** Shows the state of the simulator, part by part. */
export const scriptSections = `
const TRADE = { NOTPAY: ['waits', '待支付', 'wait'], SUCCESS: ['paid', '已支付', 'ok'], CLOSED: ['closed', '已关闭', ''],
  REFUND: ['refunded', '转入退款', 'wait'], REVOKED: ['revoked', '已撤销', ''], USERPAYING: ['paying', '支付中', 'wait'], PAYERROR: ['failed', '支付失败', 'bad'],
  PROCESSING: ['under way', '处理中', 'wait'], ABNORMAL: ['abnormal', '异常', 'bad'] };
const NOTICE = { none: ['no', '无', 'quiet'], pending: ['not yet', '等待中', 'wait'], acknowledged: ['yes', '已确认', 'ok'], 'given up': ['given up', '已放弃', 'bad'] };
const ORDER = { 1: ['to ship', '待发货', 'wait'], 2: ['shipped', '已发货', 'ok'], 3: ['received', '确认收货', 'ok'], 4: ['finished', '交易完成', 'ok'], 5: ['refunded', '已退款', ''] };
const DELIVERY = { waiting: ['on its way', '发送中', 'wait'], delivered: ['delivered', '已送达', 'ok'], refused: ['refused', '未被接受', 'bad'], lost: ['lost', '丢失', 'bad'] };
const OUTCOME = { 200: ['200', '200', 'ok'], 204: ['204', '204', 'ok'], lost: ['lost', '丢失', 'bad'], timeout: ['no answer in time', '超时未应答', 'bad'], unreachable: ['not reachable', '无法连接', 'bad'], 'not this computer': ['not this computer', '不是本机地址', 'bad'] };

function tag(table, value) {
  const [en, zh, className] = table[value] ?? [String(value), String(value), ''];
  return make('span', { className: 'tag ' + className }, word(en, zh));
}

let chosen = 'demo-1';

function showPeople({ users }) {
  const names = [...new Set([...users.map((user) => user.name), 'demo-1', 'demo-2', chosen])];
  draw('person', [names, chosen], () => names.map((name) => make('option', { value: name, selected: name === chosen }, name)));
}

function messageCard(message) {
  const lines = message.lines.flatMap(({ label, value }) => [make('dt', {}, label), make('dd', {}, value)]);
  return make('article', { className: 'card' },
    make('h3', {}, make('span', { className: 'when' }, time(message.at)), message.title),
    make('dl', {}, ...lines),
    message.page === '' ? '' : make('footer', {}, word('Opens ', '打开 '), make('code', {}, message.page)));
}

function paymentCard(payment) {
  const number = payment.outTradeNo;
  return make('article', { className: 'card pay' },
    make('h3', {}, payment.description),
    make('div', { className: 'sum' }, money(payment.totalFen)),
    make('div', {},
      button(word('Pay', '支付'), 'pay ' + number, () => act('POST', '/_sim/pay', { outTradeNo: number }), 'main'), ' ',
      button(word('Close', '关闭'), 'refuse ' + number, () => act('POST', '/_sim/pay/refuse', { outTradeNo: number }), '')));
}

function showPhone(state) {
  const own = [
    ...state.messages.filter((message) => message.to === chosen).map((message) => ({ at: message.at, message })),
    ...state.chat.filter((line) => line.user === chosen).map((line) => ({ at: line.at, line })),
    ...state.payments.filter((payment) => payment.user === chosen && payment.state === 'NOTPAY')
      .map((payment) => ({ at: new Date(payment.createdAtMs).toISOString(), payment })),
  ].sort((one, other) => one.at.localeCompare(other.at));
  draw('feed', [chosen, own], () => (own.length === 0
    ? [make('p', { className: 'empty quiet' }, word('Messages, payments and the chat of this user show here.', '该用户收到的消息、待支付的订单和客服对话会显示在这里。'))]
    : own.map(({ message, line, payment }) => message ? messageCard(message)
      : payment ? paymentCard(payment) : make('div', { className: 'bubble ' + line.from }, line.text))));
  const feed = byId('feed');
  if (!feed.matches(':hover, :focus')) feed.scrollTop = feed.scrollHeight;
  const left = (id) => state.subscriptions.find((right) => right.user === chosen && right.templateId === id)?.left ?? 0;
  draw('rights', [chosen, state.templates.map(({ id, title }) => [id, title, left(id)])], () => state.templates.map(({ id, title }) => {
    const answer = (given) => () => act('POST', '/_sim/subscriptions', { user: chosen, templateIds: [id], answer: given });
    return make('li', {}, make('span', { className: 'grow', title: id }, title), said(left(id), 'tag'),
      button(word('Accept', '允许'), 'accept ' + id, answer('accept')),
      button(word('Reject', '拒绝'), 'reject ' + id, answer('reject')));
  }));
}

function showPayments({ payments, refunds, notifications }) {
  rows('payments', payments, (payment) => {
    const number = payment.outTradeNo;
    const body = { outTradeNo: number };
    const actions = make('span', { className: 'row' });
    if (payment.state === 'NOTPAY') {
      actions.append(button(word('Pay', '支付'), 'row pay ' + number, () => act('POST', '/_sim/pay', body), 'small main'),
        button(word('Refuse', '拒绝支付'), 'row refuse ' + number, () => act('POST', '/_sim/pay/refuse', body)),
        button(word('Expire', '超时'), 'row expire ' + number, () => act('POST', '/_sim/pay/expire', body)));
    } else if (payment.transactionId !== null) {
      actions.append(button(word('Notify again', '再次通知'), 'notify ' + number, () => act('POST', '/_sim/pay/notify', { number })));
      if (payment.orderState === 1) actions.append(button(word('Remind', '催发货'), 'remind ' + number, () => act('POST', '/_sim/orders/remind', body)));
      if (payment.orderState === 2) actions.append(button(word('Received', '确认收货'), 'receive ' + number, () => act('POST', '/_sim/orders/confirm', body)));
    }
    return [make('code', {}, number), payment.user, money(payment.totalFen) + (payment.refundedFen > 0 ? ' − ' + money(payment.refundedFen) : ''),
      tag(TRADE, payment.state), tag(NOTICE, payment.notice), payment.orderState === null ? '' : tag(ORDER, payment.orderState), actions];
  }, word('Nobody has been asked to pay yet.', '还没有支付单。'));
  rows('refunds', refunds, (refund) => {
    const number = refund.outRefundNo;
    const finish = (status) => () => act('POST', '/_sim/pay/finish-refund', { outRefundNo: number, status });
    const open = refund.status === 'PROCESSING' || refund.status === 'ABNORMAL';
    return [make('code', {}, number), make('code', {}, refund.outTradeNo), money(refund.refundFen), tag({ ...TRADE, SUCCESS: ['done', '已退款', 'ok'] }, refund.status), tag(NOTICE, refund.notice),
      open ? make('span', { className: 'row' }, button(word('Succeed', '退款成功'), 'refund ' + number, finish('SUCCESS')), button(word('Fail', '退款异常'), 'refund fails ' + number, finish('ABNORMAL'))) : ''];
  }, word('None.', '暂无。'));
  rows('notifications', notifications, (delivery) => [time(delivery.at), delivery.eventType, make('code', {}, delivery.number), String(delivery.attempt), delivery.forgery ?? '',
    delivery.outcome in OUTCOME ? tag(OUTCOME, delivery.outcome) : said(delivery.outcome, 'bad')], word('None.', '暂无。'));
}

function showPushes({ pushTarget, pushes }) {
  draw('target', pushTarget, () => [pushTarget === null ? word('Pushes go nowhere.', '未设置推送地址。') : pushTarget.url + ' · ' + pushTarget.mode + ' · ' + pushTarget.format]);
  rows('pushes', pushes, (push) => [time(push.at), make('span', {}, push.event, push.forgery === null ? '' : said(' ' + push.forgery, 'wait')), tag(DELIVERY, push.state),
    make('span', {}, ...push.tries.map((one) => make('div', {}, said((one.what === 'url-check' ? 'URL ' : '') + (one.status ?? one.error), one.ok ? 'ok' : 'bad'), ' ' + one.ms + ' ms ', make('code', {}, one.reply.slice(0, 300)))))],
  word('None yet.', '暂无推送。'));
}

function showFaults({ faults, calls }) {
  rows('faults', faults, ({ kind, path, event, times, ...rest }) => [kind, path ?? event ?? word('everywhere', '全部'), String(times), make('code', {}, JSON.stringify(rest))],
    word('None: all calls are answered.', '无：所有调用正常响应。'));
  const paths = [...new Set(calls.map((call) => call.path))];
  draw('paths', paths, () => paths.map((path) => make('option', { value: path })));
}

function showCalls({ calls, payCalls }) {
  rows('calls', calls, (call) => [time(call.at), make('span', { className: 'mono' }, call.method + ' ' + call.path), said(call.outcome === 0 ? 'ok' : call.outcome, call.outcome === 0 ? 'ok' : 'bad'), make('code', {}, call.rid)], word('None yet.', '暂无调用。'));
  rows('pay-calls', payCalls, (call) => [time(call.at), make('span', { className: 'mono' }, call.method + ' ' + call.path), said(call.outcome, call.outcome === 'SUCCESS' ? 'ok' : 'bad')], word('None yet.', '暂无调用。'));
}

function showAccounts({ users, tokens }) {
  rows('users', users, (user) => [user.name, make('code', {}, user.openid), user.phoneNumber, String(user.logins), time(user.lastLoginAt),
    make('span', { className: 'row' }, button(word('Login code', '登录 code'), 'code ' + user.name, () => act('POST', '/_sim/codes', { user: user.name })),
      button(word('Phone code', '手机号 code'), 'phone ' + user.name, () => act('POST', '/_sim/codes', { user: user.name, purpose: 'phone' })))],
  word('Nobody has logged in yet.', '还没有用户登录。'));
  // What is left changes all the time, and nobody needs it to the second.
  rows('tokens', tokens.map((token) => ({ ...token, leftSeconds: Math.ceil(token.leftSeconds / 60) })), (token) => [token.endpoint, make('code', {}, token.token), token.leftSeconds + ' min'], word('None is valid.', '没有有效的凭证。'));
}

function showHead(state) {
  byId('account').textContent = state.appId;
  const parts = [new Date(state.now).toLocaleTimeString()];
  if (state.clock.aheadMs > 0) parts.push('+' + Math.round(state.clock.aheadMs / 60000) + ' min');
  if (state.clock.skewMs !== 0) parts.push(word('wrong by ', '偏差 ') + state.clock.skewMs + ' ms');
  byId('clock').textContent = parts.join(' · ');
  const counts = { payments: state.payments.length, pushes: state.pushes.length, faults: state.faults.length, calls: state.calls.length + state.payCalls.length, people: state.users.length };
  for (const [id, count] of Object.entries(counts)) byId('count-' + id).textContent = count === 0 ? '' : String(count);
}

const parts = [showHead, showPeople, showPhone, showPayments, showPushes, showFaults, showCalls, showAccounts];
let state = null;
let failing = false;

async function refresh() {
  try {
    state = await ask('GET', '/_sim/state');
    if (failing) tell('');
    failing = false;
  } catch {
    failing = true;
    tell(word('The simulator does not answer.', '模拟器没有响应。'), 'bad');
    return;
  }
  for (const show of parts) show(state);
}
`;
