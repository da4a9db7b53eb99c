import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT, isolationMutations, type Mutation, mutations } from './mutations.js';

const root = join(import.meta.dirname, '../../../..');
const edits = Object.entries<Mutation>({ ...mutations, ...isolationMutations }).flatMap(([name, mutation]) =>
  mutation.edits.map((edit) => ({ name, ...edit })),
);

describe('the safeguards that a campaign can take out', () => {
  it.each(edits)('stand where they are looked for, once: $name in $file', ({ of = 'messaging', file, find }) => {
    expect(readFileSync(join(root, BUILT[of], file), 'utf8').split(find)).toHaveLength(2);
  });
});
