export * from './contract.ts'
export { openMemoryStore } from './memory.ts'
