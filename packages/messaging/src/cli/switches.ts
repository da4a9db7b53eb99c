import { type SwitchScope, type SwitchView, setSwitchRequest } from '@gatehouse/contracts';
import { LiftSwitch, ListSwitches, SetSwitch } from '@gatehouse/switches';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { OptionName } from './arguments.js';
import type { Command, Desk } from './commands.js';
import { type Address, type Service, within } from './databases.js';
import { printable } from './paper.js';
import { Failed, Usage } from './usage.js';

/** Who keeps switches, and what one touches there. What bites first comes first. */
const KEEPERS = { 'agent-runner': 'live runs', connections: 'connections' } as const;

const naming: OptionName[] = ['consumer', 'scope', 'target', 'note', 'by', 'json', 'help'];

/** What operators have stopped: in both databases, so that it holds whichever service is asked. */
export const SWITCHES: Readonly<Record<string, Command>> = {
  list: { does: 'the open ones, then the last that were lifted', options: ['consumer', 'json', 'help'], run: list },
  set: {
    does: 'stop everything, an app, a user or a tool; runs wait before their next call, nobody gets a link to connect',
    options: [...naming, 'dry-run'],
    run: set,
  },
  lift: { does: 'lift one; runs that wait for it go on within seconds', options: naming, run: lift },
};

async function list(desk: Desk): Promise<number> {
  const said = await inEach(desk, keepers(desk), async (em, consumer) => {
    const switches = await new ListSwitches(em).execute();
    return { text: switches.map((one) => line(consumer, one)), json: switches };
  });
  return answer(desk, said, 'No switch was ever set.');
}

async function set(desk: Desk): Promise<number> {
  const { scope, target, note: reason } = wanted(desk);
  const { wish } = desk;
  const where = keepers(desk).filter(({ service }) => scope !== 'tool' || service === 'agent-runner');
  const said = await inEach(desk, where, async (em, consumer) => {
    const done = await new SetSwitch(em).execute({ scope, target, reason, by: wish.operator.by }, { dryRun: wish.dryRun });
    const what = `${done.touches} ${KEEPERS[consumer]}`;
    return { text: [`${consumer}: ${wish.dryRun ? `would touch ${what}, nothing was changed` : `set, touches ${what} now`}`], json: done };
  });
  return answer(desk, said, 'No service that is named here can stop a tool: name the database of agent-runner.');
}

async function lift(desk: Desk): Promise<number> {
  const { scope, target = null, note: reason } = wanted(desk);
  const said = await inEach(desk, keepers(desk), async (em, consumer) => {
    const open = (await new ListSwitches(em).execute()).find((one) => !one.liftedAt && one.scope === scope && one.target === target);
    const lifted = open && (await new LiftSwitch(em).execute(open.id, { by: desk.wish.operator.by, reason }));
    return { text: [`${consumer}: ${lifted ? 'lifted' : 'not set, nothing to do'}`], json: lifted ?? null };
  });
  return answer(desk, said, '');
}

/** By the contract of the operators' route. */
function wanted({ wish }: Desk): { scope: SwitchScope; target?: string; note: string } {
  const { scope, target } = wish;
  if (scope === undefined) throw new Usage('Say what is meant with --scope everything, app, user or tool.');
  const parsed = setSwitchRequest.safeParse({ scope, ...(target !== undefined && { target }), reason: wish.operator.note ?? '' });
  if (parsed.success) return { scope: parsed.data.scope, ...(target !== undefined && { target }), note: parsed.data.reason };
  const [issue] = parsed.error.issues;
  const option = issue?.path[0] === 'reason' ? '--note (why you do it)' : `--${String(issue?.path[0] ?? 'target')}`;
  throw new Usage(`${option}: ${issue?.message ?? 'is missing'}.`);
}

function keepers({ addresses, complain }: Desk): readonly (Address & { service: keyof typeof KEEPERS })[] {
  const found = Object.keys(KEEPERS).flatMap((name) => addresses.filter(({ service }) => service === name));
  if (!found.length) throw new Usage('Switches are kept by connections and agent-runner: name their databases.');
  for (const name of Object.keys(KEEPERS))
    if (!found.some(({ service }) => service === name)) complain(`The database of ${name} is not named: nothing is done there.`);
  return found as (Address & { service: keyof typeof KEEPERS })[];
}

type Said = { consumer: Service } & ({ text: string[]; json: unknown } | { failed: string });

/** A database that is away keeps nobody from stopping things in the other one. */
async function inEach(
  desk: Desk,
  where: readonly (Address & { service: keyof typeof KEEPERS })[],
  work: (em: EntityManager, consumer: keyof typeof KEEPERS) => Promise<{ text: string[]; json: unknown }>,
): Promise<Said[]> {
  const said: Said[] = [];
  for (const address of where) {
    const { service: consumer } = address;
    try {
      said.push({ consumer, ...(await within(address, (em) => work(em, consumer))) });
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      said.push({ consumer, failed: error.message });
      desk.complain(error.message);
    }
  }
  return said;
}

function answer({ wish, print }: Desk, said: readonly Said[], nothing: string): number {
  const lines = said.flatMap((one) => ('text' in one ? one.text : []));
  const answers = said.map((one) => ({ consumer: one.consumer, ...('json' in one ? { answer: one.json } : { failed: one.failed }) }));
  if (wish.json) print(JSON.stringify({ dryRun: wish.dryRun, answers }));
  else for (const text of lines.length ? lines : [nothing].filter(Boolean)) print(printable(text));
  return said.length === 0 || said.some((one) => 'failed' in one) ? 1 : 0;
}

const line = (consumer: Service, { scope, target, reason, setBy, setAt, liftedAt, liftedBy, liftReason }: SwitchView): string =>
  [
    liftedAt ? 'lifted' : 'OPEN  ',
    consumer,
    [scope, target].filter(Boolean).join(' '),
    `${setBy} at ${setAt}: “${reason}”`,
    liftedAt ? `${liftedBy} at ${liftedAt}: “${liftReason}”` : '',
  ]
    .filter(Boolean)
    .join('  ');
