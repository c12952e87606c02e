import type { Api, KubeObject, ResourceRef, Stored, WatchEvent } from '@slicewise/kube'

export type Spoil = (object: Stored) => Stored

/**
 * An Api in front of another one that shows some objects as older or careless servers may have
 * stored them. `spoilers` go by resource and name, such as `pods/a`.
 */
export function spoiledApi(api: Api, spoilers: Readonly<Record<string, Spoil>>): Api {
  const shown = <T extends KubeObject>(ref: ResourceRef, object: Stored<T>): Stored<T> => {
    const spoil = spoilers[`${ref.resource}/${object.metadata.name}`]
    return spoil === undefined ? object : spoil(object as Stored) as Stored<T>
  }
  return {
    ...api,
    create: (...all) => api.create(...all),
    update: (...all) => api.update(...all),
    patch: (...all) => api.patch(...all),
    delete: (...all) => api.delete(...all),
    deleteCollection: (...all) => api.deleteCollection(...all),
    get: async (ref, ...rest) => shown(ref, await api.get(ref, ...rest)) as never,
    list: async (ref, options) => {
      const list = await api.list(ref, options)
      return { ...list, items: list.items.map((item) => shown(ref, item)) } as never
    },
    watch: (ref, options) => watched(api.watch<KubeObject>(ref, options), (event) =>
      (event.type === 'BOOKMARK' ? event
        : { ...event, object: shown(ref, event.object) })) as never,
  }
}

async function* watched(
  events: AsyncIterable<WatchEvent<KubeObject>>,
  shown: (event: WatchEvent<KubeObject>) => WatchEvent<KubeObject>,
): AsyncIterable<WatchEvent<KubeObject>> {
  for await (const event of events) yield shown(event)
}
