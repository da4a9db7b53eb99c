import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { Failure } from './failure.ts';
import { lastLines, type Processes } from './processes.ts';
import { ROOT } from './root.ts';

export interface KafkaOptions {
  readonly processes: Processes;
  readonly port: number;
  readonly controllerPort: number;
  /** A second door, which tells its clients to come to another port: that of somebody who stands between. Not with Docker. */
  readonly sideDoor?: SideDoor;
  readonly log: (line: string) => void;
}
export interface SideDoor {
  readonly port: number;
  readonly advertised: number;
}
export interface RunningKafka {
  readonly brokers: string;
  /** How we came by it, for a person. */
  readonly how: string;
  stop(): Promise<void>;
}

const HOME = join(ROOT, 'infra/kafka');
const NO_BROKER = 'There is no Kafka broker: set KAFKA_BROKERS, or install Java 17 (or newer) and Maven, or Docker.';

/** Starts a real broker: with Java and Maven as a child process, else with Docker. */
export async function startKafka(options: KafkaOptions): Promise<RunningKafka> {
  if (javaVersion() >= 17 && (haveJars() || works('mvn', ['-v']))) return startWithJava(options);
  if (works('docker', ['compose', 'version']) && works('docker', ['info'])) return startWithDocker(options.log);
  throw new Failure(NO_BROKER);
}

/** Waits until the cluster answers an admin client: an open port is not enough. */
export async function brokerAnswers(brokers: string, timeoutMs: number, dead: () => boolean = () => false): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!dead() && Date.now() < deadline) {
    const admin = client(brokers).admin();
    try {
      await admin.connect();
      if ((await admin.describeCluster()).brokers.length > 0) return true;
    } catch {
      await new Promise((done) => setTimeout(done, 200));
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }
  return false;
}

export const client = (brokers: string) => {
  const { KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = process.env;
  return new Kafka({
    clientId: 'gatehouse-local',
    brokers: brokers.split(',').map((broker) => broker.trim()),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2_000,
    retry: { retries: 1, initialRetryTime: 100 },
    ...(username && password ? { ssl: true, sasl: { mechanism: 'scram-sha-512' as const, username, password } } : {}),
  });
};

async function startWithJava({ processes, port, controllerPort, sideDoor, log }: KafkaOptions): Promise<RunningKafka> {
  if (!haveJars()) await fetchJars(log);
  const home = join(processes.dataDir, 'kafka');
  const data = join(home, 'data');
  mkdirSync(home, { recursive: true });
  const settings = join(home, 'server.properties');
  writeFileSync(settings, properties(port, controllerPort, data, sideDoor));
  const classpath = join(jars(), '*');
  if (!existsSync(join(data, 'meta.properties'))) format(classpath, settings, data);
  const args = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classpath, 'kafka.Kafka', settings];
  const child = processes.spawn('kafka', 'java', args, { rank: 0 });
  const brokers = `127.0.0.1:${port}`;
  if (!(await brokerAnswers(brokers, 90_000, () => child.exit !== undefined))) {
    throw new Failure(`Kafka does not start: ${lastLines(child.logFile, 1)} (log: ${child.logFile}).`);
  }
  return { brokers, how: `Apache Kafka ${kafkaVersion()} (Java)`, stop: () => processes.stop('kafka') };
}

const properties = (port: number, controllerPort: number, data: string, sideDoor?: SideDoor) => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}${sideDoor ? `,SIDE://127.0.0.1:${sideDoor.port}` : ''}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}${sideDoor ? `,SIDE://127.0.0.1:${sideDoor.advertised}` : ''}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SIDE:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=${data}
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=8
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
`;

function format(classpath: string, settings: string, data: string): void {
  rmSync(data, { recursive: true, force: true }); // half formatted by somebody who was stopped
  const id = randomBytes(16).toString('base64url').replace(/^-/, 'A');
  const args = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-cp', classpath];
  const done = spawnSync('java', [...args, 'kafka.tools.StorageTool', 'format', '-t', id, '-c', settings], { encoding: 'utf8' });
  if (done.status !== 0) throw new Failure(`Kafka's data folder cannot be made: ${(done.stderr || done.stdout).trim().split('\n').at(-1)}`);
}

const POM = join(HOME, 'pom.xml');
const kafkaVersion = () => /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(readFileSync(POM, 'utf8'))?.[1] ?? '';
const jars = () => join(HOME, 'libs', createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 12));
const haveJars = () => existsSync(jars());

/** Fetches the jars into a folder named after the pom, in one step: a broken-off fetch leaves nothing that looks whole. */
async function fetchJars(log: (line: string) => void): Promise<void> {
  log(`Fetching Apache Kafka ${kafkaVersion()} from Maven Central (44 MB, once) …`);
  const part = `${jars()}.${process.pid}`;
  const args = ['-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${part}`];
  const maven = spawn('mvn', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [maven.stdout, maven.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-20_000);
    });
  }
  let fetched = 0;
  maven.stdout.on('data', (chunk: string) => {
    fetched += chunk.match(/Downloaded from/g)?.length ?? 0;
  });
  const progress = setInterval(() => log(`  … ${fetched} files fetched`), 3_000);
  const code = await new Promise<number | null>((done) => maven.once('exit', done).once('error', () => done(127)));
  clearInterval(progress);
  if (code !== 0) {
    rmSync(part, { recursive: true, force: true });
    const why = /\[ERROR\]\s*(.*)/.exec(text)?.[1] ?? `mvn ended with ${code}`;
    throw new Failure(`The Kafka jars cannot be fetched (${why}): set KAFKA_BROKERS to use a broker of yours.`);
  }
  mkdirSync(join(HOME, 'libs'), { recursive: true });
  if (!haveJars()) renameSync(part, jars());
  else rmSync(part, { recursive: true, force: true });
  for (const old of readdirSync(join(HOME, 'libs'))) {
    if (join(HOME, 'libs', old) !== jars() && !old.includes('.')) rmSync(join(HOME, 'libs', old), { recursive: true, force: true });
  }
}

async function startWithDocker(log: (line: string) => void): Promise<RunningKafka> {
  log('Starting Kafka with Docker (the image is fetched once) …');
  const up = spawnSync('docker', ['compose', 'up', '-d', 'kafka'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (up.status !== 0) throw new Failure('Docker cannot start the Kafka container: its message is above.');
  const brokers = '127.0.0.1:19092';
  if (!(await brokerAnswers(brokers, 120_000))) throw new Failure('Kafka in Docker does not answer: see "docker compose logs kafka".');
  const stop = async () => void spawnSync('docker', ['compose', 'stop', 'kafka'], { cwd: ROOT, stdio: 'ignore' });
  return { brokers, how: 'Apache Kafka (Docker)', stop };
}

function javaVersion(): number {
  const told = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(told.stderr ?? '')?.[1] ?? 0);
}

const works = (file: string, args: readonly string[]) => spawnSync(file, args, { stdio: 'ignore', timeout: 15_000 }).status === 0;
