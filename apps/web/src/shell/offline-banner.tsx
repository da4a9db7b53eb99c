import { Alert } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { useSay } from '../words/say.js';

const watch = (changed: () => void) => {
  addEventListener('online', changed);
  addEventListener('offline', changed);
  return () => {
    removeEventListener('online', changed);
    removeEventListener('offline', changed);
  };
};

/** Stays while the browser knows of no network. The region is always there, so that its words are announced when they come. */
export function OfflineBanner() {
  const say = useSay();
  const online = useSyncExternalStore(watch, () => navigator.onLine);
  return (
    <div role="status">
      {!online && (
        <Alert color="yellow" variant="light" mb="md">
          {say('shell.offline')}
        </Alert>
      )}
    </div>
  );
}
