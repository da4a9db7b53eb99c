import { de as gatehouse } from '@gatehouse/react/words/de';
import type { Words } from '../index.js';
import { admin } from './admin.js';
import { adminWork } from './admin-work.js';
import { approvals } from './approvals.js';
import { inbox } from './inbox.js';
import { notifications } from './notifications.js';
import { privacy } from './privacy.js';
import { runs } from './runs.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';

export const de: Words = {
  ...shell,
  ...admin,
  ...adminWork,
  ...approvals,
  ...runs,
  ...signIn,
  ...inbox,
  ...notifications,
  ...privacy,
  ...gatehouse,
};
