export { Issuer } from './issuer.js';
export { type Doors, tellStory } from './story/tell-story.js';
