import { useMemo } from 'react';
import { useIntl } from 'react-intl';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Times as a person says them: "14:02", "18 Nov, 14:02", "tomorrow at 14:20". */
export function useWhen(): { time: (at: string) => string; until: (at: string) => string } {
  const { formatDate, formatRelativeTime } = useIntl();
  return useMemo(() => {
    const clock = (date: Date) => formatDate(date, { hour: '2-digit', minute: '2-digit' });
    const full = (date: Date) => formatDate(date, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
    const day = (date: Date) => formatRelativeTime(daysFromToday(date), 'day', { numeric: 'auto' });
    return {
      time: (at) => (daysFromToday(new Date(at)) === 0 ? clock(new Date(at)) : full(new Date(at))),
      until: (at) => {
        const date = new Date(at);
        return Math.abs(daysFromToday(date)) <= 1 ? `${day(date)}, ${clock(date)}` : full(date);
      },
    };
  }, [formatDate, formatRelativeTime]);
}

function daysFromToday(date: Date): number {
  const midnight = (one: Date) => new Date(one.getFullYear(), one.getMonth(), one.getDate()).getTime();
  return Math.round((midnight(date) - midnight(new Date())) / DAY_MS);
}
