import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import type { Times } from './words-of.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Days, spans and times of day in the person's language and time zone. */
export function useTimes(): Times & { clock: (at: Date) => string } {
  const intl = useIntl();
  return useMemo(() => {
    const year = new Date().getFullYear();
    return {
      day: (at) => {
        if (!at) return 'none';
        const date = new Date(at);
        return intl.formatDate(date, { day: 'numeric', month: 'short', ...(date.getFullYear() !== year && { year: 'numeric' }) });
      },
      ago: (at) => {
        if (!at) return 'none';
        const ms = Date.now() - Date.parse(at);
        if (ms < HOUR_MS) return intl.formatRelativeTime(-Math.max(0, Math.floor(ms / MINUTE_MS)), 'minute', { numeric: 'auto' });
        if (ms < DAY_MS) return intl.formatRelativeTime(-Math.floor(ms / HOUR_MS), 'hour', { numeric: 'auto' });
        return intl.formatRelativeTime(-Math.floor(ms / DAY_MS), 'day', { numeric: 'auto' });
      },
      clock: (at) => intl.formatTime(at, { hour: '2-digit', minute: '2-digit' }),
    };
  }, [intl]);
}
