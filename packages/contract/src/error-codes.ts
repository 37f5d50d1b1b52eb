import { defineErrors } from '@maque/kit';

/** Every error code that a Maque server can answer with. A code is on the wire for ever: never rename or reuse one. */
export const errors = defineErrors({
  BAD_REQUEST: {
    status: 400,
    message: { en: 'The request is not well-formed HTTP', zh: '请求不是合法的 HTTP' },
  },
  BAD_JSON: { status: 400, message: { en: 'The body is not valid JSON', zh: '请求体不是合法的 JSON' } },
  VALIDATION_FAILED: { status: 400, message: { en: 'The request is not valid', zh: '请求参数不合法' } },
  FILTER_INVALID: {
    status: 400,
    message: { en: 'The filter is not valid: {reason}', zh: '过滤条件不合法：{reason}' },
  },
  QUERY_TOO_COSTLY: {
    status: 400,
    message: {
      en: 'This would take the server too long; filter and sort by what is indexed',
      zh: '该查询耗时过长，请按有索引的字段过滤和排序',
    },
  },
  SORT_INVALID: { status: 400, message: { en: 'Cannot sort by {field}', zh: '不能按 {field} 排序' } },
  FIELDS_INVALID: {
    status: 400,
    message: { en: 'There is no field {field} to choose', zh: '没有可选的字段 {field}' },
  },
  EXPAND_INVALID: {
    status: 400,
    message: {
      en: 'Cannot expand {field}: {reason}',
      zh: '不能展开 {field}：{reason}',
    },
  },
  CURSOR_INVALID: {
    status: 400,
    message: {
      en: 'The cursor is not one that this server gave for this list',
      zh: '游标无效，不是本列表给出的',
    },
  },
  AUTH_REQUIRED: { status: 401, message: { en: 'Log in first', zh: '请先登录' } },
  TOKEN_INVALID: { status: 401, message: { en: 'The token is not valid', zh: '登录凭证无效' } },
  TOKEN_EXPIRED: { status: 401, message: { en: 'The token has expired', zh: '登录已过期' } },
  LOGIN_CODE_INVALID: {
    status: 401,
    message: {
      en: 'The login code is invalid, expired or already used',
      zh: '登录 code 无效、已过期或已被使用',
    },
  },
  LOGIN_REFUSED: {
    status: 403,
    message: { en: 'WeChat refuses this user as a risk', zh: '微信判定该用户有风险，拒绝登录' },
  },
  ADMIN_CREDENTIALS_WRONG: {
    status: 401,
    message: { en: 'Name or password is wrong', zh: '用户名或密码错误' },
  },
  ADMIN_LINK_INVALID: {
    status: 401,
    message: { en: 'The one-time link is used or has expired', zh: '一次性链接已使用或已过期' },
  },
  LOGIN_APP_UNKNOWN: {
    status: 400,
    message: { en: 'This server does not serve that mini-program', zh: '服务器未接入该小程序' },
  },
  PHONE_CODE_INVALID: {
    status: 400,
    message: {
      en: 'The code of the phone button is invalid, expired or already used',
      zh: '手机号 code 无效、已过期或已被使用',
    },
  },
  TOTP_REQUIRED: {
    status: 401,
    message: { en: 'The six digits of your authenticator are needed too', zh: '还需要验证器上的 6 位动态码' },
  },
  TOTP_WRONG: {
    status: 401,
    message: { en: 'The code is wrong or was used before', zh: '动态码错误或已使用过' },
  },
  TOTP_NOT_BEGUN: {
    status: 409,
    message: { en: 'Ask for a new secret of the authenticator first', zh: '请先获取新的验证器密钥' },
  },
  TOTP_MANDATORY: {
    status: 409,
    message: { en: 'This server demands an authenticator of its staff', zh: '服务器要求员工使用验证器' },
  },
  LAST_ADMIN: {
    status: 409,
    message: { en: 'Somebody must be left who may do everything', zh: '至少要保留一位管理员' },
  },
  LIMIT_REACHED: {
    status: 409,
    message: { en: 'There are {max} of these already, which is the most', zh: '数量已达上限 {max}' },
  },
  ERASURE_UNDECLARED: {
    status: 501,
    message: {
      en: 'The app does not say what becomes of a user in: {collections}',
      zh: '应用未声明注销用户时如何处理以下集合：{collections}',
    },
  },
  FORBIDDEN: { status: 403, message: { en: 'This is not allowed', zh: '没有权限' } },
  NOT_FOUND: { status: 404, message: { en: 'There is nothing here', zh: '不存在' } },
  METHOD_NOT_ALLOWED: {
    status: 405,
    message: { en: 'This method is not allowed here', zh: '不支持该请求方法' },
  },
  CONFLICT: { status: 409, message: { en: 'A record with the same {field} exists', zh: '{field} 已存在' } },
  RECORD_IN_USE: {
    status: 409,
    message: { en: 'Other records refer to this one', zh: '有其他记录引用了该记录' },
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    message: {
      en: 'This Idempotency-Key came with another request before; a new request takes a new key',
      zh: '该 Idempotency-Key 已用于另一个请求，新的请求请使用新的 key',
    },
  },
  PRECONDITION_FAILED: {
    status: 412,
    message: {
      en: 'The record has changed meanwhile: read it again',
      zh: '记录已被修改，请重新读取',
    },
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: { en: 'The body is larger than {limit}', zh: '请求体超过 {limit}' },
  },
  MEDIA_TYPE_UNSUPPORTED: {
    status: 415,
    message: { en: 'Send application/json', zh: '请发送 application/json' },
  },
  UPLOAD_INVALID: {
    status: 400,
    message: {
      en: 'Send multipart/form-data with one file in it',
      zh: '请以 multipart/form-data 发送一个文件',
    },
  },
  FILE_KIND_UNSUPPORTED: {
    status: 415,
    message: {
      en: 'This is none of the kinds of files taken here: {kinds}',
      zh: '只接受以下类型的文件：{kinds}',
    },
  },
  UPLOAD_QUOTA_EXCEEDED: {
    status: 409,
    message: {
      en: 'There is no room for this file: a user keeps {files} files and {bytes} at most',
      zh: '空间不足：每位用户最多保存 {files} 个文件，共 {bytes}',
    },
  },
  UPLOAD_NOT_DIRECT: {
    status: 409,
    message: {
      en: 'Files are kept on this server: send them to POST /api/uploads',
      zh: '文件保存在本服务器上，请直接上传到 POST /api/uploads',
    },
  },
  UPLOAD_NOT_ARRIVED: {
    status: 409,
    message: {
      en: 'The file has not arrived in the store: send it there first, with the fields of the ticket',
      zh: '存储中还没有该文件，请先按凭据中的字段上传',
    },
  },
  FILE_PRIVATE: {
    status: 403,
    message: {
      en: 'This file is private: load it by a link of POST /api/uploads/links, which ends after an hour or two',
      zh: '私有文件：请用 POST /api/uploads/links 给出的链接下载，链接一两个小时后失效',
    },
  },
  THUMBNAIL_UNSUPPORTED: {
    status: 415,
    message: {
      en: 'There is no smaller picture of this file: it is none, is damaged or too large',
      zh: '该文件没有缩略图：不是图片、已损坏或过大',
    },
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    message: { en: 'The address and headers are too large', zh: '请求地址与请求头过大' },
  },
  URI_TOO_LONG: { status: 414, message: { en: 'The address is too long', zh: '请求地址过长' } },
  TOO_MANY_REQUESTS: { status: 429, message: { en: 'Too many requests', zh: '请求过于频繁' } },
  INTERNAL: { status: 500, message: { en: 'Something went wrong here', zh: '服务器内部错误' } },
  WECHAT_UNAVAILABLE: { status: 502, message: { en: 'WeChat does not answer', zh: '微信接口暂不可用' } },
  WECHAT_OFF: {
    status: 503,
    message: { en: 'This server has no AppID of a mini-program', zh: '服务器未配置小程序 AppID' },
  },
  WECHAT_PUSH_OFF: {
    status: 404,
    message: { en: 'This server takes no message push', zh: '服务器未开启消息推送' },
  },
  WECHAT_USER_UNKNOWN: {
    status: 409,
    message: { en: 'This user has not logged in by WeChat', zh: '该用户未通过微信登录' },
  },
  MESSAGE_INVALID: {
    status: 400,
    message: { en: 'WeChat would not take this message', zh: '消息内容不符合微信的规则' },
  },
  PAYMENTS_OFF: {
    status: 503,
    message: { en: 'This server has no merchant account of WeChat Pay', zh: '服务器未开通微信支付' },
  },
  PAYMENT_DONE: { status: 409, message: { en: 'This is paid already', zh: '已支付，请勿重复支付' } },
  PAYMENT_CHANGED: {
    status: 409,
    message: {
      en: 'A payment of another amount or by another user is open for this; close it first',
      zh: '该订单已有金额或付款人不同的支付，请先关闭',
    },
  },
  PAYMENT_UNKNOWN: { status: 404, message: { en: 'Nothing was paid for this', zh: '没有对应的已支付款项' } },
  REFUND_TOO_LARGE: {
    status: 409,
    message: {
      en: 'All refunds together would be more than was paid',
      zh: '退款总额超过支付金额',
    },
  },
  REFUNDS_USED_UP: {
    status: 409,
    message: { en: 'WeChat Pay refunds one payment {max} times at most', zh: '同一笔支付最多退款 {max} 次' },
  },
  REFUND_CHANGED: {
    status: 409,
    message: {
      en: 'A refund of this name has another amount; another refund needs another name',
      zh: '同名退款的金额不同；另一笔退款请使用其他名称',
    },
  },
  OVERLOADED: {
    status: 503,
    message: { en: 'The server is busy; try again shortly', zh: '服务器繁忙，请稍后再试' },
  },
  SHUTTING_DOWN: { status: 503, message: { en: 'This worker is stopping', zh: '服务正在停止' } },
  INDEX_MISSING: {
    status: 400,
    message: {
      en: 'This list would read all of the {rows} records of {collection}; declare {declaration} there',
      zh: '该列表需要读取 {collection} 的全部 {rows} 条记录；请为它声明 {declaration}',
    },
  },
  DATABASE_BUSY: { status: 503, message: { en: 'The database is busy', zh: '数据库繁忙' } },
  // What nginx answers when a server takes too long.
  ANSWER_TIMEOUT: { status: 504, message: { en: 'The answer took too long to make', zh: '处理超时' } },
  REQUEST_TIMEOUT: { status: 408, message: { en: 'The request took too long to arrive', zh: '请求超时' } },
});

export type ErrorCode = keyof typeof errors;
