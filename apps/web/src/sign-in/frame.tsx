import { Container, Paper, Stack, Title } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useWindowTitle } from '../shell/page.js';

/** The pages before one is signed in: one heading, one thing to do. */
export function Frame({ title, onSubmit, children }: { title: string; onSubmit?: () => void; children: ReactNode }) {
  useWindowTitle(title);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <Container component="main" size={440} pt="12vh" pb="xl">
      <Paper withBorder p="lg" radius="md">
        <form onSubmit={submit} method="post">
          <Stack>
            <Title order={1} size="h3">
              {title}
            </Title>
            {children}
          </Stack>
        </form>
      </Paper>
    </Container>
  );
}
