import type { ActivityView, DecisionView } from '@gatehouse/contracts';
import { useMutation } from '@tanstack/react-query';
import { keys } from './keys.js';
import { useGatehouse } from './provider.js';
import { type List, useList } from './use-list.js';

/** All that agents did with the user's accounts, newest first; of one app or one run if these are given. */
export function useAllActivity({ app, runId }: { app?: string | undefined; runId?: string | undefined }): List<ActivityView> {
  return useList<ActivityView>(keys.activity, '/v1/activity', { query: { app, runId } });
}

/** What was allowed and refused to the user's agents, newest first. */
export function useDecisions(): List<DecisionView> {
  return useList<DecisionView>(keys.decisions, '/v1/decisions');
}

/** Reads the whole record as a file; fails when it was cut off on the way. */
export function useExport() {
  const { client } = useGatehouse();
  return useMutation({
    mutationFn: async () => {
      const answer = await client.open('GET', '/v1/export');
      const name = /filename="([\w.-]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? 'gatehouse.json';
      return { name, file: await answer.blob() };
    },
  });
}

/** Deletes the user and all that is theirs; 403 `wrong_password`. The session is over afterwards. */
export function useDeleteMe() {
  const { client } = useGatehouse();
  return useMutation({ mutationFn: (password: string) => client.ask<void>('DELETE', '/v1/me', { body: { password } }) });
}
