import { Text } from '@mantine/core';
import { Frame } from '../../sign-in/frame.js';
import { useSay } from '../../words/say.js';
import { Stays } from './remains.js';

/** The receipt of somebody who deleted their data. */
export function Goodbye() {
  const say = useSay();
  return (
    <Frame title={say('privacy.goodbye')}>
      <Text role="status">{say('privacy.goodbye.text')}</Text>
      <Stays />
      <Text>{say('privacy.goodbye.look')}</Text>
    </Frame>
  );
}
