export { eventually } from './eventually.js';
export type { Answer, Caller } from './http.js';
export { type RunningSandbox, sandboxControl } from './sandbox.js';
export { type Batch, type DeliverOptions, startApp, type TestApp } from './start-app.js';
