import type { Plan } from '@slicewise/engine'

/** What was told of each key at its last look: a state that lasts is told once, not each time. */
export class News {
  readonly #told = new Map<string, ReadonlySet<string>>()

  /** The plan without the events that the key's last plan had too. */
  only(key: string, plan: Plan): Plan {
    const before = this.#told.get(key)
    const texts = new Map((plan.events ?? []).map((event) =>
      [`${event.regarding.metadata.uid} ${event.reason} ${event.message}`, event]))
    if (texts.size === 0) this.#told.delete(key)
    else this.#told.set(key, new Set(texts.keys()))
    const events = [...texts].filter(([text]) => !before?.has(text)).map(([, event]) => event)
    return { ...plan, events }
  }

  forget(key: string): void {
    this.#told.delete(key)
  }
}
