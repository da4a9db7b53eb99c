import type { EntityManager } from '@mikro-orm/postgresql';
import { DropLetters } from '../operator/drop-letters.js';
import { FindLetters } from '../operator/find-letters.js';
import { bodyOf, type Page, type Selection } from '../operator/letter.js';
import { ListParked } from '../operator/list-parked.js';
import { ReplayLetters } from '../operator/replay-letters.js';
import { StuckEvents } from '../operator/stuck-events.js';
import { type OptionName, type Wish } from './arguments.js';
import { type Address, type Service, within } from './databases.js';
import { DRIFT } from './drift.js';
import { acts, letterLine, letterPage, parkedLine, printable, stuckLine, stuckPage } from './paper.js';
import { SWITCHES } from './switches.js';
import { Usage } from './usage.js';
import { VERIFY } from './verify.js';

/** Where a command reads and writes; it gives back the exit code. */
export interface Desk {
  readonly wish: Wish;
  readonly addresses: readonly Address[];
  readonly env: Readonly<Record<string, string | undefined>>;
  print(text: string): void;
  /** To the person at the keyboard, beside the answer. */
  complain(text: string): void;
  printBytes(bytes: Buffer): void;
}
export interface Command {
  readonly does: string;
  readonly options: readonly OptionName[];
  /** Whom it asks: the databases, unless it says so. */
  readonly asks?: 'gateway';
  run(desk: Desk): Promise<number>;
}

const LISTED = 50;
const ACTED_ON = 1000;
const SHOWN_RESULTS = 50;

const selecting: OptionName[] = ['consumer', 'id', 'reason', 'since'];
const listing: OptionName[] = [...selecting, 'limit', 'json', 'help'];
const acting: OptionName[] = [...selecting, 'all', 'limit', 'dry-run', 'note', 'by', 'json', 'help'];
const showing: OptionName[] = ['consumer', 'id', 'raw', 'json', 'help'];

interface Result {
  readonly eventId: string;
  readonly outcome: string;
  readonly says: string;
}

interface Noun {
  readonly about: string;
  readonly verbs: Readonly<Record<string, Command>>;
  /** What it does without a verb, in place of any. */
  readonly alone?: Command;
}

/** Every command there is: noun, verb. */
export const COMMANDS: Readonly<Record<string, Noun>> = {
  'dead-letters': {
    about: 'events that a service could not take; each waits here for 30 days',
    verbs: {
      list: {
        does: 'the newest first',
        options: listing,
        run: list('dead letter', letterLine, (em, wish, limit) => new FindLetters(em).list(wish.selection, limit)),
      },
      show: {
        does: 'everything about one: where it came from, why it died, its headers and body, what was done',
        options: showing,
        run: showLetter,
      },
      replay: {
        does: 'give them another chance in that service alone, with every check; one that succeeds has its effects once',
        options: acting,
        run: act(
          (em, selection, limit) => new FindLetters(em).ids(selection, limit),
          (em, ids, { operator, dryRun }) => new ReplayLetters(em).execute(ids, operator, { dryRun }),
        ),
      },
      drop: {
        does: 'remove them for good',
        options: acting,
        run: act(
          (em, selection, limit) => new FindLetters(em).ids(selection, limit),
          (em, ids, { operator, dryRun }) => new DropLetters(em).execute(ids, operator, { dryRun }),
        ),
      },
    },
  },
  outbox: {
    about: "a service's own events that the broker refuses; each holds up those of its key",
    verbs: {
      list: {
        does: 'the oldest first',
        options: listing,
        run: list('stuck event', stuckLine, (em, wish, limit) => new StuckEvents(em).list(wish.selection, limit)),
      },
      show: { does: 'everything about one', options: showing, run: showStuck },
      retry: {
        does: 'send them again, in their old place before what waits behind them',
        options: acting,
        run: act(stuckIds, (em, ids, { operator, dryRun }) => new StuckEvents(em).retry(ids, operator, { dryRun })),
      },
      drop: {
        does: 'remove them for good: nobody will hear of them, and what waits behind them goes out',
        options: acting,
        run: act(stuckIds, (em, ids, { operator, dryRun }) => new StuckEvents(em).drop(ids, operator, { dryRun })),
      },
    },
  },
  drift: { about: 'what differs between Composio and what the auditor watches', verbs: DRIFT },
  verify: { about: 'whether the logs of decisions are as they were written', verbs: {}, alone: VERIFY },
  switches: { about: 'what operators have stopped, in connections and agent-runner', verbs: SWITCHES },
  parked: {
    about: 'keys whose events wait for a retry; it comes by itself',
    verbs: {
      list: {
        does: 'the soonest first',
        options: ['consumer', 'limit', 'json', 'help'],
        run: list('parked key', parkedLine, (em, _wish, limit) => new ListParked(em).execute(limit)),
      },
    },
  },
};

/** Lists what all these databases hold, each up to the limit. */
function list<T>(noun: string, lineOf: (item: T) => string, find: (em: EntityManager, wish: Wish, limit: number) => Promise<Page<T>>) {
  return async ({ wish, addresses, print }: Desk): Promise<number> => {
    const limit = wish.limit ?? LISTED;
    const found: { consumer: Service; page: Page<T> }[] = [];
    for (const address of addresses) found.push({ consumer: address.service, page: await within(address, (em) => find(em, wish, limit)) });
    const total = found.reduce((sum, { page }) => sum + page.total, 0);
    const items = found.flatMap(({ consumer, page }) => page.items.map((item) => ({ consumer, ...item })));
    if (wish.json) {
      print(JSON.stringify({ items, total, more: total - items.length }));
      return 0;
    }
    for (const { consumer, page } of found) {
      if (page.total > 0) print(`${consumer}: ${page.total} ${noun}${page.total === 1 ? '' : 's'}`);
      for (const item of page.items) print(`  ${lineOf(item)}`);
      if (page.total > page.items.length)
        print(`  … and ${page.total - page.items.length} more: --limit ${Math.min(10_000, page.total)} shows them`);
    }
    if (total === 0) print(`No ${noun}s${wish.selects ? ' that fit' : ''} in ${addresses.map(({ service }) => service).join(', ')}.`);
    return 0;
  };
}

