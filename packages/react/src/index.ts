export { type Answer, ApiProblem, type Asking, Client, type ClientOptions, type Method } from './client.js';
export * from './hooks.js';
export { keys } from './keys.js';
export { Live, type Signal } from './live.js';
export { GatehouseProvider, useGatehouse } from './provider.js';
export { RunFeed, type RunFeedView } from './run-feed.js';
export * from './run-hooks.js';
export { Stream, type StreamState } from './stream.js';
export { type List, search, useList } from './use-list.js';
