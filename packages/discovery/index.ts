export { type Address, type Family, familyOf, parseAddress } from './address.ts'
export { endpointOf, isPodReady, isSameEndpoint, isSameState, zoneOf } from './endpoint.ts'
export { familiesOf, hasNoClusterIP } from './families.ts'
export { limits } from './limits.ts'
export {
  type Exclusion, type Membership, type PodAddresses, addressesOf, exclusions, membership,
  publishesNotReady, selects, whySelectsNothing, whyUnfit,
} from './membership.ts'
export { type Draft, type Packing, pack } from './packing.ts'
export { Placement, type Wanted, isOwnedBy } from './placement.ts'
export { type PortGroup, noPorts, portResolver, portsKey, resolvePorts } from './ports.ts'
export { SelectorIndex } from './selector-index.ts'
export {
  type Labels, headlessLabel, labelsDiffer, labelsEqual, managedByController, managedByLabel,
  serviceNameLabel, sliceLabels,
} from './service-labels.ts'
export {
  type DraftStep, type FamilyPlan, type PlanOptions, type SliceWrite, planFamily,
} from './slice-plan.ts'
export { TriggerTimes, podTriggerTime, triggerTimeAnnotation } from './trigger-time.ts'
