import { ForeignText } from '@gatehouse/react/parts';
import { Box, Text } from '@mantine/core';
import { useSay } from '../words/say.js';
import { type Arguments, isList, knownLabel, ordered, plainLabel } from './fields.js';

const DEEPEST = 3;

/** The label of an argument: a word of ours where we know it, else its own name. */
export function useLabel(): (key: string) => string {
  const say = useSay();
  return (key) => {
    const known = knownLabel(key);
    return known ? say(known) : plainLabel(key);
  };
}

/** The arguments of a call as a person reads them: known ones first, any other as label and value, all of it as text. */
export function FieldList({ args, depth = 0 }: { args: Arguments; depth?: number }) {
  const label = useLabel();
  return (
    <Box component="dl" m={0} miw={0}>
      {ordered(args).map(([key, value]) => (
        <Box key={key} mb="xs" miw={0}>
          <Text component="dt" size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {label(key)}
          </Text>
          <Box component="dd" ms={depth ? 'sm' : 0} miw={0}>
            <Value value={value} depth={depth} />
          </Box>
        </Box>
      ))}
    </Box>
  );
}

function Value({ value, depth }: { value: unknown; depth: number }) {
  const say = useSay();
  if (value === null || value === undefined || value === '') return <Text size="sm">{say('field.nothing')}</Text>;
  if (typeof value === 'boolean') return <Text size="sm">{say(value ? 'field.yes' : 'field.no')}</Text>;
  if (typeof value === 'string' || typeof value === 'number') return <ForeignText text={String(value)} />;
  if (isList(value)) return <ForeignText text={value.join('\n')} />;
  if (depth >= DEEPEST) return <ForeignText text={JSON.stringify(value)} />;
  const parts = Array.isArray(value) ? Object.fromEntries(value.map((item, index) => [String(index + 1), item])) : (value as Arguments);
  return <FieldList args={parts} depth={depth + 1} />;
}
