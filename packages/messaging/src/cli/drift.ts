import type { Command, Desk } from './commands.js';
import { askService } from './operator-route.js';
import { printable } from './paper.js';
import { Failed, Usage } from './usage.js';

const KINDS = {
  missing: 'missing',
  extra: 'extra',
  wrongOwner: 'wrong owner',
  wrongStatus: 'wrong status',
  duplicate: 'duplicates',
} as const;

interface Report extends Record<keyof typeof KINDS | 'connections' | 'accounts' | 'calls' | 'unproven', number> {
  id: string;
  state: 'running' | 'done';
  askedBy: string;
  fix: boolean;
  openedAt: string;
}
interface Finding {
  kind: string;
  accountId: string;
  connectionId: string | null;
  userId: string | null;
  app: string;
  says: string;
}

/** What differs between Composio and the auditor's watch list. */
export const DRIFT: Readonly<Record<string, Command>> = {
  list: { does: 'the reports there are, the newest first', options: ['json', 'help'], asks: 'gateway', run: list },
  show: {
    does: 'what a report found, one line a difference; the newest report without --id',
    options: ['id', 'limit', 'json', 'help'],
    asks: 'gateway',
    run: show,
  },
  run: {
    does: 'compare everything now; it takes its time, "list" tells how far it is',
    options: ['fix', 'json', 'help'],
    asks: 'gateway',
    run,
  },
};

async function list({ wish, env, print }: Desk): Promise<number> {
  const { data } = (await askService(env, 'GET', '/auditor/drift')) as { data: Report[] };
  if (wish.json) print(JSON.stringify({ items: data }));
  else if (data.length === 0) print('No report yet.');
  else for (const report of data) print(line(report));
  return 0;
}

async function show({ wish, env, print }: Desk): Promise<number> {
  const [id = await newest(env), ...others] = wish.selection.ids ?? [];
  if (others.length > 0) throw new Usage('Say which report with one --id.');
  const limit = Math.min(wish.limit ?? 200, 1000);
  const { report, findings } = (await askService(env, 'GET', `/auditor/drift/${id}?limit=${limit}`)) as {
    report: Report;
    findings: Finding[];
  };
  if (wish.json) print(JSON.stringify({ report, findings }));
  else for (const text of [line(report), ...findings.map(findingLine)]) print(text);
  return 0;
}

async function run({ wish, env, print }: Desk): Promise<number> {
  const report = (await askService(env, 'POST', '/auditor/drift', { fix: wish.fix })) as Report;
  print(wish.json ? JSON.stringify({ report }) : line(report));
  return 0;
}

async function newest(env: Desk['env']): Promise<string> {
  const { data } = (await askService(env, 'GET', '/auditor/drift')) as { data: Report[] };
  if (!data[0]) throw new Failed('No report yet.');
  return data[0].id;
}

function line(report: Report): string {
  const counts = Object.entries(KINDS).map(([kind, name]) => `${report[kind as keyof typeof KINDS]} ${name}`);
  const compared = `${report.connections} connections, ${report.accounts} accounts, ${report.calls} calls`;
  const asked = `${report.askedBy}${report.fix ? ', --fix' : ''}`;
  return printable(
    [report.openedAt, report.id, `${report.state} (${asked})`, ...counts, `${report.unproven} unproven`, compared].join('  '),
  );
}

const findingLine = (one: Finding): string =>
  printable(`  ${one.kind.replace('_', ' ')}  ${one.app}  ${one.accountId}  ${one.connectionId ?? '-'}  ${one.userId ?? '-'}  ${one.says}`);
