import type { WordId } from '../words/index.js';

/** What the buttons of a question say. */
export interface Deed {
  yes: WordId;
  no: WordId;
}

const SEND: Deed = { yes: 'approval.send', no: 'approval.dont-send' };
const DELETE: Deed = { yes: 'approval.delete', no: 'approval.dont-delete' };
const CREATE: Deed = { yes: 'approval.create', no: 'approval.dont-create' };
const CHANGE: Deed = { yes: 'approval.change', no: 'approval.dont-change' };
const DO: Deed = { yes: 'approval.do', no: 'approval.dont-do' };

const BY_VERB: Readonly<Record<string, Deed>> = {
  ...named(SEND, 'SEND POST REPLY'),
  ...named(DELETE, 'DELETE REMOVE TRASH'),
  ...named(CREATE, 'CREATE INSERT DRAFT'),
  ...named(CHANGE, 'UPDATE UPDATES EDIT MODIFY PATCH'),
};

/** By the first verb in the tool's name, behind the app's. */
export function deedOf(tool: string): Deed {
  const verb = tool
    .split('_')
    .slice(1)
    .find((word) => word in BY_VERB);
  return (verb && BY_VERB[verb]) || DO;
}

function named(deed: Deed, verbs: string): Record<string, Deed> {
  return Object.fromEntries(verbs.split(' ').map((verb) => [verb, deed]));
}
