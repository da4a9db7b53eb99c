import { Box, Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useSay } from './say.js';

const SHOWN = 600;

/** Text from elsewhere, such as what a tool returned: shown as it is, never as markup, cut when it is long, and marked with where it is from. */
export function ForeignText({ text, source }: { text: string; source?: string }) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const long = text.length > SHOWN;
  return (
    <Box component="figure" m={0}>
      <Text component="pre" size="sm" m={0} ff="monospace" dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {long && !open ? `${text.slice(0, SHOWN)}…` : text}
      </Text>
      {long && (
        <Button variant="subtle" size="compact-sm" aria-expanded={open} onClick={() => setOpen(!open)}>
          {say(open ? 'foreign.less' : 'foreign.more')}
        </Button>
      )}
      {source && (
        <Text component="figcaption" size="xs" c="dimmed">
          {say('foreign.mark', { source })}
        </Text>
      )}
    </Box>
  );
}

/** A name or label from elsewhere in one line: cut by the layout, whole in its title, in its own writing direction. */
export function ForeignName({ text, maxWidth = '100%' }: { text: string; maxWidth?: string }) {
  return (
    <bdi
      title={text.slice(0, SHOWN)}
      style={{
        display: 'inline-block',
        maxWidth,
        overflow: 'hidden',
        textOverflow: 'ellipsis',
        whiteSpace: 'nowrap',
        verticalAlign: 'bottom',
      }}
    >
      {text}
    </bdi>
  );
}
