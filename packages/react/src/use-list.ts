import type { Page } from '@gatehouse/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useGatehouse } from './provider.js';

const ROWS = 25;

export interface List<T, P extends Page<T> = Page<T>> {
  /** What was read, the newest page first; the last good rows while an error is shown. Undefined before the first answer. */
  rows: T[] | undefined;
  /** The first page as it came, for what lists say besides their rows. */
  first: P | undefined;
  error: Error | null;
  loading: boolean;
  /** When the rows were read last, in milliseconds since 1970; 0 before. */
  readAt: number;
  hasOlder: boolean;
  loadingOlder: boolean;
  showOlder: () => void;
  retry: () => void;
}

/** A paged list of the gateway, such as `/v1/runs`: 25 rows, older ones by cursor. The previous rows stay while a filter changes. */
export function useList<T, P extends Page<T> = Page<T>>(
  key: readonly unknown[],
  path: string,
  { query = {}, limit = ROWS, enabled = true }: { query?: Record<string, string | undefined>; limit?: number; enabled?: boolean } = {},
): List<T, P> {
  const { client } = useGatehouse();
  const found = useInfiniteQuery({
    queryKey: [...key, query, limit],
    enabled,
    initialPageParam: '',
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam, signal }) =>
      client.get<P>(`${path}?${search({ ...query, limit: String(limit), cursor: pageParam || undefined })}`, signal),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const { data, error, dataUpdatedAt, isFetchingNextPage, isPending, hasNextPage, fetchNextPage, refetch } = found;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data), [data]);
  return {
    rows,
    first: data?.pages[0],
    error,
    loading: isPending,
    readAt: dataUpdatedAt,
    hasOlder: hasNextPage,
    loadingOlder: isFetchingNextPage,
    showOlder: () => void fetchNextPage(),
    retry: () => void refetch(),
  };
}

export function search(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  return new URLSearchParams(given).toString();
}
