export { type ErrorCode, errors } from './error-codes.ts';
export { limits } from './limits.ts';
export type {
  AdminClaimRequest,
  AdminLoginAnswer,
  AdminLoginRequest,
  ErrorBody,
  LeakOutlook,
  ListQuery,
  LoginAnswer,
  LoginRequest,
  Me,
  Page,
  ProcessStatus,
  RecordBase,
  SessionView,
  SystemStatus,
  Upload,
  UploadLink,
  UploadLinksAnswer,
  UploadLinksRequest,
  UploadTicket,
  UploadTicketRequest,
} from './shapes.ts';
