import { start } from '@gatehouse/runtime';
import { AppModule } from './app.module.js';
import { readConfig } from './config.js';
import { fastify } from './fastify.js';

const config = readConfig();
await start(AppModule.for(config), config, { fastify });
