export { ApiError, type ApiErrorOptions, type ClientErrorCode, type ClientLanguage } from './api-error.ts';
export type {
  AppShape,
  ChangesOf,
  CollectionName,
  CollectionShape,
  FieldShape,
  NewRecordOf,
  RecordOf,
} from './app-types.ts';
export type { BatchResults, BatchStep, BatchSteps } from './batch.ts';
export { type Client, type ClientOptions, createClient, type MeChanges } from './client.ts';
export type {
  CollectionClient,
  CreateOptions,
  ListOptions,
  NearQuery,
  ViewOptions,
} from './collection-client.ts';
export type { ExpandPath } from './expand-types.ts';
export { createFetchTransport, type Fetch } from './fetch-transport.ts';
export { Filter, type FilterValue, filter } from './filter.ts';
export type { PaymentOutcome, PaymentParameters } from './payment.ts';
export {
  type ApiPath,
  type ApiRequest,
  createRequester,
  type QueryValue,
  type Requester,
  type RequesterOptions,
} from './requester.ts';
export type { RetryPolicy } from './retry.ts';
export type { LoginCodeSource } from './session.ts';
export type { SubscriptionAnswers } from './subscription.ts';
export type { TokenStorage } from './token-storage.ts';
export {
  type FileBlob,
  type FileToSend,
  type Method,
  type Transport,
  type TransportAnswer,
  TransportFault,
  type TransportRequest,
} from './transport.ts';
export type { UpdateCondition } from './update-condition.ts';
export type { UploadOptions } from './upload.ts';
