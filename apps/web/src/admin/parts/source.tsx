import { ApiProblem } from '@gatehouse/react';
import { ProblemNote, Skeletons } from '@gatehouse/react/parts';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSay } from '../../words/say.js';
import { Age } from './age.js';

interface SourceProps<T> {
  read: Pick<UseQueryResult<T>, 'data' | 'error' | 'dataUpdatedAt' | 'refetch'>;
  /** The app that answers. */
  name: string;
  height?: number;
  /** When it was measured, if that is not when it was read. */
  measuredAt?: (data: T) => string;
  children: (data: T) => ReactNode;
}

/** What one app says of itself: its numbers with their age, or that it does not answer. Never a zero that nobody counted. */
export function Source<T>({ read: { data, error, dataUpdatedAt, refetch }, name, height = 160, measuredAt, children }: SourceProps<T>) {
  const say = useSay();
  const retry = () => void refetch();
  const away = error !== null && isAway(error);
  if (data === undefined && !error) return <Skeletons count={1} height={height} />;
  return (
    <Stack gap="xs">
      {error && !away && <ProblemNote error={error} retry={retry} />}
      {away && (
        <Alert color="yellow" variant="light" role="alert">
          <Group justify="space-between" gap="sm">
            <Text size="sm">{say(data === undefined ? 'admin.silent' : 'admin.silent.since', { name })}</Text>
            <Button variant="default" onClick={retry}>
              {say('list.retry')}
            </Button>
          </Group>
        </Alert>
      )}
      {data !== undefined && (
        <>
          {children(data)}
          <Age at={measuredAt?.(data) ?? dataUpdatedAt} />
        </>
      )}
    </Stack>
  );
}

/** Of a failure, whether it says no more than that somebody is away. */
export const isAway = (error: unknown): boolean =>
  !(error instanceof ApiProblem) || error.status === 404 || error.status >= 500 || error.code === 'unreadable';
