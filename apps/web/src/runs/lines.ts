import type { RunEventView } from '@gatehouse/contracts';

/** What is shown of a run, in its order. Each event belongs to exactly one line: `events` are their numbers. */
export type Line = { id: string; events: number[]; at: string } & (
  | { kind: 'queued' | 'started' | 'completed' | 'failed' | 'cancelled' }
  | { kind: 'without'; words: string }
  | { kind: 'said'; text: string; final: boolean }
  | { kind: 'call'; toolCallId: string; tool: string; app: string; accountId: string; outcome: 'running' | 'done' | 'failed' | 'unknown' }
  | { kind: 'refused'; toolCallId: string; tool: string }
  | { kind: 'asked'; approvalId: string; tool: string; title: string; answer: 'approve' | 'edit' | 'reject' | null }
  | { kind: 'waited'; apps: string[]; paused: boolean; over: boolean }
);
type Data = RunEventView['data'];
type Step = (lines: Line[], event: RunEventView) => Line | undefined;

const OUTCOME = { 'tool.finished': 'done', 'tool.failed': 'failed', 'tool.unconfirmed': 'unknown' } as const;

/** Lines of these events. One that ends what another began joins its line; one that says nothing to a person joins the line before. */
export function linesOf(events: readonly RunEventView[]): Line[] {
  const lines: Line[] = [];
  for (const event of events) {
    const line = STEPS[event.type]?.(lines, event);
    if (line) lines.push(line);
    else if (!lines.some(({ events: numbers }) => numbers.includes(event.seq))) lines.at(-1)?.events.push(event.seq);
  }
  return lines;
}

const STEPS: Readonly<Record<string, Step>> = {
  'run.queued': (_, event) => ({ ...base(event), kind: 'queued' }),
  'run.started': started,
  message: (_, event) => ({ ...base(event), kind: 'said', text: text(event.data, 'text'), final: event.data.final === true }),
  'tool.started': (_, event) => ({ ...base(event), kind: 'call', ...callIn(event.data), outcome: 'running' }),
  'tool.finished': ended,
  'tool.failed': ended,
  'tool.unconfirmed': ended,
  'tool.refused': (_, event) => ({
    ...base(event),
    kind: 'refused',
    toolCallId: text(event.data, 'toolCallId'),
    tool: text(event.data, 'tool'),
  }),
  'approval.requested': (_, event) => ({
    ...base(event),
    kind: 'asked',
    approvalId: text(event.data, 'approvalId'),
    tool: text(event.data, 'tool'),
    title: text(event.data, 'summary'),
    answer: null,
  }),
  'approval.decided': (lines, event) => {
    const asked = lines.findLast((line) => line.kind === 'asked' && line.approvalId === event.data.approvalId);
    if (asked?.kind !== 'asked') return undefined;
    asked.answer = text(event.data, 'decision') as 'approve';
    asked.events.push(event.seq);
    return undefined;
  },
  'run.blocked': (_, event) => {
    const blockers = (Array.isArray(event.data.blockers) ? event.data.blockers : []) as { app: string; state: string }[];
    const paused = blockers.some(({ state }) => state === 'paused');
    return { ...base(event), kind: 'waited', apps: [...new Set(blockers.map(({ app }) => app))], paused, over: false };
  },
  'run.resumed': (lines, event) => {
    const waited = event.data.after === 'connection' ? lines.findLast((line) => line.kind === 'waited') : undefined;
    if (waited?.kind !== 'waited') return undefined;
    waited.over = true;
    waited.events.push(event.seq);
    return undefined;
  },
  'run.completed': (_, event) => ({ ...base(event), kind: 'completed' }),
  'run.failed': (_, event) => ({ ...base(event), kind: 'failed' }),
  'run.cancelled': (_, event) => ({ ...base(event), kind: 'cancelled' }),
};

/** Told again after each wait; what is missing is said once. */
function started(lines: Line[], event: RunEventView): Line | undefined {
  const missing = Array.isArray(event.data.missing) ? event.data.missing.map(String) : [];
  const words = missing.join(' ');
  if (words && !lines.some((line) => line.kind === 'without' && line.words === words)) return { ...base(event), kind: 'without', words };
  return lines.some(({ kind }) => kind === 'started' || kind === 'without') ? undefined : { ...base(event), kind: 'started' };
}

function ended(lines: Line[], event: RunEventView): Line | undefined {
  const call = callIn(event.data);
  const outcome = OUTCOME[event.type as keyof typeof OUTCOME];
  const open = lines.findLast((line) => line.kind === 'call' && line.toolCallId === call.toolCallId && line.outcome === 'running');
  if (open?.kind !== 'call') return { ...base(event), kind: 'call', ...call, outcome };
  open.outcome = outcome;
  open.events.push(event.seq);
  return undefined;
}

const base = ({ seq, at }: RunEventView) => ({ id: String(seq), events: [seq], at });
const text = (data: Data, name: string): string => (typeof data[name] === 'string' ? data[name] : '');
const callIn = (data: Data) => ({
  toolCallId: text(data, 'toolCallId'),
  tool: text(data, 'tool'),
  app: text(data, 'app'),
  accountId: text(data, 'accountId'),
});
