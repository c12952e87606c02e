export { nodeEnv } from './env-node.ts'
