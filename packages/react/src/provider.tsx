import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';
import { Client, type ClientOptions } from './client.js';
import { Connecting } from './connecting.js';
import { keys, keysOf } from './keys.js';
import { Live } from './live.js';

interface Gatehouse {
  client: Client;
  live: Live;
  connecting: Connecting;
}
const SETTLED_MS = 1_500;
const Context = createContext<Gatehouse | undefined>(undefined);

/**
 * Below it the hooks of this package work. It needs a QueryClientProvider around it, and keeps what they read fresh: each event of the
 * user's stream is a reason to read again what it may have changed, and nothing else.
 */
export function GatehouseProvider({ client, children }: { client: Client | ClientOptions; children: ReactNode }) {
  const queries = useQueryClient();
  const value = useMemo(() => {
    const asked = client instanceof Client ? client : new Client(client);
    const refresh = () => void queries.invalidateQueries({ queryKey: keys.connections });
    return { client: asked, live: new Live(asked), connecting: new Connecting({ client: asked, refresh }) };
  }, [client, queries]);
  useEffect(() => () => value.connecting.close(), [value]);
  useEffect(
    () =>
      value.live.listen(({ type }) => {
        const read = () => {
          for (const queryKey of keysOf(type)) void queries.invalidateQueries({ queryKey });
        };
        read();
        // A question is told while its run still works; a moment later the run's row says that it waits.
        if (type === 'agent.run.approval-requested') setTimeout(read, SETTLED_MS);
      }),
    [value, queries],
  );
  return <Context value={value}>{children}</Context>;
}

/** Throws outside of a GatehouseProvider. */
export function useGatehouse(): Gatehouse {
  const value = useContext(Context);
  if (!value) throw new Error('There is no GatehouseProvider above this component.');
  return value;
}
