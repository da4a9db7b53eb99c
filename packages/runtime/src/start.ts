import 'reflect-metadata';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { CustomStrategy } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { BaseConfig } from './env.js';
import { configureLogs, log, nestLogger } from './logger.js';
import { measureRequests } from './metrics.js';
import { MICROSERVICE } from './tokens.js';
import { traceRequests } from './trace.js';

/** The error filter names it to whoever sends more. */
const BODY_LIMIT_BYTES = 256 * 1024;
const LAST_ANSWERS_MS = 3000;
const SHUTDOWN_LIMIT_MS = 25_000;
const starting = log('start');

type AppModule = Parameters<typeof NestFactory.create>[0];

export interface StartOptions {
  /** For Fastify plugins and hooks; called before any route exists. */
  fastify?: (instance: FastifyInstance) => void | Promise<void>;
  /** Keeps `request.rawBody`, for signatures over the bytes as received. */
  rawBody?: boolean;
}

/**
 * All of an app but its ears: modules, hooks, routes, and the handlers of its consumers; neither its port nor Kafka is touched. Tests use
 * it, too. Bodies over 256 kB are refused (413).
 */
export async function createApp(module: AppModule, config: BaseConfig, options: StartOptions = {}): Promise<NestFastifyApplication> {
  configureLogs(config);
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES, requestTimeout: 30_000 });
  const instance = adapter.getInstance() as unknown as FastifyInstance;
  traceRequests(instance);
  measureRequests(instance);
  endLongAnswers(instance);
  await options.fastify?.(instance);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    logger: nestLogger(),
    abortOnError: false,
    rawBody: options.rawBody ?? false,
  });
  const strategy = strategyOf(app);
  // Not the HTTP app's filter and guard: they would turn a failed batch into an answer that nobody reads.
  if (strategy) app.connectMicroservice({ strategy }, { inheritAppConfig: false });
  await app.init();
  return app;
}

/**
 * Starts an app: HTTP first, then its consumers. SIGTERM and SIGINT stop it in order (readiness off, consumers and workers drained, HTTP,
 * database) and it exits 0. What keeps it from starting is one sentence on stderr and exit code 1.
 */
export async function start(module: AppModule, config: BaseConfig, options: StartOptions = {}): Promise<void> {
  try {
    const app = await createApp(module, config, options);
    stopOnSignals(app);
    await app.listen(config.PORT, config.HOST);
    await app.startAllMicroservices();
    starting.info({ host: config.HOST, port: config.PORT, pid: process.pid }, `${config.app} is up`);
  } catch (error) {
    starting.debug({ err: error }, 'cannot start');
    process.stderr.write(`${config.app} cannot start: ${sentence(error, config)}\n`);
    process.exit(1);
  }
}

/** Stops this process in order, with exit code 1, so that whoever runs it starts a new one. */
export function giveUp(reason: string): void {
  starting.fatal({ reason }, 'giving up');
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
}

/** A request that is being answered gets its answer when the app stops; an open stream, which never ends by itself, would hold up every deploy. */
function endLongAnswers(instance: FastifyInstance): void {
  instance.addHook('preClose', (done) => {
    setTimeout(() => instance.server.closeAllConnections(), LAST_ANSWERS_MS).unref();
    done();
  });
}

function stopOnSignals(app: NestFastifyApplication): void {
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    starting.info({ signal }, 'stopping');
    setTimeout(() => {
      starting.fatal('did not stop in time');
      process.exit(1);
    }, SHUTDOWN_LIMIT_MS).unref();
    app.close().then(
      () => process.exit(),
      (err: unknown) => {
        starting.error({ err }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  process.on('uncaughtException', (err) => {
    starting.fatal({ err }, 'an error nobody caught');
    giveUp('an error nobody caught');
  });
}

function strategyOf(app: NestFastifyApplication): CustomStrategy['strategy'] | undefined {
  // Not app.get: Nest logs an error for what it does not find, and an app without consumers is none.
  const has = [...app.get(ModulesContainer).values()].some((module) => module.providers.has(MICROSERVICE));
  return has ? app.get(MICROSERVICE, { strict: false }) : undefined;
}

function sentence(error: unknown, { HOST, PORT }: BaseConfig): string {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'EADDRINUSE') return `port ${PORT} on ${HOST} is taken. Stop what uses it, or set PORT.`;
  if (code === 'EACCES') return `port ${PORT} on ${HOST} may not be opened by this user. Set PORT.`;
  return message ?? String(error);
}
