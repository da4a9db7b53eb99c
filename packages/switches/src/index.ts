export { LiftSwitch } from './lift-switch.js';
export { ListSwitches } from './list-switches.js';
export { concerns, type OpenSwitch, openSwitches, stops } from './open-switches.js';
export { type NewSwitch, SetSwitch } from './set-switch.js';
export { SwitchesModule } from './switches.module.js';
export { switchTableNames, switchTables } from './tables.js';
