import { Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useSay } from '../words/say.js';

interface PageProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** The title of the window: the page's own, then ours. */
export function useWindowTitle(title: string): void {
  const say = useSay();
  const name = say('shell.name');
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
}

/** A page: its one heading, the same in the window's title, and its content. */
export function Page({ title, lead, children }: PageProps) {
  useWindowTitle(title);
  return (
    <Stack gap="lg">
      <div>
        <Title order={1} size="h2">
          {title}
        </Title>
        {lead && <Text c="dimmed">{lead}</Text>}
      </div>
      {children}
    </Stack>
  );
}
