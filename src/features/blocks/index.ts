import type { Feature } from '../feature.js';
import { blockUpdated } from './block.changes.js';
import { blockRoutes } from './blocks.routes.js';
import { Block, BlockList } from './blocks.schemas.js';

export const blocks: Feature = {
  name: 'blocks',
  models: [Block, BlockList],
  changes: [blockUpdated],
  routes: blockRoutes,
};
