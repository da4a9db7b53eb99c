import { ApiProblem, Client } from '@gatehouse/react';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { signedOut } from './shell/signed-out.js';

/** The gateway at our own origin: the session cookie says who asks, and no script ever sees a token. */
export const client = new Client();

const onError = (error: unknown): void => {
  if (error instanceof ApiProblem && error.status === 401) signedOut();
};

/** A refusal is an answer and is not asked again; a failure is, twice, and a read waits while there is no network. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && (!(error instanceof ApiProblem) || error.status === 0 || error.status >= 500),
      retryDelay: (count) => 500 * 2 ** count,
      networkMode: 'always',
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
