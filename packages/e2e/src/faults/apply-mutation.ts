import { registerHooks } from 'node:module';
import { BUILT, isIsolationMutation, isMutation, isolationMutations, type Mutation, mutations } from './mutations.js';

// Loaded by `node --import` into the processes of a campaign that proves itself; never by the product.
const { GATEHOUSE_WITHOUT: name = '' } = process.env;
const mutation: Mutation | undefined = isMutation(name)
  ? mutations[name]
  : isIsolationMutation(name)
    ? isolationMutations[name]
    : undefined;
if (!mutation) throw new Error(`there is no safeguard ${name} to take out`);
const { edits } = mutation;

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    const mine = edits.filter(({ of = 'messaging', file }) => url.endsWith(`/${BUILT[of]}/${file}`));
    if (mine.length === 0 || !loaded.source) return loaded;
    let source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString('utf8');
    for (const { file, find, put } of mine) {
      if (source.split(find).length !== 2) throw new Error(`the text to take out does not stand once in ${file}: ${find}`);
      source = source.replace(find, () => put);
    }
    return { ...loaded, source };
  },
});
