import { Badge, VisuallyHidden } from '@mantine/core';
import { useSay } from '../words/say.js';
import { useMyInbox } from './use-my-inbox.js';

const MOST = 99;

/** The number of new messages in the menu; nothing when there is none. */
export function UnreadBadge() {
  const say = useSay();
  const unread = useMyInbox().first?.unread ?? 0;
  if (!unread) return null;
  return (
    <Badge size="lg" circle={unread < 10} variant="filled">
      <span aria-hidden="true">{unread > MOST ? `${MOST}+` : unread}</span>
      <VisuallyHidden>{say('inbox.unread', { count: unread })}</VisuallyHidden>
    </Badge>
  );
}
