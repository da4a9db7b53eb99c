import { useInbox } from '@gatehouse/react';
import { useIntl } from 'react-intl';

/** The inbox in the language of the page: one read for the page and for the number in the menu. */
export const useMyInbox = () => useInbox(useIntl().locale);
