import {
  type Api, type ConfigMap, type KubeObject, type Stored, StatusError, type WatchEvent,
  type WatchOptions, type ResourceRef, resources,
} from '@slicewise/kube'
import { expect, test } from 'vitest'

/** An open Api with all rights, and how to let go of it. */
export interface ApiSubject {
  readonly api: Api
  close(): Promise<void>
}
export type OpenApi = () => Promise<ApiSubject>

export interface Scene {
  readonly api: Api
  /** A namespace nobody else uses. */
  readonly namespace: string
  configMap(name: string, data?: Record<string, string>, more?: KubeObject['metadata']):
  Promise<Stored<ConfigMap>>
}

let scenes = 0

/** One case in a namespace of its own, which is deleted afterwards. */
export function scene(open: OpenApi, what: string, run: (scene: Scene) => Promise<void>): void {
  test(what, async () => {
    const { api, close } = await open()
    const namespace = `conformance-${Date.now().toString(36)}-${++scenes}`
    try {
      await api.create(resources.namespaces, { metadata: { name: namespace } })
      await run({
        api, namespace,
        configMap: (name, data = {}, more = {}) =>
          api.create(resources.configmaps, { metadata: { ...more, name, namespace }, data }),
      })
      await api.delete(resources.namespaces, { name: namespace })
    } finally {
      await close()
    }
  })
}

/** The refusal of a call that must fail. */
export async function refusal(call: Promise<unknown>): Promise<StatusError> {
  const error = await call.then(() => undefined, (failure: unknown) => failure)
  expect(error).toBeInstanceOf(StatusError)
  return error as StatusError
}

/** Reads a watch until `done` holds for what came, or fails after some seconds. */
export async function watched<T extends KubeObject>(
  api: Api, ref: ResourceRef<T>, options: WatchOptions,
  done: (events: readonly WatchEvent<T>[]) => boolean,
  meanwhile: () => Promise<void> = async () => {},
): Promise<WatchEvent<T>[]> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(new Error('the watch was silent')), 10_000)
  const events: WatchEvent<T>[] = []
  const iterator = api.watch(ref, { ...options, signal: abort.signal })[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    await meanwhile()
    while (!done(events)) {
      const { value, done: over } = await next
      if (over === true) throw new Error(`the watch ended after ${JSON.stringify(events)}`)
      events.push(value)
      next = iterator.next()
    }
    return events
  } finally {
    clearTimeout(timer)
    abort.abort(new Error('read enough'))
    await next.catch(() => undefined)
  }
}

/** What happened, short enough to compare. */
export function summary(events: readonly WatchEvent<KubeObject>[]): string[] {
  return events.map(event =>
    (event.type === 'BOOKMARK' ? 'BOOKMARK' : `${event.type} ${event.object.metadata.name}`))
}
