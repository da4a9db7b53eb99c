import { useMemo } from 'react';
import { useIntl } from 'react-intl';
import { useSay } from '../../words/say.js';
import { durationOf } from './duration.js';

const UNKNOWN = '–';

/** Numbers as operators read them. What is not known is a dash. */
export function useNumbers() {
  const say = useSay();
  const { formatNumber, formatDate } = useIntl();
  return useMemo(
    () => ({
      count: (value: number | null | undefined) => (value === null || value === undefined ? UNKNOWN : formatNumber(value)),
      share: (part: number, of: number) => (of ? formatNumber(part / of, { style: 'percent', maximumFractionDigits: 1 }) : UNKNOWN),
      duration: (seconds: number | null | undefined) => {
        if (seconds === null || seconds === undefined) return UNKNOWN;
        const { unit, value } = durationOf(seconds);
        return formatNumber(value, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 ? 1 : 0 });
      },
      time: (at: string | null | undefined) => (at ? formatDate(at, { dateStyle: 'medium', timeStyle: 'short' }) : UNKNOWN),
      exact: (at: string) => formatDate(at, { dateStyle: 'medium', timeStyle: 'medium' }),
      of: (part: number, whole: number) => say('admin.of', { part, whole }),
    }),
    [formatNumber, formatDate, say],
  );
}
