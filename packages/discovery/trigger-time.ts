import { type Pod, conditionOf } from '@slicewise/kube'

/** Tells consumers since when the change that a slice carries has been true (RFC 3339, UTC). */
export const triggerTimeAnnotation = 'endpoints.kubernetes.io/last-change-trigger-time'

/** When a Pod last turned ready or unready; empty when it never has. Second precision. */
export function podTriggerTime(pod: Pod): string {
  return conditionOf(pod, 'Ready')?.lastTransitionTime ?? ''
}

/**
 * Trigger times of one Service. The first result is the Service's own creation; later ones are the
 * oldest of those Pod transitions that are newer than what was known of the Pod. Times are
 * RFC 3339 texts in UTC with whole seconds, so they order as text. Asking moves the state on
 * whatever becomes of the answer: a failed write loses its trigger time, as in the reference.
 */
export class TriggerTimes {
  readonly #known = new Map<string, string>()
  /** Times that differ from what is known. */
  readonly #moved = new Map<string, string>()
  #service: string | undefined

  /** Call for each Pod that the selector takes, whether it is an endpoint or not. */
  see(podName: string, pod: Pod): void {
    const time = podTriggerTime(pod)
    if (time === (this.#known.get(podName) ?? '')) this.#moved.delete(podName)
    else this.#moved.set(podName, time)
  }

  forget(podName: string): void {
    this.#known.delete(podName)
    this.#moved.delete(podName)
  }

  /** The trigger time of the writes to come; undefined for none. Costs the new times only. */
  take(serviceCreated: string): string | undefined {
    const times: string[] = []
    for (const [name, time] of this.#moved) {
      if (time > (this.#known.get(name) ?? '')) times.push(time)
      this.#known.set(name, time)
    }
    this.#moved.clear()
    if (this.#service === undefined) {
      this.#service = serviceCreated
      return serviceCreated || undefined
    }
    if (serviceCreated > this.#service) {
      this.#service = serviceCreated
      times.push(serviceCreated)
    }
    return times.length === 0 ? undefined : times.reduce((a, b) => (a < b ? a : b))
  }
}
