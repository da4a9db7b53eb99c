import { Text } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import { useIntl } from 'react-intl';
import type { Attempt } from '../connecting.js';
import { ForeignName } from '../parts/foreign-text.js';
import { useSay } from '../parts/say.js';
import type { Entry } from './catalogue.js';
import { useTimes } from './use-times.js';
import { lineOf, reasonOf } from './words-of.js';

/** The one line of a card: what happened and what it means. */
export function EntryLine({ entry, attempt }: { entry: Entry; attempt: Attempt | undefined }) {
  const say = useSay();
  const times = useTimes();
  const { info, main, state } = entry;
  const app = info.name;
  const line = useMemo(() => lineOf(state, app, main, times), [state, app, main, times]);
  if (attempt?.phase === 'blocked') return <Line>{say('integrations.line.popup')}</Line>;
  if (attempt?.phase === 'late') return <Line>{say('integrations.line.late')}</Line>;
  if (attempt?.phase === 'unchanged') return <Line>{say('integrations.line.declined', { app })}</Line>;
  if (attempt?.phase === 'refused') {
    const { id, values } = reasonOf(attempt.problem, app, times.clock);
    return <Line alert>{say(id, values)}</Line>;
  }
  if (info.paused) return <Line>{say('integrations.line.paused', { app })}</Line>;
  if (state === 'not_connected' && !info.connectable) return <Line>{say('integrations.line.unavailable', { app })}</Line>;
  if (line) return <Line alert={state === 'blocked'}>{say(line.id, line.values)}</Line>;
  return <ConnectedLine entry={entry} />;
}

function Line({ children, alert = false }: { children: ReactNode; alert?: boolean }) {
  return (
    <Text size="sm" role={alert ? 'alert' : undefined}>
      {children}
    </Text>
  );
}

/** as ana@example.com · since 3 Nov · checked 2 h ago · last used today */
function ConnectedLine({ entry: { connections, main } }: { entry: Entry }) {
  const say = useSay();
  const { formatMessage } = useIntl();
  const { day, ago } = useTimes();
  if (!main) return null;
  if (connections.length > 1) return <Line>{say('integrations.line.accounts', { count: connections.length })}</Line>;
  const label = main.accountLabel && <ForeignName key="label" text={main.accountLabel} />;
  const parts: { id: string; shown: ReactNode }[] = [
    ...(label ? [{ id: 'as', shown: formatMessage({ id: 'integrations.line.as' }, { label }) }] : []),
    { id: 'since', shown: say('integrations.line.since', { date: day(main.connectedAt) }) },
    { id: 'checked', shown: say('integrations.line.checked', { ago: ago(main.lastCheckedAt) }) },
    {
      id: 'used',
      shown: main.lastUsedAt ? say('integrations.line.used', { ago: ago(main.lastUsedAt) }) : say('integrations.line.never-used'),
    },
  ];
  return (
    <Line>
      {parts.map(({ id, shown }, index) => (
        <span key={id}>
          {index > 0 && ' · '}
          {shown}
        </span>
      ))}
    </Line>
  );
}
