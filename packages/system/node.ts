export { nodeEnv } from './env-node.ts'
export { type StartOptions, type System, startSystem } from './start.ts'
