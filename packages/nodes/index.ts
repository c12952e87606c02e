export { Simulator, type SimulatorOptions } from './simulator.ts'
export { annotations, steeringOf, type Steering } from './steering.ts'
export { type PodRuntime, SimulatedRuntime } from './runtime.ts'
