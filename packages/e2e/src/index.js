export { Issuer } from './issuer.js';
export { tellStory } from './story/tell-story.js';
//# sourceMappingURL=index.js.map
