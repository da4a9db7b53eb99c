import type { NotificationView, Preferences, PreferencesView, TestChannel, TestResult } from '@gatehouse/contracts';
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Answer } from './client.js';
import { useRefresh } from './hooks.js';
import { keys } from './keys.js';
import { useGatehouse } from './provider.js';

/** Marks one message as read. */
export function useMarkRead() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.inbox);
  return useMutation({
    mutationFn: (id: string) => client.ask<NotificationView>('PATCH', `/v1/inbox/${id}`, { body: { state: 'read' } }),
    onSettled: refresh,
  });
}

/** Marks as read all messages up to this one: what came after it was not seen. */
export function useMarkInboxRead() {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.inbox);
  return useMutation({ mutationFn: (upTo: string) => client.post<{ unread: number }>('/v1/inbox/read', { upTo }), onSettled: refresh });
}

/** How the user is told, with the tag that a change of it is based on. Never read again behind the back of somebody who is changing it. */
export function usePreferences(): UseQueryResult<Answer<PreferencesView>> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: keys.preferences,
    queryFn: ({ signal }) => client.ask<PreferencesView>('GET', '/v1/preferences', { signal }),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Changes how the user is told; 412 when that was changed elsewhere since it was read. */
export function useChangePreferences() {
  const { client } = useGatehouse();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ wish, tag }: { wish: Preferences; tag: string | null }) =>
      client.ask<PreferencesView>('PUT', '/v1/preferences', { body: wish, ...(tag && { ifMatch: tag }) }),
    onSuccess: (answer) => queries.setQueryData(keys.preferences, answer),
  });
}

/** Sends a test message over these channels and says what became of it. */
export function useTestMessage() {
  const { client } = useGatehouse();
  return useMutation({
    mutationFn: async (channels: TestChannel[]) => (await client.post<{ data: TestResult[] }>('/v1/preferences/test', { channels })).data,
  });
}
