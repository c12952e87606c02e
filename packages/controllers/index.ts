export { EndpointSliceController } from './endpointslice/controller.ts'
export { SliceMetrics } from './endpointslice/metrics.ts'
export { planService } from './endpointslice/plan.ts'
export { SliceState } from './endpointslice/state.ts'
export { EventRecorder } from './engine/events.ts'
export { Expectations, type Seen } from './engine/expectations.ts'
export {
  type Expected, type Plan, type PlannedEvent, type RunResult, type Step, type StepResult, noPlan,
} from './engine/plan.ts'
export { type GatherOptions, KeyQueue } from './engine/queue.ts'
export { type Looked, type RunOptions, runQueue } from './engine/run.ts'
export { Writer, type WriterOptions, effectUnknown } from './engine/writer.ts'
export {
  type ControllerContext, type ControllerOptions, type ControllerSpec, defaultControllerOptions,
} from './engine/controller.ts'
export { controllers, selectControllers } from './table.ts'
export { KeyedController, type KeyedOptions, untilAborted } from './engine/keyed.ts'
export { controllerOf, controllerReference } from './engine/owner.ts'
