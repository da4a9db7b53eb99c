import type {
  ActivityView,
  AppInfoView,
  ApprovalView,
  ChangeConnectionRequest,
  ConnectionChangeView,
  ConnectionView,
  Decision,
  Disconnected,
  MeView,
  NotificationView,
  Page,
  RemovalOutcome,
  RunRequest,
  RunsQuery,
  RunView,
  ToolSettings,
  ToolView,
} from '@gatehouse/contracts';
import { keepPreviousData, type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Client } from './client.js';
import type { Attempts, Connecting } from './connecting.js';
import { keys } from './keys.js';
import { useGatehouse } from './provider.js';
import { type List, search, useList } from './use-list.js';

const MOST = 100;

/** All connections of the user: there are at most a hundred, so they come in one read. */
export function useConnections(): UseQueryResult<ConnectionView[]> {
  const { client, connecting } = useGatehouse();
  return useQuery({
    queryKey: keys.connections,
    queryFn: async ({ signal }) => {
      const connections = await all<ConnectionView>(client, '/v1/connections', {}, signal);
      connecting.tell(connections);
      return connections;
    },
    refetchOnWindowFocus: 'always',
    refetchInterval: () => connecting.pace(),
    refetchIntervalInBackground: true, // the window in front may be the provider's
  });
}

/** Connecting from this page: what was begun here and how far it is, and the deeds. What is connected, `useConnections` says. */
export function useConnect(): { attempts: Attempts; connecting: Connecting } {
  const { connecting } = useGatehouse();
  return { attempts: useSyncExternalStore(connecting.subscribe, connecting.attempts), connecting };
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

/** These apps, by their slugs. */
export function useAppsNamed(apps: readonly string[]): UseQueryResult<AppInfoView[]> {
  const { client } = useGatehouse();
  const named = [...new Set(apps)].sort().join(',');
  return useQuery({
    queryKey: [...keys.apps, 'named', named],
    enabled: named !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => all<AppInfoView>(client, '/v1/apps', { apps: named }, signal),
  });
}

/** Every app there is; for finding what a person may have meant. */
export function useAllApps(enabled: boolean): UseQueryResult<AppInfoView[]> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: [...keys.apps, 'all'],
    enabled,
    staleTime: 3_600_000,
    queryFn: ({ signal }) => all<AppInfoView>(client, '/v1/apps', {}, signal),
  });
}

/** Names a connection, or makes it the default of its app; refused (412) when it was changed since `tag` was read. */
export function useChangeConnection() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.connections);
  return useMutation({
    mutationFn: ({ id, tag, change }: { id: string; tag: string | null; change: ChangeConnectionRequest }) =>
      client.ask<ConnectionView>('PATCH', `/v1/connections/${id}`, { body: change, ...(tag && { ifMatch: tag }) }),
    onSettled: refresh,
  });
}

/** Reads the state of a connection at its provider now. */
export function useCheckConnection() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.connections);
  return useMutation({ mutationFn: (id: string) => client.post<ConnectionView>(`/v1/connections/${id}/check`), onSettled: refresh });
}

/** Disconnects. What became of the access at the provider, `useRemovalOutcome` says when it is known. */
export function useDisconnect() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.connections);
  return useMutation({
    mutationFn: (id: string) => client.ask<Disconnected>('DELETE', `/v1/connections/${id}`).then(({ data }) => data),
    onSettled: refresh,
  });
}

/** How a removal ended; undefined while it is under way. */
export function useRemovalOutcome(id: string | undefined): RemovalOutcome | undefined {
  const { client } = useGatehouse();
  const { data } = useQuery<RemovalOutcome>({
    queryKey: [...keys.connections, id, 'removal'],
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && state.data !== 'pending' ? false : 2_000),
    queryFn: async ({ signal }) => {
      const { data: rows } = await client.get<Page<ConnectionChangeView>>(`/v1/connections/${id}/history?limit=1`, signal);
      return rows[0]?.status === 'removed' ? ((rows[0].reason ?? 'not_active') as RemovalOutcome) : 'pending';
    },
  });
  return data === 'pending' ? undefined : data;
}

/** What agents may do with an app for this user. */
export function useTools(app: string): UseQueryResult<ToolView[]> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: [...keys.tools, app],
    queryFn: async ({ signal }) => (await client.get<{ data: ToolView[] }>(`/v1/tools?${search({ app })}`, signal)).data,
  });
}

/** Makes tools stricter, or takes that back. */
export function useChangeTools() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.tools);
  return useMutation({
    mutationFn: (settings: ToolSettings['settings']) => client.ask('PUT', '/v1/tools/settings', { body: { settings } }),
    onSettled: refresh,
  });
}

/** What agents did with an app, newest first. */
export function useActivity(app: string, limit = 20): List<ActivityView> {
  return useList<ActivityView>(keys.activity, '/v1/activity', { query: { app }, limit });
}

/** Who is signed in. */
export function useMe(): UseQueryResult<MeView> {
  const { client } = useGatehouse();
  return useQuery({ queryKey: keys.me, queryFn: ({ signal }) => client.get<MeView>('/v1/me', signal), staleTime: 300_000 });
}

/** The user's runs, newest first; `show`: only those that wait, are under way, or ended in one way. */
export function useRuns(show?: RunsQuery['show']): List<RunView> {
  return useList<RunView>(keys.runs, '/v1/runs', { query: { show } });
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

/** The user's messages, newest first, in this language (BCP 47) or else in their own; `first.unread` is how many are new. */
export function useInbox(language?: string): List<NotificationView, InboxPage> {
  return useList<NotificationView, InboxPage>(keys.inbox, '/v1/inbox', { query: { language } });
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
