import { start } from '@gatehouse/runtime';
import { AppModule } from './app.module.js';
import { config } from './config.js';
import { http } from './http.js';

await start(AppModule, config, http);
