import type { Timeline } from '@gatehouse/contracts';
import { ApiProblem, search, useGatehouse } from '@gatehouse/react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ADMIN } from '../parts/use-admin.js';
import { chapterOf, SOURCES } from './merge.js';

const ENTRIES = '50';

/** What all apps know of a user, a chapter at a time. An app that does not answer is missing in it, and named. */
export function useTimeline(user: string | undefined) {
  const { client } = useGatehouse();
  const found = useInfiniteQuery({
    queryKey: [...ADMIN, 'timeline', user],
    enabled: user !== undefined,
    initialPageParam: '',
    queryFn: async ({ pageParam, signal }) => {
      const path = `users/${encodeURIComponent(user ?? '')}/timeline?${search({ limit: ENTRIES, before: pageParam || undefined })}`;
      const answers = SOURCES.map(async (source) => {
        const timeline = await client.get<Timeline>(`/admin/${source}/${path}`, signal).catch((error: unknown) => {
          if (signal.aborted || isRefusal(error)) throw error;
          return undefined;
        });
        return { source, timeline };
      });
      return chapterOf(await Promise.all(answers));
    },
    getNextPageParam: ({ before }) => before,
  });
  const { data, error, dataUpdatedAt, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = found;
  return {
    rows: data?.pages.flatMap(({ entries }) => entries),
    silent: [...new Set(data?.pages.flatMap(({ silent }) => silent))],
    error,
    loading: user !== undefined && !data && isFetching,
    hasOlder: hasNextPage,
    loadingOlder: isFetchingNextPage,
    showOlder: () => void fetchNextPage(),
    retry: () => void refetch(),
    dataUpdatedAt,
  };
}

const isRefusal = (error: unknown): boolean => error instanceof ApiProblem && [400, 401, 403].includes(error.status);
