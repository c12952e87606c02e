export {
  type Finding, type FindingId, type Severity, findingGroups, findingTable,
} from './findings.ts'
export { type LastWriter, lastWriter } from './last-writer.ts'
export { type LabelMiss, type NearMiss, nearMiss } from './near-miss.ts'
export { type ReadOptions, readPodWorld, readServiceWorld } from './read-world.ts'
export {
  type ShadowDifference, type ShadowOptions, type ShadowReport, type ShadowedService, Shadow,
} from './shadow.ts'
export { shadowSubjects } from './shadow-subjects.ts'
export { shadowText } from './shadow-text.ts'
export { podText, serviceText } from './text.ts'
export { type PodReport, type SelectingService, whyPod } from './why-pod.ts'
export {
  type ItemName, type PodSummary, type ServiceReport, type Verdict, whyService,
} from './why-service.ts'
export { isInFlight, readyEndpoints } from './wait.ts'
export type { Unread, Workload, World } from './world.ts'
