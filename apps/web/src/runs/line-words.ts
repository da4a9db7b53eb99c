import { appName, type ToolView } from '@gatehouse/contracts';
import { useIntl } from 'react-intl';
import { plainLabel } from '../approvals/fields.js';
import type { WordId } from '../words/index.js';
import { useSay } from '../words/say.js';
import type { Line } from './lines.js';

const FIXED: Partial<Record<Line['kind'], WordId>> = {
  queued: 'line.queued',
  started: 'line.started',
  completed: 'line.completed',
  failed: 'line.failed',
  cancelled: 'line.cancelled',
};
const ANSWERS: Readonly<Record<'approve' | 'edit' | 'reject', WordId>> = {
  approve: 'line.approved',
  edit: 'line.edited',
  reject: 'line.rejected',
};

/** A line of a run in words: the verb first. */
export function useLineWords(tools: ReadonlyMap<string, ToolView>): (line: Line) => string {
  const say = useSay();
  const { formatList } = useIntl();
  const titleOf = (tool: string) => tools.get(tool)?.title ?? plainLabel(tool.toLowerCase());
  return (line) => {
    const fixed = FIXED[line.kind];
    if (fixed) return say(fixed);
    if (line.kind === 'call') return titleOf(line.tool);
    if (line.kind === 'refused') return say('line.refused', { title: titleOf(line.tool) });
    if (line.kind === 'asked') return say(line.answer ? ANSWERS[line.answer] : 'line.asked', { title: line.title || titleOf(line.tool) });
    if (line.kind === 'said') return say(line.final ? 'line.answered' : 'line.said');
    if (line.kind === 'without') return say('line.without');
    if (line.kind !== 'waited') return '';
    const apps = formatList(line.apps.map(appName), { type: 'conjunction' });
    if (line.paused) return say(line.over ? 'line.unpaused' : 'line.paused', { apps });
    return say(line.over ? 'line.connected' : 'line.waited', { apps });
  };
}
