import { seconds } from '@slicewise/base'
import type { Env } from '@slicewise/base'
import { type Api, type KubeObject, type ResourceRef, StatusError } from '@slicewise/kube'
import { EventCorrelator, type Recorded } from './correlate.ts'
import type { PlannedEvent } from './plan.ts'
import { isGoing } from './refusals.ts'

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

/**
 * Records Events on objects as client-go's recorder does: a repetition raises the count of the
 * first Event instead of adding another, similar ones are combined, and an object that has too much
 * to tell is cut short. Recording never fails a caller; a lost Event is logged.
 */
export class EventRecorder {
  readonly #api: Api
  readonly #env: Env
  readonly #component: string
  readonly #correlator = new EventCorrelator()

  constructor(options: { api: Api; env: Env; component: string }) {
    this.#api = options.api
    this.#env = options.env
    this.#component = options.component
  }

  record(event: PlannedEvent): void {
    const nowMs = this.#env.nowMs()
    const { uid, name, namespace = 'default' } = event.regarding.metadata
    const correlated = this.#correlator.correlate({
      // What could not be made has no uid yet; it is told apart by its name.
      object: uid || `${event.regardingKind} ${namespace}/${name}`,
      kind: `${event.type} ${event.reason}`, message: event.message, nowMs,
      name: () => ({ name: `${name}.${this.#suffix()}`, namespace }),
    })
    if (correlated === undefined) return
    const { recorded, message } = correlated
    const { count } = recorded
    const write = (): Promise<void> => this.#write({ ...event, message }, recorded, count, nowMs)
    recorded.written = recorded.written.then(write).catch((error: unknown) => {
      const because = error instanceof Error ? error.message : String(error)
      const fields = { reason: event.reason, because }
      if (isGoing(error)) this.#env.log.debug('event not recorded', fields)
      else this.#env.log.warn('event not recorded', fields)
    })
  }

  /** The first one creates; later ones count up, and create again what expired meanwhile. */
  async #write(
    event: PlannedEvent, recorded: Recorded, count: number, nowMs: number,
  ): Promise<void> {
    if (count === 1) return this.#create(event, recorded, count, nowMs)
    const patch = { count, lastTimestamp: seconds(nowMs), message: event.message }
    try {
      await this.#api.patch(eventsRef, recorded, { type: 'merge', patch })
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
      await this.#create(event, recorded, count, nowMs)
    }
  }

  async #create(
    event: PlannedEvent, { name, namespace, firstMs }: Recorded, count: number, nowMs: number,
  ): Promise<void> {
    const { metadata } = event.regarding
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
      count,
      firstTimestamp: seconds(firstMs),
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