async function showLetter({ wish, addresses, print, printBytes }: Desk): Promise<number> {
  const id = onlyId(wish);
  const found = [];
  for (const address of addresses) {
    const seen = await within(address, async (em) => {
      const letters = new FindLetters(em);
      return { consumer: address.service, ...(await letters.fate(id)), letter: await letters.one(id) };
    });
    if (seen.state !== 'unknown') found.push(seen);
  }
  const letters = found.filter(({ letter }) => letter);
  if (wish.raw) {
    const letter = letters[0]?.letter;
    if (!letter || letters.length > 1)
      throw new Usage(letter ? 'It is a dead letter of several services: say which with --consumer.' : unknown(id, addresses));
    printBytes(bodyOf(letter) ?? Buffer.alloc(0));
  } else if (wish.json) {
    print(JSON.stringify({ events: found.map(({ acts: _, ...event }) => event) }));
  } else {
    for (const { consumer, letter, says, acts: done } of found) {
      const page = letter ? letterPage(consumer, letter) : [`${consumer}: ${says}`, ...acts(done)];
      print(page.join('\n'));
    }
    if (found.length === 0) print(unknown(id, addresses));
  }
  return found.length > 0 ? 0 : 1;
}

async function showStuck({ wish, addresses, print, printBytes }: Desk): Promise<number> {
  const id = onlyId(wish);
  for (const address of addresses) {
    const event = await within(address, (em) => new StuckEvents(em).one(id));
    if (!event) continue;
    if (wish.raw) printBytes(Buffer.from(event.body ?? ''));
    else if (wish.json) print(JSON.stringify({ consumer: address.service, ...event }));
    else print(stuckPage(address.service, event).join('\n'));
    return 0;
  }
  print(wish.json ? JSON.stringify({}) : unknown(id, addresses));
  return 1;
}

/** Does something to the events that are meant, in one service, and says what came of each. Exit code 1 if one could not be done. */
function act(
  find: (em: EntityManager, selection: Selection, limit: number) => Promise<Page<string>>,
  deed: (em: EntityManager, ids: readonly string[], wish: Wish) => Promise<readonly Result[]>,
) {
  return async ({ wish, addresses, print }: Desk): Promise<number> => {
    const address = mustBeMeant(wish, addresses);
    const { selection } = wish;
    const limit = wish.limit ?? ACTED_ON;
    const named =
      selection.ids && selection.reason === undefined && selection.since === undefined ? [...new Set(selection.ids)] : undefined;
    const { results, more } = await within(address, async (em) => {
      const { items, total } = named ? { items: named.slice(0, limit), total: named.length } : await find(em, selection, limit);
      return { results: await deed(em, items, wish), more: total - items.length };
    });
    const failed = results.some(({ outcome }) => outcome === 'refused' || outcome === 'unknown');
    if (wish.json) print(JSON.stringify({ consumer: address.service, dryRun: wish.dryRun, results, more }));
    else for (const text of report(results, wish.dryRun, more)) print(text);
    return failed ? 1 : 0;
  };
}

function report(results: readonly Result[], dryRun: boolean, more: number): string[] {
  const counts = new Map<string, number>();
  for (const { outcome } of results) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const sum = [...counts].map(([outcome, count]) => `${count} ${WORDS[outcome] ?? outcome}`).join(', ');
  return [
    ...results.slice(0, SHOWN_RESULTS).map(({ eventId, says }) => printable(`${eventId}  ${says}`)),
    ...(results.length > SHOWN_RESULTS ? [`… and ${results.length - SHOWN_RESULTS} more of these`] : []),
    results.length === 0 ? 'Nothing fits: nothing to do.' : `${dryRun ? 'Dry run, nothing was changed: ' : ''}${sum}.`,
    ...(more > 0 ? [`${more} more fit and were left alone: do it again, or give --limit.`] : []),
  ];
}

const WORDS: Readonly<Record<string, string>> = {
  nothing: 'left as they are',
  unknown: 'not known',
  queued: 'replayed (show tells what became of them)',
};

function mustBeMeant({ selects, all }: Wish, addresses: readonly Address[]): Address {
  if (!selects && !all) throw new Usage('Say which events are meant: --id, --reason or --since, or --all.');
  if (selects && all) throw new Usage('--all goes with none of --id, --reason and --since.');
  const [address, ...others] = addresses;
  if (!address || others.length > 0) throw new Usage('Say which service is meant with --consumer: an event may have died in several.');
  return address;
}

async function stuckIds(em: EntityManager, selection: Selection, limit: number): Promise<Page<string>> {
  const { items, total } = await new StuckEvents(em).list(selection, limit);
  return { items: items.map(({ eventId }) => eventId), total };
}

function onlyId({ selection: { ids = [] } }: Wish): string {
  const [id, ...others] = ids;
  if (!id || others.length > 0) throw new Usage('Say which event with one --id.');
  return id;
}

const unknown = (id: string, addresses: readonly Address[]) =>
  `No event ${id} is known in ${addresses.map(({ service }) => service).join(', ')}.`;
