import type { SwitchScope } from '@gatehouse/contracts';
import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';
import { nameOf, SCOPES } from './scope-words.js';
import type { Wish } from './use-switches.js';

const HINTS: Readonly<Record<Exclude<SwitchScope, 'everything'>, WordId>> = {
  app: 'admin.switches.hint.app',
  tool: 'admin.switches.hint.tool',
  user: 'admin.switches.hint.user',
};
/** As the contract has them: what is refused anyway is said while it is typed. */
const FORMS = { app: '[a-z0-9][a-z0-9_\\-]{0,63}', tool: '[A-Z0-9_]{1,128}', user: '[!-+\\-.-~]{1,200}' };

/** What shall be stopped; why, and how much that touches, comes next. */
export function SetSwitch({ user, onSet }: { user: string | undefined; onSet: (wish: Wish, name: string) => void }) {
  const say = useSay();
  const [scope, setScope] = useState<SwitchScope>(user ? 'user' : 'app');
  const [target, setTarget] = useState(user ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wish = { scope, target: scope === 'everything' ? null : target.trim() };
    onSet(wish, nameOf(wish, say('admin.switches.everything')));
  };
  return (
    <form onSubmit={submit}>
      <Group align="end" gap="sm">
        <NativeSelect
          size="md"
          label={say('admin.switches.scope')}
          value={scope}
          onChange={({ currentTarget }) => setScope(currentTarget.value as SwitchScope)}
          data={Object.entries(SCOPES).map(([value, word]) => ({ value, label: say(word) }))}
        />
        {scope !== 'everything' && (
          <TextInput
            label={say('admin.switches.target')}
            placeholder={say(HINTS[scope])}
            required
            withAsterisk={false}
            autoComplete="off"
            maxLength={200}
            pattern={FORMS[scope]}
            title={say(HINTS[scope])}
            value={target}
            onChange={({ currentTarget }) => setTarget(currentTarget.value)}
            style={{ flex: '1 1 14rem' }}
          />
        )}
        <Button type="submit" color="red">
          {say('admin.switches.set')}
        </Button>
      </Group>
    </form>
  );
}
