export {
  type Cancel, type Env, type Log, type LogFields, silentLog, sleep, steadyClock,
} from './env.ts'
export { type Revision, compareRevisions } from './revision.ts'
export { BugError, assert } from './assert.ts'
export { Queue } from './queue.ts'
export { SortedMap } from './sorted-map.ts'
export { type Deferred, deferred } from './deferred.ts'
export { seededRandom } from './random.ts'
export {
  type Cidr, type Ip, type IpFamily, cidrContains, formatCidr, formatIp, ipFamilyOf, networkOf,
  parseCidr, parseIp, specialUse,
} from './ip.ts'
export { sameJson } from './equal.ts'
export {
  Histogram, Labelled, type Labels, type MetricFamily, Metrics, type Sample, exponentialBounds,
  familyText,
} from './metrics.ts'
export { seconds } from './time.ts'
