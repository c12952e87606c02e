import { type Api, type Stored, StatusError } from '@slicewise/kube'
import type { Expected, Plan, RunResult, Step, StepResult } from './plan.ts'

export interface WriterOptions {
  readonly api: Api
  /** `fieldManager` of every write. */
  readonly manager: string
  readonly signal?: AbortSignal
  /** A failure that counts as done: the rest of the plan is dropped without an error. */
  readonly endsQuietly?: (error: StatusError, step: Step) => boolean
}

/** The only place where a controller writes. Steps run in order; the first failure ends the run. */
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
    for (const step of plan.steps) {
      try {
        const object = await this.#do(step)
        this.counts[step.verb]++
        results.push({ step, ok: true, object })
        const expectation = expectationOf(step, object)
        if (expectation !== undefined) expected.push(expectation)
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        if (isGone(error, step)) {
          results.push({ step, ok: true, object: undefined })
          continue
        }
        results.push({ step, ok: false, error })
        if (effectUnknown(error)) expected.push({ at: 'unknown' })
        const quiet = error instanceof StatusError && this.#options.endsQuietly?.(error, step)
        return { results, expected, error: quiet === true ? undefined : error }
      }
    }
    return { results, expected, error: undefined }
  }

  async #do(step: Step): Promise<Stored | undefined> {
    const { api, manager, signal } = this.#options
    const options = { fieldManager: manager, ...(signal === undefined ? {} : { signal }) }
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
