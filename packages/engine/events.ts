import type { Env } from '@slicewise/base'
import { type Api, type KubeObject, type ResourceRef, StatusError } from '@slicewise/kube'
import { limits } from './limits.ts'
import type { PlannedEvent } from './plan.ts'

/** The core/v1 Event as this recorder writes it. */
interface CoreEvent extends KubeObject {
  involvedObject: object
  reason: string
  message: string
  type: string
  count: number
  firstTimestamp: string
  lastTimestamp: string
  source: { component: string }
  reportingComponent: string
  reportingInstance: string
}

const eventsRef: ResourceRef<CoreEvent> = {
  group: '', version: 'v1', resource: 'events', kind: 'Event', namespaced: true,
}

interface Recorded {
  readonly name: string
  readonly namespace: string
  readonly firstMs: number
  count: number
}

/**
 * Records Events on objects as client-go's recorder does: a repetition raises the count of the
 * first Event instead of adding another. Recording never fails a caller; a lost Event is logged.
 */
export class EventRecorder {
  readonly #api: Api
  readonly #env: Env
  readonly #component: string
  readonly #recorded = new Map<string, Recorded>()

  constructor(options: { api: Api; env: Env; component: string }) {
    this.#api = options.api
    this.#env = options.env
    this.#component = options.component
  }

  record(event: PlannedEvent): void {
    void this.#write(event).catch((error: unknown) => {
      this.#env.log.warn('event not recorded', {
        reason: event.reason, because: error instanceof Error ? error.message : String(error),
      })
    })
  }

  async #write(event: PlannedEvent): Promise<void> {
    const { uid } = event.regarding.metadata
    const key = `${uid}\n${event.type}\n${event.reason}\n${event.message}`
    const known = this.#recorded.get(key)
    const nowMs = this.#env.nowMs()
    if (known === undefined || nowMs - known.firstMs > limits.eventMsMax) {
      return this.#create(key, event, nowMs)
    }
    known.count++
    const patch = { count: known.count, lastTimestamp: seconds(nowMs) }
    try {
      await this.#api.patch(eventsRef, known, { type: 'merge', patch })
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
      await this.#create(key, event, nowMs)
    }
  }

  async #create(key: string, event: PlannedEvent, nowMs: number): Promise<void> {
    const { metadata } = event.regarding
    const namespace = metadata.namespace ?? 'default'
    const name = `${metadata.name}.${this.#suffix()}`
    if (this.#recorded.size >= limits.eventKeys) this.#recorded.clear()
    this.#recorded.set(key, { name, namespace, firstMs: nowMs, count: 1 })
    await this.#api.create(eventsRef, {
      metadata: { name, namespace },
      involvedObject: {
        kind: event.regardingKind,
        apiVersion: event.regardingApiVersion,
        name: metadata.name,
        uid: metadata.uid,
        resourceVersion: metadata.resourceVersion,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      },
      reason: event.reason,
      message: event.message,
      type: event.type,
      count: 1,
      firstTimestamp: seconds(nowMs),
      lastTimestamp: seconds(nowMs),
      source: { component: this.#component },
      reportingComponent: this.#component,
      reportingInstance: '',
    })
  }

  #suffix(): string {
    return this.#env.uid().replaceAll('-', '').slice(0, 16)
  }
}

function seconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
