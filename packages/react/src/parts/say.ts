import { useCallback } from 'react';
import { useIntl } from 'react-intl';
import type { en } from '../words/en/index.js';

/** The id of a message of this package. Ids are written out in the code, never put together, so that missing and unused ones are found. */
export type PartWordId = keyof typeof en;
export type Values = Record<string, string | number | Date>;

/** Says a message of this package in the language of the host's IntlProvider. */
export function useSay(): (id: PartWordId, values?: Values) => string {
  const { formatMessage } = useIntl();
  return useCallback((id, values) => formatMessage({ id }, values), [formatMessage]);
}
