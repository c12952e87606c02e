export { nodeEnv } from './env-node.ts'
export { type StartOptions, type System, loopSignal, startSystem } from './start.ts'
