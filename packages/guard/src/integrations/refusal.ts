/** What is answered to a request that is turned away, in the shape of Maque's other errors. */
export const REFUSAL = Object.freeze({
  status: 503,
  contentType: 'application/json; charset=utf-8',
  body: '{"error":{"code":"OVERLOADED","message":"Too much to do at the moment, please try again"}}',
});
