import { Page } from '../../shell/page.js';
import { useSay } from '../../words/say.js';
import { Activity } from './activity.js';
import { Decisions } from './decisions.js';
import { DeleteData } from './delete-data.js';
import { Export } from './export.js';

export function Privacy() {
  const say = useSay();
  return (
    <Page title={say('shell.nav.privacy')} lead={say('privacy.lead')}>
      <Activity />
      <Decisions />
      <Export />
      <DeleteData />
    </Page>
  );
}
