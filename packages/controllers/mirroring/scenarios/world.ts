import type { EndpointPort, Endpoints, EndpointSlice, EndpointsAddress, EndpointsSubset, Service,
  Stored } from '@slicewise/kube'
import type { Step } from '@slicewise/engine'
import { deepFreeze } from '../../endpointslice/scenarios/world.ts'
import { type NamePlan, planName } from '../plan.ts'

type Options = Readonly<Record<string, string>>

/** One name of a namespace: its Service, its Endpoints and the slices; carries out plans. */
export class MirrorWorld {
  service: Stored<Service> | undefined
  endpoints: Stored<Endpoints> | undefined
  readonly slices = new Map<string, Stored<EndpointSlice>>()
  #revision = 100
  #names = 0

  putService(options: Options): void {
    const selector = map(options['selector'] ?? 'none')
    this.service = this.#stored('db', options['uid'] ?? 'service', {
      spec: options['selector'] === undefined || options['selector'] === 'none' ? {} : { selector },
    })
  }

  putEndpoints(options: Options, subsets: Endpoints['subsets']): void {
    const labels = map(options['labels'] ?? '')
    const annotations = map(options['annotations'] ?? '')
    this.endpoints = this.#stored('db', options['uid'] ?? 'e1', { subsets: subsets ?? [] }, {
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(options['deleting'] === 'true' ? { deletionTimestamp: '2026-03-01T12:00:00Z' } : {}),
    })
  }

  putSlice(name: string, slice: EndpointSlice): void {
    const { uid = `slice-${++this.#names}` } = this.slices.get(name)?.metadata ?? {}
    const { uid: _, resourceVersion: __, name: ___, ...metadata } = slice.metadata ?? {}
    this.slices.set(name, this.#stored(name, uid, slice, metadata))
  }

  plan(max: number): NamePlan {
    const slices = [...this.slices.values()]
      .filter(({ metadata }) => metadata.labels?.[serviceName] === 'db'
        && metadata.labels[managedBy] === mirroring)
    return deepFreeze(planName({ endpoints: this.endpoints, service: this.service, slices }, max))
  }

  run(step: Step): void {
    if (step.verb === 'delete') return void this.slices.delete(step.item.name)
    if (step.verb !== 'create' && step.verb !== 'update') throw new Error(step.verb)
    const { name = `db-${++this.#names}`, uid, resourceVersion } = step.object.metadata ?? {}
    const before = this.slices.get(name)
    if (step.verb === 'update') {
      if (before === undefined) throw new Error(`no slice ${name}`)
      if (before.metadata.uid !== uid) throw new Error('another uid')
      if (before.metadata.resourceVersion !== resourceVersion) throw new Error('conflict')
    }
    const { kind: _, apiVersion: __, ...body } = step.object
    this.putSlice(name, body as unknown as EndpointSlice)
  }

  #stored<T extends object>(name: string, uid: string, body: T, metadata = {}) {
    return deepFreeze({
      ...body,
      metadata: {
        creationTimestamp: '2026-03-01T10:00:00Z', ...metadata, namespace: 'shop', name, uid,
        resourceVersion: String(++this.#revision),
      },
    }) as T & Stored
  }
}

export const serviceName = 'kubernetes.io/service-name'
export const managedBy = 'endpointslice.kubernetes.io/managed-by'
export const mirroring = 'endpointslicemirroring-controller.k8s.io'

const list = (text: string): string[] => (text === '' ? [] : text.split(','))
export const map = (text: string): Record<string, string> => Object.fromEntries(
  list(text).filter((pair) => pair !== 'none').map((pair) => {
    const at = pair.lastIndexOf('=')
    return [pair.slice(0, at), pair.slice(at + 1)]
  }),
)

/**
 * One subset: `ports=a:80,b:81 10.0.0.1 !10.0.0.2 10.1.0.0*700`. A `!` is not ready, `@node`,
 * `#hostname` and `~pod` (or `~pod/uid`) follow the address, `*n` are n addresses from there on.
 */
export function subsetOf(text: string): EndpointsSubset {
  const words = text.trim().split(/\s+/)
  const ports = words.find((word) => word.startsWith('ports='))?.slice('ports='.length) ?? ''
  const addresses = words.filter((word) => word !== '' && !word.startsWith('ports='))
  return {
    addresses: addresses.filter((word) => !word.startsWith('!')).flatMap(addressesOf),
    notReadyAddresses: addresses.filter((word) => word.startsWith('!'))
      .flatMap((word) => addressesOf(word.slice(1))),
    ports: list(ports).map(portOf),
  }
}

/** `a:80/TCP+h2c`. */
export function portOf(text: string) {
  const [, name = '', port = '', protocol = 'TCP', app] =
    /^([^:]*):(\d+)(?:\/(\w+))?(?:\+(.+))?$/.exec(text) ?? []
  return {
    ...(name ? { name } : {}), port: Number(port), protocol: protocol as 'TCP',
    ...(app === undefined ? {} : { appProtocol: app }),
  }
}

function addressesOf(word: string): EndpointsAddress[] {
  const [, ip = '', node, hostname, pod, uid, count] =
    /^([^@#~*]*)(?:@([^#~*]*))?(?:#([^~*]*))?(?:~([^*/]*)(?:\/([^*]*))?)?(?:\*(\d+))?$/
      .exec(word) ?? []
  return Array.from({ length: Number(count ?? '1') }, (_, index) => ({
    ip: count === undefined ? ip : next(ip, index),
    ...(hostname ? { hostname } : {}),
    ...(node === undefined ? {} : { nodeName: node }),
    ...(pod === undefined ? {}
      : { targetRef: { kind: 'Pod', namespace: 'shop', name: pod, uid: uid ?? `uid-${pod}` } }),
  }))
}

function next(ip: string, index: number): string {
  if (ip.includes(':')) return `${ip}${(index + 1).toString(16)}`
  const [a, b] = ip.split('.')
  return `${a}.${b}.${index >> 8}.${index & 255}`
}

export type { EndpointPort }
