import type { Log, LogFields } from '@slicewise/base'
import { objectKey } from '@slicewise/kube'
import type { Plan, RunResult, StepResult } from './plan.ts'

/**
 * What becomes of one key, told so that the lines of a key are a story: `debug` (verbosity 2) has
 * plans, writes and refusals, `trace` (verbosity 4) also each look at it and what it waits for.
 */
export function tellPlan(log: Log, controller: string, key: string, plan: Plan): void {
  const { steps, problem, againMs, events = [] } = plan
  const counts: Record<string, number> = {}
  for (const { verb } of steps) counts[verb] = (counts[verb] ?? 0) + 1
  const fields = {
    controller, key, ...counts,
    ...(events.length === 0 ? {} : { events: events.map(({ reason }) => reason).join(',') }),
    ...(problem === undefined ? {} : { problem }),
    ...(againMs === undefined ? {} : { againMs }),
  }
  if (steps.length === 0 && problem === undefined) tellDetail(log, 'nothing to write', fields)
  else log.debug('planned', fields)
}

export function tellRun(log: Log, controller: string, key: string, { results }: RunResult): void {
  for (const result of results) {
    const { step } = result
    const fields = { controller, key, verb: step.verb, object: objectOf(result) }
    if (result.ok) {
      log.debug('written', { ...fields, revision: result.object?.metadata.resourceVersion ?? '' })
    } else log.debug('not written', { ...fields, because: result.error.message })
  }
}

export function tellDetail(log: Log, message: string, fields: LogFields): void {
  log.trace?.(message, fields)
}

function objectOf(result: StepResult): string {
  const { step } = result
  const { ref } = step
  const subresource = 'subresource' in step && step.subresource ? `/${step.subresource}` : ''
  // What the server gave a name to is told by that.
  const made = result.ok ? result.object?.metadata : undefined
  const item = made ?? ('item' in step ? step.item : step.object.metadata)
  const name = item?.name ?? ''
  return `${ref.resource}${subresource} ${objectKey({ namespace: item?.namespace ?? '', name })}`
}
