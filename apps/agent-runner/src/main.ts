import { start } from '@gatehouse/runtime';
import { AppModule } from './app.module.js';
import { config } from './config.js';

await start(AppModule, config);
