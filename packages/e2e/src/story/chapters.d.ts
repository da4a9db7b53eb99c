import { type Run, type Stage } from './stage.js';
export declare function people(stage: Stage): Promise<void>;
export declare function blocked(stage: Stage): Promise<Run>;
export declare function firstConnection(stage: Stage, waiting: Run): Promise<string>;
export declare function unattended(stage: Stage): Promise<void>;
export declare function expiry(stage: Stage, connectionId: string): Promise<void>;
export declare function reconnection(stage: Stage, connectionId: string): Promise<void>;
export declare function garbage(stage: Stage): Promise<void>;
