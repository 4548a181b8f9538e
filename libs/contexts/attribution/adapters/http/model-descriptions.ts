import { AttributionModels, type AttributionModel } from '../../contract/index.js';

const descriptions: Readonly<Record<AttributionModel, string>> = {
  first_touch: 'The first touchpoint earns all.',
  last_touch: 'The last touchpoint earns all.',
  linear: 'All touchpoints earn the same.',
  time_decay: 'A touchpoint earns half of what one earns that is younger by half_life_days.',
  position_based: 'The first touchpoint earns first_weight, the last one last_weight, those in between share the rest.',
};

export const modelDescriptions = AttributionModels.map((model) => ({ model, description: descriptions[model] }));
