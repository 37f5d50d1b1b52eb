import type { SimulatorTemplate } from './templates.ts';

/**
 * What the simulated account has chosen from WeChat's library unless told otherwise: one of each occasion that a shop has,
 * with keys of every common kind. Real ids are 43 characters without a meaning.
 */
export const DEFAULT_TEMPLATES: readonly SimulatorTemplate[] = [
  {
    id: 'tmpl-paid',
    title: '支付成功通知',
    content:
      '订单编号：{{character_string1.DATA}}\n商品名称：{{thing2.DATA}}\n支付金额：{{amount3.DATA}}\n支付时间：{{time4.DATA}}\n',
  },
  {
    id: 'tmpl-shipped',
    title: '订单发货通知',
    content: '商品名称：{{thing1.DATA}}\n快递单号：{{character_string2.DATA}}\n',
  },
  {
    id: 'tmpl-refunded',
    title: '退款通知',
    content: '退款金额：{{amount1.DATA}}\n退款原因：{{thing2.DATA}}\n退款时间：{{time3.DATA}}\n',
  },
  {
    id: 'tmpl-appointment',
    title: '预约提醒',
    content:
      '预约项目：{{thing1.DATA}}\n预约日期：{{date2.DATA}}\n预约人：{{name3.DATA}}\n联系电话：{{phone_number4.DATA}}\n',
  },
  {
    id: 'tmpl-queue',
    title: '排队叫号通知',
    content: '排队号码：{{number1.DATA}}\n当前状态：{{phrase2.DATA}}\n温馨提示：{{thing3.DATA}}\n',
  },
  {
    id: 'tmpl-pickup',
    title: '取餐提醒',
    content: '取餐方式：{{enum_string1.DATA}}\n取餐号：{{character_string2.DATA}}\n',
    values: { enum_string1: ['自取', '外送', '堂食'] },
  },
  {
    id: 'tmpl-service',
    title: '服务进度通知',
    content: '服务名称：{{thing1.DATA}}\n办理进度：{{phrase2.DATA}}\n',
    longTerm: true,
  },
];
