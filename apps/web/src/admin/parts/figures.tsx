import { Paper, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface Figure {
  name: string;
  value: ReactNode;
}

/** Single numbers with what they count, side by side as far as there is room. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <SimpleGrid component="dl" cols={{ base: 1, xs: 2, sm: 3, lg: 4 }} spacing="xs" m={0}>
      {figures.map(({ name, value }) => (
        <Paper key={name} withBorder p="xs">
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" m={0} fw={600} style={{ overflowWrap: 'anywhere' }}>
            {value}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
