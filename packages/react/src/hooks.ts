import type {
  AppInfoView,
  ApprovalView,
  ConnectionView,
  Decision,
  MeView,
  NotificationView,
  Page,
  RunRequest,
  RunView,
} from '@gatehouse/contracts';
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Client } from './client.js';
import { keys } from './keys.js';
import { useGatehouse } from './provider.js';
import { type List, search, useList } from './use-list.js';

const MOST = 100;

/** All connections of the user: there are at most a hundred, so they come in one read. */
export function useConnections(): UseQueryResult<ConnectionView[]> {
  const { client } = useGatehouse();
  return useQuery({ queryKey: keys.connections, queryFn: ({ signal }) => all<ConnectionView>(client, '/v1/connections', {}, signal) });
}

/** One connection, with the tag that a change of it is based on. */
export function useConnection(id: string): UseQueryResult<{ data: ConnectionView; tag: string | null }> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: [...keys.connections, id],
    queryFn: ({ signal }) => client.ask<ConnectionView>('GET', `/v1/connections/${id}`, { signal }),
  });
}

/** The apps that can be connected, a page at a time; `find` searches by name. */
export function useApps(find = ''): List<AppInfoView> {
  return useList<AppInfoView>(keys.apps, '/v1/apps', { query: { search: find.trim() || undefined } });
}

/** Who is signed in. */
export function useMe(): UseQueryResult<MeView> {
  const { client } = useGatehouse();
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => client.get<MeView>('/v1/me', signal), staleTime: 300_000 });
}

/** The user's runs, newest first. */
export function useRuns(): List<RunView> {
  return useList<RunView>(keys.runs, '/v1/runs');
}

export function useRun(id: string): UseQueryResult<RunView> {
  const { client } = useGatehouse();
  return useQuery({ queryKey: [...keys.runs, id], queryFn: ({ signal }) => client.get<RunView>(`/v1/runs/${id}`, signal) });
}

/** Asks for a run. Trying the same variables again after a lost answer is the same run. */
export function useRequestRun() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.runs);
  return useMutation({
    mutationFn: ({ request, key }: { request: RunRequest; key: string }) => client.post<RunView>('/v1/runs', request, key),
    onSettled: refresh,
  });
}

/** Stops a run. What it did before stays done. */
export function useCancelRun() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.runs);
  return useMutation({ mutationFn: (id: string) => client.post<RunView>(`/v1/runs/${id}/cancel`), onSettled: refresh });
}

/** What waits for the user's word, oldest first. */
export function useApprovals(): List<ApprovalView> {
  return useList<ApprovalView>(keys.approvals, '/v1/approvals');
}

/** Decides once; 409 when it was decided elsewhere. */
export function useDecide() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.approvals);
  return useMutation({
    mutationFn: ({ id, decision }: { id: string; decision: Decision }) =>
      client.post<ApprovalView>(`/v1/approvals/${id}/decision`, decision),
    onSettled: refresh,
  });
}

export interface InboxPage extends Page<NotificationView> {
  unread: number;
}

/** The user's messages, newest first; `first.unread` is how many are new. */
export function useInbox(): List<NotificationView, InboxPage> {
  return useList<NotificationView, InboxPage>(keys.inbox, '/v1/inbox');
}

/** Every row of a list, page after page. For lists that are known to be short. */
export async function all<T>(
  client: Client,
  path: string,
  query: Record<string, string | undefined> = {},
  signal?: AbortSignal,
): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page: Page<T> = await client.get<Page<T>>(`${path}?${search({ ...query, limit: String(MOST), cursor })}`, signal);
    rows.push(...page.data);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return rows;
}

/** Reads again, and is done when the fresh answer is there. */
export function useRefresh(key: readonly unknown[]): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: key });
}
