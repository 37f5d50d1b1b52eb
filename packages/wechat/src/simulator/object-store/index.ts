export {
  createObjectStoreSimulator,
  type ObjectStoreSimulator,
  type ObjectStoreSimulatorOptions,
} from './object-store-simulator.ts';
