import { appName, type RunCallView } from '@gatehouse/contracts';
import { ForeignText } from '@gatehouse/react/parts';
import { Stack, Text } from '@mantine/core';
import { FieldList } from '../approvals/field-list.js';
import type { WordId } from '../words/index.js';
import { useSay } from '../words/say.js';

const RULES: Readonly<Record<RunCallView['decision'], WordId>> = {
  allowed: 'call.allowed',
  approved: 'call.approved',
  unattended: 'call.unattended',
  refused: 'call.refused',
  rejected: 'call.rejected',
};
/** What our own runner writes before a result. */
const MARK = /^From [^\n]{1,80}, not verified:\n/;

/** What was sent and what came back, as text, and by what rule. */
export function CallDetails({ call }: { call: RunCallView }) {
  const say = useSay();
  const { arguments: args, result, happened } = call;
  return (
    <Stack gap="xs">
      <Text size="sm">{say(RULES[call.decision])}</Text>
      {happened !== null && <Text size="sm">{say(happened ? 'call.happened' : 'call.did-not')}</Text>}
      {args && Object.keys(args).length > 0 && (
        <div>
          <Text size="sm" fw={600}>
            {say('call.sent')}
          </Text>
          <FieldList args={args} />
        </div>
      )}
      {result && (
        <div>
          <Text size="sm" fw={600}>
            {say('call.came-back')}
          </Text>
          <ForeignText text={result.text.replace(MARK, '')} {...(call.app && { source: appName(call.app) })} />
          {result.cut && (
            <Text size="xs" c="dimmed">
              {say('call.cut')}
            </Text>
          )}
        </div>
      )}
    </Stack>
  );
}
