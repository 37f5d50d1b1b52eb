export type { SimulatorCall } from './api.ts';
export type { SimulatorState } from './controls.ts';
export type { Fault } from './faults.ts';
export { createSimulator, type Simulator, type SimulatorOptions } from './simulator.ts';
export type { SimulatorUser } from './users.ts';
