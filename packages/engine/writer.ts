import { type Api, type Stored, StatusError } from '@slicewise/kube'
import { limits } from './limits.ts'
import type { Expected, Plan, RunResult, Step, StepResult } from './plan.ts'

export interface WriterOptions {
  readonly api: Api
  /** `fieldManager` of every write. */
  readonly manager: string
  readonly signal?: AbortSignal
  /**
   * Results hold metadata alone, and objects of plans are never changed once they are sent: spares
   * reading back what was written, twice.
   */
  readonly metadataOnly?: true
  /** A failure that counts as done: the rest of the plan is dropped without an error. */
  readonly endsQuietly?: (error: StatusError, step: Step) => boolean
}

/**
 * The only place where a controller writes. Steps run in order (see `Plan.parallel`); a failure
 * ends the run.
 */
export class Writer {
  readonly #options: WriterOptions
  /** Successful writes since the start, by verb. */
  readonly counts = { create: 0, update: 0, patch: 0, delete: 0, post: 0 }

  constructor(options: WriterOptions) {
    this.#options = options
  }

  get api(): Api {
    return this.#options.api
  }

  async run(plan: Plan): Promise<RunResult> {
    const results: StepResult[] = []
    const expected: Expected[] = []
    let size = 1
    for (let at = 0; at < plan.steps.length;) {
      const batch = plan.steps.slice(at, at + batchLength(plan, at, size))
      at += batch.length
      size = Math.min(limits.batchMax, size * 2)
      const outcomes = await Promise.all(batch.map((step) => this.#try(step)))
      let failed: StepResult & { ok: false } | undefined
      for (const { result, expectation } of outcomes) {
        results.push(result)
        if (expectation !== undefined) expected.push(expectation)
        if (!result.ok) failed ??= result
      }
      if (failed === undefined) continue
      return { results, expected, error: this.#isQuiet(failed) ? undefined : failed.error }
    }
    return { results, expected, error: undefined }
  }

  async #try(step: Step): Promise<{ result: StepResult; expectation?: Expected | undefined }> {
    try {
      const object = await this.#do(step)
      this.counts[step.verb]++
      return { result: { step, ok: true, object }, expectation: expectationOf(step, object) }
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      if (isGone(error, step)) return { result: { step, ok: true, object: undefined } }
      return {
        result: { step, ok: false, error },
        expectation: effectUnknown(error) ? { at: 'unknown' } : undefined,
      }
    }
  }

  #isQuiet({ error, step }: { error: Error; step: Step }): boolean {
    return error instanceof StatusError && this.#options.endsQuietly?.(error, step) === true
  }

  async #do(step: Step): Promise<Stored | undefined> {
    const { api, manager, metadataOnly = false, signal } = this.#options
    const options = {
      fieldManager: manager, metadataOnly, ...(signal === undefined ? {} : { signal }),
    }
    switch (step.verb) {
      case 'create':
        return api.create(step.ref, step.object, options)
      case 'update':
        return api.update(step.ref, step.object, withSubresource(options, step.subresource))
      case 'patch':
        return api.patch(
          step.ref, step.item, step.patch, withSubresource(options, step.subresource),
        )
      case 'post':
        return api.create(
          step.ref, step.object, { ...options, subresource: step.subresource, item: step.item },
        )
      case 'delete': {
        const answer = await api.delete(
          step.ref, step.item, { preconditions: { uid: step.uid }, ...step.options },
        )
        return answer.kind === 'Status' ? undefined : (answer as Stored)
      }
    }
  }
}

/** How many steps from `at` on run at once. */
function batchLength(plan: Plan, at: number, size: number): number {
  const verb = plan.steps[at]?.verb
  const isParallel = plan.parallel === 'creates' ? verb === 'create' : plan.parallel === true
  if (!isParallel) return 1
  let length = 1
  while (length < size && plan.steps[at + length]?.verb === verb) length++
  return length
}

function withSubresource<T extends object>(options: T, subresource: string | undefined) {
  return subresource === undefined ? options : { ...options, subresource }
}

function expectationOf(step: Step, object: Stored | undefined): Expected | undefined {
  if (step.verb === 'post') return undefined
  const { resource } = step.ref
  if (step.verb !== 'delete' || object?.metadata.deletionTimestamp) {
    return object?.metadata.uid
      ? { resource, uid: object.metadata.uid, at: object.metadata.resourceVersion }
      : undefined
  }
  return { resource, uid: step.uid, at: 'gone' }
}

/** Deleting what is gone already is done. */
function isGone(error: Error, step: Step): boolean {
  return step.verb === 'delete' && error instanceof StatusError && error.reason === 'NotFound'
}

/** Whether a failed call may have taken effect: no clear refusal came back. */
export function effectUnknown(error: Error): boolean {
  return !(error instanceof StatusError) || error.code >= 500
}
