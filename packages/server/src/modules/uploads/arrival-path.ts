/** Where OSS reports files that have arrived, under the public address. */
export const ARRIVAL_PATH = '/api/uploads/arrived';
