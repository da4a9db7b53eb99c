import { type DynamicModule, Module } from '@nestjs/common';
import { LiftSwitch } from './lift-switch.js';
import { ListSwitches } from './list-switches.js';
import { SetSwitch } from './set-switch.js';
import type { SwitchScope } from './switch.js';
import { SCOPES, SwitchesController } from './switches.controller.js';

/** The operators' routes at `admin/switches`. What a switch stops is the app's own to see to, with `concerns` and `openSwitches`. */
@Module({})
export class SwitchesModule {
  /** `scopes` are those that mean something in this app; another one is refused. */
  static for(scopes: readonly SwitchScope[]): DynamicModule {
    return {
      module: SwitchesModule,
      controllers: [SwitchesController],
      providers: [ListSwitches, SetSwitch, LiftSwitch, { provide: SCOPES, useValue: scopes }],
    };
  }
}
