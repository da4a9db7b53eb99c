import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { WordId } from './index.js';

type Values = Record<string, string | number | Date>;
export type Say = (id: WordId, values?: Values) => string;

/** Says a message in the person's language. */
export function useSay(): Say {
  const { formatMessage } = useIntl();
  return useCallback((id, values) => formatMessage({ id }, values), [formatMessage]);
}
