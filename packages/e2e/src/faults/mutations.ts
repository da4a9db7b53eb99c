import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where built code lies, below the root. */
export const BUILT = {
  messaging: 'packages/messaging/dist',
  composio: 'packages/composio/dist',
  'agent-runner': 'apps/agent-runner/dist/src',
};

export interface Edit {
  /** Whose built code; packages/messaging unless said otherwise. */
  readonly of?: keyof typeof BUILT;
  readonly file: string;
  readonly find: string;
  readonly put: string;
}
export interface Mutation {
  readonly means: string;
  /** Known to do nothing that anybody can see. */
  readonly harmless?: boolean;
  readonly edits: readonly Edit[];
}

/** Safeguards of packages/messaging, each with the edits that take it out of the loaded code. Nothing in the product knows of them. */
export const mutations = {
  inbox: {
    means: 'events are not written down as handled, so a copy is handled again',
    edits: [
      {
        file: 'inbox.js',
        find: 'async function markAllHandled(em, topic, items) {',
        put: 'async function markAllHandled(em, topic, items) { return;',
      },
    ],
  },
  outbox: {
    means: 'events are told a quarter of a second after the commit, by a transaction of their own',
    edits: [
      { file: 'messenger.js', find: 'new OutboxWriter(() => relay.wake())', put: 'new OutboxWriter(() => relay.wake(), em)' },
      { file: 'outbox-buffer.js', find: 'import { smallints,', put: 'import { asSystem, smallints,' },
      {
        file: 'outbox-buffer.js',
        find: 'constructor(committed) {',
        put: 'constructor(committed, em) { this.em = em; this.outside = AsyncLocalStorage.snapshot();',
      },
      { file: 'outbox-buffer.js', find: 'await insert(transaction, rows);', put: 'later.set(transaction, rows);' },
      {
        file: 'outbox-buffer.js',
        find: 'async afterTransactionCommit({ transaction }) {',
        put: `async afterTransactionCommit({ transaction }) {
        const rows = transaction && later.get(transaction);
        const tell = () => asSystem(this.em, () => this.em.transactional((em) => insert(em.getKysely(), rows)));
        if (rows) this.outside(() => setTimeout(() => void tell().catch(() => undefined), 250));`,
      },
      { file: 'outbox-buffer.js', find: 'const wrote = new WeakSet();', put: 'const wrote = new WeakSet(); const later = new WeakMap();' },
    ],
  },
  contiguous: {
    means: 'the last offset of a chunk is committed, whatever was left behind in it',
    edits: [{ file: 'intake.js', find: '(index) => index < records.length && !waiting.has(records[index])', put: '() => true' }],
  },
  'commit-order': {
    means: 'the offset is committed before the database',
    edits: [
      {
        file: 'consumer-loop.js',
        find: 'const result = await this.intake.process(',
        put: 'batch.resolve(chunk.at(-1).offset); await batch.commit().catch(() => undefined); const result = await this.intake.process(',
      },
    ],
  },
  pause: {
    means: 'a database that is down is held against the event, and nothing pauses',
    edits: [
      { file: 'attempt.js', find: "if (kind === 'infrastructure')", put: 'if (false)' },
      { file: 'consumer-loop.js', find: 'giveBack(batch, error) {', put: 'giveBack(batch, error) { return;' },
    ],
  },
  'relay-order': {
    means: 'rows leave the outbox before the broker has them',
    edits: [
      {
        file: 'relay.js',
        find: 'await producer.send(part.map(',
        put: 'await this.queue.remove(part, shards); await producer.send(part.map(',
      },
    ],
  },
  'key-order': {
    means: 'events of a chunk are handled backwards',
    edits: [{ file: 'intake.js', find: 'items.sort(byKey)', put: 'items.reverse()' }],
  },
  fence: {
    means: 'a relay sends past its lease and deletes rows of shards that it has lost',
    harmless: true,
    edits: [
      { file: 'outbox-queue.js', find: ' and s.fence = f.fence', put: '' },
      { file: 'shard-leases.js', find: 'return performance.now() < this.until ? this.held : [];', put: 'return this.held;' },
    ],
  },
} satisfies Record<string, Mutation>;

/**
 * Safeguards between a user's runs and everybody else's accounts. The checks of the owner lie one behind the other and go all at once: each of
 * the last three alone is enough, the first two see a verdict that is wholly another user's.
 */
export const isolationMutations = {
  'owner-check': {
    means: 'nobody compares the owner of an account with the user of the run',
    edits: [
      { of: 'agent-runner', file: 'gate.client.js', find: 'if (answer.userId !== userId)', put: 'if (false)' },
      { of: 'agent-runner', file: 'tools/toolset.js', find: 'if (verdict.userId !== run.userId)', put: 'if (false)' },
      {
        of: 'agent-runner',
        file: 'tools/toolset.js',
        find: 'verdict.accounts.find(({ owner }) => owner !== run.userId)',
        put: 'undefined',
      },
      { of: 'agent-runner', file: 'tools/call-tool.js', find: 'if (tool.account.owner !== hand.userId)', put: 'if (false)' },
      { of: 'composio', file: 'tools/execute.js', find: 'if (r.owner !== r.account.owner)', put: 'if (false)' },
    ],
  },
  pin: {
    means: 'the account is the one that the model names',
    edits: [
      {
        of: 'agent-runner',
        file: 'tools/call-tool.js',
        find: 'account: tool.account,',
        put: 'account: { ...tool.account, id: args.connected_account_id ?? tool.account.id },',
      },
    ],
  },
  policy: {
    means: 'what should ask a person is done',
    edits: [
      {
        of: 'agent-runner',
        file: 'tools/policy.js',
        find: 'export function decide(',
        put: `export function decide(...given) {
          const ruling = asItIs(...given);
          return ruling.rule === 'ask' ? { rule: 'run', decision: 'allowed' } : ruling;
        }
        function asItIs(`,
      },
    ],
  },
} satisfies Record<string, Mutation>;

export const isMutation = (name: string): name is keyof typeof mutations => Object.hasOwn(mutations, name);
export const isIsolationMutation = (name: string): name is keyof typeof isolationMutations => Object.hasOwn(isolationMutations, name);

/** Every Node process started meanwhile loads our code with this safeguard taken out. */
export async function mutated<T>(name: keyof typeof mutations | keyof typeof isolationMutations, work: () => Promise<T>): Promise<T> {
  const { NODE_OPTIONS: before = '' } = process.env;
  const hook = pathToFileURL(join(import.meta.dirname, 'apply-mutation.js')).href;
  process.env.NODE_OPTIONS = `${before} --import ${hook}`.trim();
  process.env.GATEHOUSE_WITHOUT = name;
  try {
    return await work();
  } finally {
    process.env.NODE_OPTIONS = before;
    delete process.env.GATEHOUSE_WITHOUT;
  }
}
