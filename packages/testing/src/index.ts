export { eventually } from './eventually.js';
export { History, type Step, stepKinds } from './history.js';
export type { Answer, Caller } from './http.js';
export { type Fact, type Group, oneByOne, regrouped } from './regrouped.js';
export { type RunningSandbox, sandboxControl } from './sandbox.js';
export { type Batch, type DeliverOptions, startApp, type TestApp } from './start-app.js';
