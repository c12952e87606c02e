export { type ControlLoopOptions, type ControlLoops, startControlLoops } from './assemble.ts'
export { type SystemConfig, defaultConfig } from './config.ts'
