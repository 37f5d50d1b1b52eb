export { createObjectStore } from './create-object-store.ts';
export { objectStoreErrors } from './object-store-errors.ts';
export type {
  ObjectFacts,
  ObjectRange,
  ObjectStore,
  ObjectStoreAccount,
  ObjectStoreKind,
  ObjectStoreOptions,
  OpenObject,
  PostForm,
  PostFormRequest,
  SignedUrlOptions,
  UploadCallback,
} from './object-store-types.ts';
export {
  createOssCallbackVerifier,
  type OssCallback,
  type OssCallbackVerifier,
  type OssCallbackVerifierOptions,
} from './oss-callback.ts';
