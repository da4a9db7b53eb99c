export { ForeignName, ForeignText } from './foreign-text.js';
export { ListFrame, Skeletons, StaleBanner } from './list-frame.js';
export { ProblemNote } from './problem-note.js';
export { problemWords } from './problem-words.js';
