import type { AppInfoView, ConnectionView } from '@gatehouse/contracts';
import { createContext, lazy, type ReactNode, Suspense, useContext, useEffect, useMemo, useState } from 'react';
import type { ConnectWish } from '../connecting.js';
import { OutcomeNote } from './outcome-note.js';

interface Deeds {
  /** Asks first; `naming` where the person has another account of this app. */
  connect: (info: AppInfoView, wish: ConnectWish, naming?: boolean) => void;
  disconnect: (info: AppInfoView, connection: ConnectionView) => void;
}
interface Leaving {
  info: AppInfoView;
  connection: ConnectionView;
}

// Dialogs weigh as much as the page itself: they come after it, and before anybody has found a button.
const AFTER_MS = 1_500;
const loadConnect = () => import('./connect-dialog.js');
const loadDisconnect = () => import('./disconnect-dialog.js');
const ConnectDialog = lazy(async () => ({ default: (await loadConnect()).ConnectDialog }));
const DisconnectDialog = lazy(async () => ({ default: (await loadDisconnect()).DisconnectDialog }));

const Context = createContext<Deeds | undefined>(undefined);

/** What can be done from several places of a page: its dialogs, and what came of disconnecting. */
export function DeedsProvider({ children }: { children: ReactNode }) {
  const [connecting, setConnecting] = useState<{ info: AppInfoView; wish: ConnectWish; naming: boolean }>();
  const [leaving, setLeaving] = useState<Leaving>();
  const [left, setLeft] = useState<Leaving[]>([]);
  useEffect(() => {
    // What does not come now is asked for again by the click.
    const timer = setTimeout(() => void Promise.allSettled([loadConnect(), loadDisconnect()]), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const deeds = useMemo<Deeds>(
    () => ({
      connect: (info, wish, naming = false) => setConnecting({ info, wish, naming }),
      disconnect: (info, connection) => setLeaving({ info, connection }),
    }),
    [],
  );
  return (
    <Context value={deeds}>
      {left.map((one) => (
        <OutcomeNote key={one.connection.id} {...one} onClose={() => setLeft((all) => all.filter((other) => other !== one))} />
      ))}
      {children}
      <Suspense>
        {connecting && <ConnectDialog {...connecting} onClose={() => setConnecting(undefined)} />}
        {leaving && (
          <DisconnectDialog {...leaving} onClose={() => setLeaving(undefined)} onDone={() => setLeft((all) => [...all, leaving])} />
        )}
      </Suspense>
    </Context>
  );
}

export function useDeeds(): Deeds {
  const deeds = useContext(Context);
  if (!deeds) throw new Error('There is no DeedsProvider above this component.');
  return deeds;
}
