export type * from './pay-types.ts';
