export { Cache, type CacheOptions, type ChangeListener } from './cache.ts'
export { Index } from './indexes.ts'
export {
  type Reflecting, Reflector, type ReflectorOptions, type ReflectorSink,
} from './reflector.ts'
export { CacheSet, type CacheSetOptions } from './cache-set.ts'
