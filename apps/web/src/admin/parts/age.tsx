import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useIntl } from 'react-intl';
import { useSay } from '../../words/say.js';

const LOOK_MS = 10_000;
const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;

/** How old numbers are, once that is more than a minute. */
export function Age({ at }: { at: string | number }) {
  const say = useSay();
  const { formatRelativeTime } = useIntl();
  const minutes = Math.floor((useNow() - new Date(at).getTime()) / MINUTE_MS);
  if (minutes < 1) return null;
  const age =
    minutes < HOUR_MINUTES ? formatRelativeTime(-minutes, 'minute') : formatRelativeTime(-Math.floor(minutes / HOUR_MINUTES), 'hour');
  return (
    <Text size="sm" c="dimmed">
      {say('admin.age', { age })}
    </Text>
  );
}

/** The time, which goes on. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
