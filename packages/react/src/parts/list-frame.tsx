import { Alert, Button, Group, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { type ReactNode, useId } from 'react';
import type { List } from '../use-list.js';
import { ProblemNote } from './problem-note.js';
import { useSay } from './say.js';

interface ListFrameProps<T> {
  list: Pick<List<T>, 'rows' | 'error' | 'loading' | 'hasOlder' | 'loadingOlder' | 'showOlder' | 'retry'>;
  /** Height of one row in pixels: the skeletons have the final size, so that nothing jumps. */
  rowHeight: number;
  /** What is said when there is nothing. */
  empty: ReactNode;
  children: (rows: T[]) => ReactNode;
  skeletons?: number;
}

/** What every list does: skeletons first, the last rows under a banner when reading fails, the count announced, older rows by a button. */
export function ListFrame<T>({ list, rowHeight, empty, children, skeletons = 3 }: ListFrameProps<T>) {
  const say = useSay();
  const { rows, error, loading, hasOlder, loadingOlder, showOlder, retry } = list;
  if (!rows && error) return <ProblemNote error={error} retry={retry} />;
  if (!rows || loading) return <Skeletons count={skeletons} height={rowHeight} />;
  return (
    <Stack gap="sm">
      {error && <StaleBanner retry={retry} />}
      <VisuallyHidden role="status">{say('list.count', { count: rows.length })}</VisuallyHidden>
      {rows.length ? children(rows) : empty}
      {hasOlder && (
        <Group justify="center">
          <Button variant="default" loading={loadingOlder} onClick={showOlder}>
            {say('list.older')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Placeholders of the final size while something is read for the first time. */
export function Skeletons({ count, height }: { count: number; height: number }) {
  const say = useSay();
  const id = useId();
  return (
    <Stack gap="sm" aria-busy="true">
      <VisuallyHidden role="status">{say('list.loading')}</VisuallyHidden>
      {Array.from({ length: count }, (_, index) => `${id}${index}`).map((key) => (
        <Skeleton key={key} height={height} />
      ))}
    </Stack>
  );
}

/** Over a list that could not be read again. */
export function StaleBanner({ retry }: { retry: () => void }) {
  const say = useSay();
  return (
    <Alert color="yellow" variant="light" role="status">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{say('list.stale')}</Text>
        <Button variant="default" onClick={retry}>
          {say('list.retry')}
        </Button>
      </Group>
    </Alert>
  );
}
