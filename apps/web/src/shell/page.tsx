import { Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { useSay } from '../words/say.js';

interface PageProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** A page: its one heading, the same in the window's title, and its content. */
export function Page({ title, lead, children }: PageProps) {
  const say = useSay();
  const name = say('shell.name');
  useEffect(() => {
    document.title = `${title} · ${name}`;
  }, [title, name]);
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
