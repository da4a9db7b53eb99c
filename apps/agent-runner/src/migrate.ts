import { migrate } from '@gatehouse/persistence';
import { database } from './database.js';

await migrate(database);
