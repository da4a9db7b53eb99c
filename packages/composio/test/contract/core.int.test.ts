import { contract } from './contract.js';

contract('core');
