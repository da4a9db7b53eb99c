import { real } from './real.js';

real('core');
