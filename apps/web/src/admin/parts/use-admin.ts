import { ApiProblem, useGatehouse, useRefresh } from '@gatehouse/react';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';

/** Where all that operators read is kept: after a deed it is read again as a whole. */
export const ADMIN = ['gatehouse', 'admin'] as const;
const EVERY_MS = 30_000;

/** What an operators' route says, read again every half minute while the page is in front. A path is `<app>/…`. */
export function useAdmin<T>(path: string, { everyMs = EVERY_MS, enabled = true } = {}): UseQueryResult<T> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: [...ADMIN, path],
    enabled,
    refetchInterval: everyMs,
    // A source that is away is said to be away soon, not after three tries: the next look comes by itself.
    retry: (count, error) => count < 1 && (!(error instanceof ApiProblem) || error.status === 0),
    queryFn: ({ signal }) => client.get<T>(`/admin/${path}`, signal),
  });
}

export const useRefreshAdmin = () => useRefresh(ADMIN);
