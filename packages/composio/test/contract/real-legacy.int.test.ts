import { real } from './real.js';

real('legacy');
