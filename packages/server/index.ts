export type * from './contract.ts'
export {
  type OpenRegistry, type RegistryOptions, defaultSettings, openRegistry,
} from './registry.ts'
export type { Settings } from './core.ts'
export { type ApiOptions, createApi } from './api.ts'
export { type BootstrapOptions, bootstrap, keepBootstrapped } from './bootstrap.ts'
