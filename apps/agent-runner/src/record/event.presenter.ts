import type { RunEventView } from '@gatehouse/contracts';
import type { RunEvent } from '../runs/run-event.entity.js';

export const presentEvent = ({ seq, type, data, at }: RunEvent): RunEventView => ({ seq, type, data, at: at.toISOString() });
