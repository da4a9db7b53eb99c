import { Box, Text, VisuallyHidden } from '@mantine/core';
import { useSay } from '../words/say.js';
import { difference } from './difference.js';
import { useLabel } from './field-list.js';
import { type Arguments, isList, ordered, sameValue } from './fields.js';

const SHOWN = 4_000;

/** What an edit changes, field by field. */
export function Changes({ from, to }: { from: Arguments; to: Arguments }) {
  const label = useLabel();
  const changed = ordered(from).filter(([key, value]) => !sameValue(value, to[key]));
  return (
    <Box component="dl" m={0} miw={0}>
      {changed.map(([key, value]) => (
        <Box key={key} mb="xs" miw={0}>
          <Text component="dt" size="sm" c="dimmed">
            {label(key)}
          </Text>
          <Box component="dd" m={0}>
            <Change from={asText(value)} to={asText(to[key])} />
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function Change({ from, to }: { from: string; to: string }) {
  const say = useSay();
  const { before, removed, added, after } = difference(from, to);
  return (
    <Text component="pre" size="sm" m={0} dir="auto" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', fontFamily: 'inherit' }}>
      {before.length > SHOWN ? `…${before.slice(-SHOWN)}` : before}
      {removed && (
        <Box component="del" bg="var(--mantine-color-red-light)" c="var(--mantine-color-text)">
          <VisuallyHidden>{say('approval.diff.removed')} </VisuallyHidden>
          {removed}
        </Box>
      )}
      {added && (
        <Box component="ins" bg="var(--mantine-color-green-light)" c="var(--mantine-color-text)">
          <VisuallyHidden>{say('approval.diff.added')} </VisuallyHidden>
          {added}
        </Box>
      )}
      {after.length > SHOWN ? `${after.slice(0, SHOWN)}…` : after}
    </Text>
  );
}

const asText = (value: unknown): string => (isList(value) ? value.join('\n') : String(value ?? ''));
