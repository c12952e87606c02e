export { Cache, type CacheOptions, type ChangeListener } from './cache.ts'
export { Index } from './indexes.ts'
export {
  type Reflecting, Reflector, type ReflectorOptions, type ReflectorSink,
} from './reflector.ts'
export { CacheSet, type CacheSetOptions } from './cache-set.ts'
export { CountingTransport } from './counting-transport.ts'
export { HttpApi, statusError } from './http-api.ts'
export { type Transport, type TransportRequest, type TransportResponse } from './transport.ts'
