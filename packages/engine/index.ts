export {
  type ControllerContext, type ControllerOptions, type ControllerSpec, defaultControllerOptions,
} from './controller.ts'
export { type Electing, Election, type ElectionOptions } from './election.ts'
export { EventRecorder } from './events.ts'
export { Expectations, type Reached, type Seen, type Stalled } from './expectations.ts'
export { FencedApi, NotLeading } from './fence.ts'
export { heartbeatGraceMs, heartbeatMs } from './heartbeat.ts'
export { KeyedController, type KeyedOptions, onlyObject, untilAborted } from './keyed.ts'
export { isTerminating } from './refusals.ts'
export { limits as engineLimits } from './limits.ts'
export { type LeaseTerms, defaultTerms, termsFault } from './lease.ts'
export { controllerOf, controllerReference } from './owner.ts'
export {
  type Expected, type Plan, type PlannedEvent, type RunResult, type Step, type StepResult, noPlan,
} from './plan.ts'
export { type GatherOptions, KeyQueue } from './queue.ts'
export { tellDetail, tellPlan, tellRun } from './story.ts'
export { type Looked, type RunOptions, runQueue } from './run.ts'
export { Writer, type WriterOptions, effectUnknown } from './writer.ts'
