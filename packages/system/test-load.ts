import { compareRevisions } from '@slicewise/base'
import {
  type Api, type ConfigMap, type KubeObject, type Pod, StatusError, type Stored, resources,
} from '@slicewise/kube'

/** The newest that is known of one object. */
interface Known {
  /** What the server last acknowledged; undefined after a deletion, or before a creation. */
  acknowledged: Stored<ConfigMap> | undefined
  /** A write whose answer never came: it may have happened, whole, or not at all. */
  asked: { readonly step: string | undefined } | undefined
}

const namespace = 'load'
export const load = { namespace, service: 'web' } as const

/** Writers over HTTPS, each with names of its own, and all that they were told. */
export class Load {
  readonly known = new Map<string, Known>()
  /** Object and step of every acknowledged revision: one revision is given once. */
  readonly #revisions = new Map<string, string>()
  readonly #random: () => number
  readonly faults: string[] = []
  /** The greatest revision that any answer had. */
  newest = '0'
  answers = 0
  #steps = 0
  #pods = 0

  constructor(random: () => number) {
    this.#random = random
  }

  static async prepare(api: Api): Promise<void> {
    await api.create(resources.namespaces, { metadata: { name: namespace } })
    for (const name of [load.service, 'other']) {
      await api.create(resources.services, {
        metadata: { name, namespace },
        spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
      })
    }
  }

  /** Writes until the connection breaks or `signal` aborts; `onAnswer` runs after each answer. */
  async run(api: Api, signal: AbortSignal, onAnswer: () => void): Promise<void> {
    const floor = this.newest
    const loop = async (writer: number): Promise<void> => {
      while (!signal.aborted) {
        try {
          await (writer < 3 ? this.#changeMap(api, writer, floor) : this.#changePod(api))
        } catch (error) {
          if (!(error instanceof StatusError)) return
          // Stopping, or a Pod that its simulated Node was quicker with.
          if (error.code === 503) return
          if (writer < 3) this.faults.push(error.message)
        }
        this.answers++
        onAnswer()
      }
    }
    await Promise.all([0, 1, 2, 3, 4].map(loop))
  }

  async #changeMap(api: Api, writer: number, floor: string): Promise<void> {
    const name = `map-${writer}-${Math.floor(this.#random() * 6)}`
    const known = this.known.get(name) ?? { acknowledged: undefined, asked: undefined }
    this.known.set(name, known)
    const item = { namespace, name }
    if (known.acknowledged !== undefined && this.#random() < 0.25) {
      known.asked = { step: undefined }
      await api.delete(resources.configmaps, item)
      Object.assign(known, { acknowledged: undefined, asked: undefined })
      return
    }
    const step = String(++this.#steps)
    known.asked = { step }
    const body: ConfigMap = { metadata: item, data: { step, filler: 'x'.repeat(500) } }
    const made = known.acknowledged === undefined
      ? await api.create(resources.configmaps, body)
      : await api.patch(resources.configmaps, item,
        { type: 'merge', patch: { data: { step } } })
    Object.assign(known, { acknowledged: made, asked: undefined })
    this.#acknowledge(made, step, floor)
  }

  #acknowledge(made: Stored<KubeObject>, step: string, floor: string): void {
    const { name, resourceVersion } = made.metadata
    const given = this.#revisions.get(resourceVersion)
    if (given !== undefined) this.faults.push(`${resourceVersion} was given to ${given}, ${name}`)
    if (compareRevisions(resourceVersion, floor) <= 0) {
      this.faults.push(`${resourceVersion} of ${name} is not newer than ${floor}`)
    }
    this.#revisions.set(resourceVersion, `${name} step ${step}`)
    if (compareRevisions(resourceVersion, this.newest) > 0) this.newest = resourceVersion
  }

  async #changePod(api: Api): Promise<void> {
    const fresh = this.#random() < 0.7 || this.#pods === 0
    const index = fresh ? ++this.#pods : Math.ceil(this.#random() * this.#pods)
    const item = { namespace, name: `web-${index}` }
    if (!fresh) {
      await api.delete(resources.pods, item, { gracePeriodSeconds: 0 })
      return
    }
    const pod: Pod = {
      metadata: { ...item, labels: { app: load.service } },
      spec: { containers: [{ name: 'web', image: 'web:1' }] },
    }
    await api.create(resources.pods, pod)
  }

  /** Compares what is stored with what was told; afterwards the stored state is the known one. */
  async verify(api: Api): Promise<void> {
    const { items, metadata } = await api.list(resources.configmaps, { namespace })
    const stored = new Map(items.map((one) => [one.metadata.name, one]))
    if (compareRevisions(metadata.resourceVersion, this.newest) < 0) {
      this.faults.push(`at ${metadata.resourceVersion}, after ${this.newest} was acknowledged`)
    }
    for (const [name, known] of this.known) {
      const found = stored.get(name)
      const fault = faultOf(known, found)
      if (fault !== undefined) this.faults.push(`${name}: ${fault}`)
      Object.assign(known, { acknowledged: found, asked: undefined })
    }
  }
}

/** What a restart did to an object that it must not do. */
function faultOf({ acknowledged, asked }: Known, found: Stored<ConfigMap> | undefined):
string | undefined {
  const revision = (one: Stored<ConfigMap> | undefined): string =>
    one === undefined ? 'none' : `${one.metadata.uid} at ${one.metadata.resourceVersion}`
  if (revision(found) === revision(acknowledged)) {
    return found?.data?.['step'] === acknowledged?.data?.['step'] ? undefined : 'other content'
  }
  // Else it can only be the write whose answer was lost.
  const happened = asked !== undefined && found?.data?.['step'] === asked.step
  return happened ? undefined
    : `${revision(acknowledged)} was acknowledged, ${revision(found)} is stored`
}
