import type { AgentView, ApprovalView, RunCallView, ToolView } from '@gatehouse/contracts';
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { all, useRefresh } from './hooks.js';
import { keys } from './keys.js';
import { useGatehouse } from './provider.js';
import { RunFeed, type RunFeedView } from './run-feed.js';

/** A burst of events, such as a replay, is one reason to read again. */
const SETTLE_MS = 150;
/** Events after which the calls of a run are others, or other than before. */
const CALLS = /^tool\.|^approval\.decided$/;

/** A run as it happens; what the other hooks know of this run is read again with each new event of it. */
export function useRunFeed(id: string): RunFeedView {
  const { client } = useGatehouse();
  const queries = useQueryClient();
  const feed = useMemo(() => new RunFeed(client, id), [client, id]);
  const view = useSyncExternalStore(feed.listen, feed.read);
  const known = useRef(0);
  const { rows } = view;
  useEffect(() => {
    if (rows.length <= known.current) return;
    const timer = setTimeout(() => {
      const fresh = rows.slice(known.current);
      known.current = rows.length;
      void queries.invalidateQueries({ queryKey: [...keys.runs, id], exact: true });
      void queries.invalidateQueries({ queryKey: [...keys.approvals, { runId: id }] });
      if (fresh.some(({ type }) => CALLS.test(type))) void queries.invalidateQueries({ queryKey: [...keys.runs, id, 'calls'] });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [queries, id, rows]);
  return view;
}

/** The tool calls of a run, with what was sent and what came back. */
export function useRunCalls(id: string, enabled = true): UseQueryResult<RunCallView[]> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: [...keys.runs, id, 'calls'],
    enabled,
    queryFn: ({ signal }) => all<RunCallView>(client, `/v1/runs/${id}/calls`, {}, signal),
  });
}

/** What waits for the user's word in one run, oldest first. */
export function useApprovalsOf(runId: string, enabled = true): UseQueryResult<ApprovalView[]> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: [...keys.approvals, { runId }],
    enabled,
    queryFn: ({ signal }) => all<ApprovalView>(client, '/v1/approvals', { runId }, signal),
  });
}

/** One approval, a decided one, too. */
export function useApproval(id: string): UseQueryResult<ApprovalView> {
  const { client } = useGatehouse();
  return useQuery({ queryKey: [...keys.approvals, id], queryFn: ({ signal }) => client.get<ApprovalView>(`/v1/approvals/${id}`, signal) });
}

/** The agents that can be asked for a run. */
export function useAgents(): UseQueryResult<AgentView[]> {
  const { client } = useGatehouse();
  return useQuery({
    queryKey: keys.agents,
    staleTime: 300_000,
    queryFn: async ({ signal }) => (await client.get<{ data: AgentView[] }>('/v1/agents', signal)).data,
  });
}

/** The tools that agents may use, by name. */
export function useToolsByName(): ReadonlyMap<string, ToolView> {
  const { client } = useGatehouse();
  const { data } = useQuery({
    queryKey: [...keys.tools, 'by-name'],
    staleTime: 300_000,
    queryFn: async ({ signal }) => (await client.get<{ data: ToolView[] }>('/v1/tools', signal)).data,
  });
  return useMemo(() => new Map((data ?? []).map((tool) => [tool.tool, tool])), [data]);
}

/** Says what became of a call that nobody could confirm. Nothing is sent again for it. */
export function useSayOutcome(runId: string) {
  const { client } = useGatehouse();
  const refresh = useRefresh(keys.runs);
  return useMutation({
    mutationFn: ({ toolCallId, happened }: { toolCallId: string; happened: boolean }) =>
      client.post<unknown>(`/v1/runs/${runId}/calls/${encodeURIComponent(toolCallId)}/outcome`, { happened }),
    onSettled: refresh,
  });
}
