export * from './databases.ts';
export { Failure } from './failure.ts';
export { brokerAnswers, startKafka } from './kafka.ts';
export { freePort, freePortMap, freePorts, PORTS, type Ports } from './ports.ts';
export { postgresHome, startPostgres } from './postgres.ts';
export { lastLines, Processes } from './processes.ts';
export { DATA, ROOT } from './root.ts';
export { createTopics } from './topics.ts';
