export { type Address, type Family, familyOf, parseAddress } from './address.ts'
export { type Difference, type DifferenceId, differenceTable } from './difference.ts'
export { type DifferencesInput, type ExpectedFamily, differencesOf } from './differences.ts'
export { portsText } from './endpoint-differences.ts'
export {
  endpointOf, isPodReady, isSameEndpoint, isSameState, zoneOf,
} from './endpoint.ts'
export { offerOf } from './endpoints-offer.ts'
export { familiesOf, hasNoClusterIP } from './families.ts'
export { type HintRefusal, type ZoneCounts, isOverloaded } from './hints/auto.ts'
export type { HintOutcome } from './hints/give.ts'
export { type HintMode, type TrafficDistribution, hintModeOf, noHints } from './hints/mode.ts'
export { type ZoneRatios, changesCapacity, zoneRatios } from './hints/zone-capacity.ts'
export { limits } from './limits.ts'
export {
  type Exclusion, type Membership, type PodAddresses, addressesOf, exclusions, membership,
  publishesNotReady, selects, whySelectsNothing, whyUnfit,
} from './membership.ts'
export { type Draft, type Packing, pack } from './packing.ts'
export {
  type Mirror, type MirroredGroup, isMirrorable, leaderAnnotation, managedByMirroring, mirrorKey,
  mirrorOf, skipMirrorLabel,
} from './mirror.ts'
export { type MirrorPlan, planMirror, planUnmirror } from './mirror-plan.ts'
export { type Offer, type Packed, PackedSubsets } from './packed-subsets.ts'
export { Placement, type Wanted, isOwnedBy } from './placement.ts'
export { type PortGroup, noPorts, portResolver, portsKey, resolvePorts } from './ports.ts'
export { SelectorIndex } from './selector-index.ts'
export {
  type Labels, headlessLabel, labelsDiffer, labelsEqual, managedByController, managedByLabel,
  serviceNameLabel, sliceLabels,
} from './service-labels.ts'
export {
  type FamilyPlan, type PlanOptions, type SliceWrite, planFamily,
} from './slice-plan.ts'
export { endpointsPorts, isRepacked, repackSubsets, sameSubsets } from './subsets.ts'
export { TriggerTimes, podTriggerTime, triggerTimeAnnotation } from './trigger-time.ts'
