import { type Env, type Revision, sleep } from '@slicewise/base'
import type { Api, ResourceRef, Selection } from '@slicewise/kube'
import { limits } from './limits.ts'

/** What a server has of a collection: revisions by uid, as of `revision` or later. */
export interface LiveState {
  readonly revisions: ReadonlyMap<string, Revision>
  readonly revision: Revision
}

/**
 * Reads collections live, by pages and a turn for each, so that a read of many objects does not
 * make everybody else late. Those who ask while a read is under way share the one after it: what
 * they get is never older than their question.
 */
export class LiveReads {
  readonly #api: Api
  readonly #env: Env
  readonly #running = new Map<string, Promise<LiveState>>()
  readonly #next = new Map<string, Promise<LiveState>>()

  constructor(api: Api, env: Env) {
    this.#api = api
    this.#env = env
  }

  read(ref: ResourceRef, selection: Selection): Promise<LiveState> {
    const name = JSON.stringify([ref.group, ref.resource, selection])
    const running = this.#running.get(name)
    if (running === undefined) return this.#start(name, ref, selection)
    const known = this.#next.get(name)
    if (known !== undefined) return known
    const next = running.catch(() => undefined).then(() => {
      this.#next.delete(name)
      return this.#start(name, ref, selection)
    })
    this.#next.set(name, next)
    return next
  }

  #start(name: string, ref: ResourceRef, selection: Selection): Promise<LiveState> {
    const read = this.#pages(ref, selection).finally(() => {
      if (this.#running.get(name) === read) this.#running.delete(name)
    })
    this.#running.set(name, read)
    return read
  }

  async #pages(ref: ResourceRef, selection: Selection): Promise<LiveState> {
    const revisions = new Map<string, Revision>()
    let token: string | undefined
    for (;;) {
      const page = await this.#api.list(ref, {
        ...selection, limit: limits.livePage, ...(token ? { continue: token } : {}),
      })
      for (const { metadata } of page.items) revisions.set(metadata.uid, metadata.resourceVersion)
      token = page.metadata.continue
      if (!token) return { revisions, revision: page.metadata.resourceVersion }
      await sleep(this.#env, 0)
    }
  }
}
