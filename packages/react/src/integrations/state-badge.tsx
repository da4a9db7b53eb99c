import { Badge } from '@mantine/core';
import { useSay } from '../parts/say.js';
import { Icon } from './icon.js';
import type { UiState } from './state.js';
import { badges } from './words-of.js';

export function StateBadge({ state }: { state: UiState }) {
  const say = useSay();
  const { icon, word, colour } = badges[state];
  return (
    <Badge
      variant="outline"
      color={colour}
      c="inherit"
      size="lg"
      tt="none"
      fw={500}
      style={{ flex: 'none', maxWidth: '100%' }}
      leftSection={<Icon name={icon} />}
    >
      {say(word)}
    </Badge>
  );
}
