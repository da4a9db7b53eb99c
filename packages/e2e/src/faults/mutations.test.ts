import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mutation, mutations } from './mutations.js';

const dist = join(import.meta.dirname, '../../../messaging/dist');
const edits = Object.entries<Mutation>(mutations).flatMap(([name, mutation]) => mutation.edits.map((edit) => ({ name, ...edit })));

describe('the safeguards that a campaign can take out', () => {
  it.each(edits)('stand where they are looked for, once: $name in $file', ({ file, find }) => {
    expect(readFileSync(join(dist, file), 'utf8').split(find)).toHaveLength(2);
  });
});
