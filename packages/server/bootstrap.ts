import {
  type Cancel, type IpFamily, ipFamilyOf, parseIp, sameJson, specialUse,
} from '@slicewise/base'
import {
  type EndpointSlice, type Endpoints, type KubeObject, type ObjectMeta, type ResourceSpec,
  type Service, type ServiceCIDR, type Stored, StatusError,
} from '@slicewise/kube'
import { addressAt, readCidr } from './allocate.ts'
import type { Attempt } from './behaviour.ts'
import { Lost, commit } from './commit.ts'
import type { Caller } from './contract.ts'
import type { Core } from './core.ts'
import { insert } from './create.ts'
import { defaultRoles } from './default-roles.ts'
import type { Draft } from './decode.ts'
import { namespaceContent } from './kinds/namespace.ts'
import { limits } from './limits.ts'
import { trackWrite } from './managed.ts'
import type { OpenRegistry } from './registry.ts'
import { copyJson } from './copy-json.ts'
import { timeText } from './times.ts'

export interface BootstrapOptions {
  /** Where Pods reach this server; never a loopback address. Absent: no endpoints are written. */
  readonly advertise?: { readonly address: string; readonly port: number }
}

const caller: Caller = {
  user: { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] },
  userAgent: 'kube-apiserver',
  warn() {},
}

/**
 * Makes what every cluster has, and puts right what belongs to the server. Finding everything as
 * it should be, it writes nothing.
 */
export async function bootstrap(
  registry: OpenRegistry, options: BootstrapOptions = {},
): Promise<void> {
  const { core } = registry
  // Roles at a start only: what was taken away meanwhile was taken away on purpose.
  const roles = registry.bootstrapped ? [] : defaultRoles(core.rows)
  const first = [...namespaces(core), ...serviceRange(core), ...priorityClasses(core), ...roles]
  await Promise.all(first.map(wanted => ensure(core, wanted)))
  await readyRanges(registry)
  for (const wanted of kubernetesService(core, options)) await ensure(core, wanted)
  await ensureContent(core)
  registry.bootstrapped = true
}

/** Repeats `bootstrap` every ten seconds, because its objects can be deleted or altered. */
export function keepBootstrapped(
  registry: OpenRegistry, options: BootstrapOptions = {},
): { stop(): void } {
  const { env, cache } = registry.core
  let cancel: Cancel = () => {}
  const later = (): void => {
    cancel = env.after(limits.keepEveryMs, () => {
      if (cache.closed) return
      bootstrap(registry, options)
        .catch((error: unknown) => env.log.warn('bootstrap failed, will try again', { error }))
        .finally(later)
    })
  }
  later()
  return { stop: () => cancel() }
}

/** An object that must exist; `mend` returns what it must become, or undefined when it is right. */
interface Wanted {
  readonly spec: ResourceSpec
  readonly object: KubeObject & { metadata: ObjectMeta }
  mend?(present: Stored): KubeObject | undefined
}

async function ensure(core: Core, wanted: Wanted): Promise<void> {
  const { spec, object } = wanted
  const { namespace = '', name = '' } = object.metadata
  await core.cache.latest()
  const { collection } = core.cache.of(spec)
  const present = collection.get(collection.keyOf(namespace, name))
  if (present === undefined) {
    await tolerant(() => make(core, wanted))
    return
  }
  const next = wanted.mend?.(present.object())
  if (next === undefined || present.deleting) return
  await tolerant(() => commit(core, [{ do: 'put', spec, object: next, before: present }]))
}

/** Another server may do the same at the same time; what is left over is done the next time. */
async function tolerant(write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    const harmless = error instanceof Lost || (error instanceof StatusError
      && ['AlreadyExists', 'Conflict', 'NotFound', 'Forbidden'].includes(error.reason))
    if (!harmless) throw error
  }
}

async function make(core: Core, { spec, object }: Wanted): Promise<void> {
  const draft = copyJson(object) as Draft
  const { namespace = '' } = draft.metadata
  const attempt: Attempt = { core, caller, spec, namespace, subresource: undefined, dryRun: false }
  spec.defaults?.(draft)
  const manager = caller.userAgent
  trackWrite(core, { spec, before: undefined, next: draft, manager, subresource: undefined })
  await insert(attempt, draft)
}

function namespaces(core: Core): Wanted[] {
  const spec = core.rows.get('', 'namespaces')
  return ['default', 'kube-system', 'kube-public', 'kube-node-lease']
    .map(name => ({ spec, object: { metadata: { name } } }))
}

function serviceRange(core: Core): Wanted[] {
  const spec = core.rows.find('networking.k8s.io', 'servicecidrs')
  if (spec === undefined) return []
  const cidrs = [...core.settings.serviceCidrs]
  const object = { metadata: { name: 'kubernetes' }, spec: { cidrs } }
  return [{ spec, object }]
}

/** Ranges are usable at once; the condition says so, in the name of the reference's controller. */
async function readyRanges(registry: OpenRegistry): Promise<void> {
  const { core } = registry
  const spec = core.rows.find('networking.k8s.io', 'servicecidrs')
  if (spec === undefined) return
  await core.cache.latest()
  const names: string[] = []
  core.cache.of(spec).collection.walk({ namespace: '', from: '' }, cached => {
    const { status } = cached.object() as ServiceCIDR
    const ready = status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True')
    if (!cached.deleting && ready !== true) names.push(cached.name)
  })
  for (const name of names) {
    const message = name === 'kubernetes'
      ? 'Kubernetes default Service CIDR is ready' : 'Kubernetes Service CIDR is ready'
    const lastTransitionTime = timeText(core.env.nowMs())
    const conditions = [{ type: 'Ready', status: 'True', message, lastTransitionTime }]
    const value = {
      apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name },
      status: { conditions },
    }
    await tolerant(() => registry.patch({
      caller, spec, namespace: '', name, subresource: 'status', type: 'apply', force: true,
      fieldManager: 'kubernetes-service-cidr-controller', body: { value },
    }))
  }
}

function priorityClasses(core: Core): Wanted[] {
  const spec = core.rows.find('scheduling.k8s.io', 'priorityclasses')
  if (spec === undefined) return []
  const of = (name: string, value: number, what: string): Wanted => ({
    spec,
    object: {
      metadata: { name }, value,
      description: `Used for system critical pods that must ${what}.`,
      preemptionPolicy: 'PreemptLowerPriority',
    } as Wanted['object'],
  })
  return [
    of('system-cluster-critical', 2_000_000_000,
      'run in the cluster, but can be moved to another node if necessary'),
    of('system-node-critical', 2_000_001_000, 'not be moved from their current node'),
  ]
}

const namespace = 'default'
const name = 'kubernetes'

function kubernetesService(core: Core, { advertise }: BootstrapOptions): Wanted[] {
  const range = readCidr(core.settings.serviceCidrs[0] ?? '10.96.0.0/16')
  const clusterIP = addressAt(range, 1)
  const service: Service & { metadata: ObjectMeta } = {
    metadata: { name, namespace, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP', clusterIP, ipFamilyPolicy: 'SingleStack', sessionAffinity: 'None',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: advertise?.port ?? 443 }],
    },
  }
  const wanted: Wanted[] = [{
    spec: core.rows.get('', 'services'), object: service,
    mend: present => mended(present, service, ({ spec }: Service) => spec?.ports),
  }]
  const ip = advertise && parseIp(advertise.address)
  if (advertise === undefined || ip === undefined || specialUse(ip) !== undefined) return wanted
  return [...wanted, ...kubernetesEndpoints(core, advertise)]
}

function kubernetesEndpoints(
  core: Core, { address, port }: NonNullable<BootstrapOptions['advertise']>,
): Wanted[] {
  const ports = [{ name: 'https', port, protocol: 'TCP' as const }]
  const endpoints: Endpoints & { metadata: ObjectMeta } = {
    metadata: { name, namespace, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: address }], ports }],
  }
  const slice: EndpointSlice & { metadata: ObjectMeta } = {
    metadata: { name, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: ipFamilyOf(address) as IpFamily,
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports,
  }
  return [
    {
      spec: core.rows.get('', 'endpoints'), object: endpoints,
      mend: present => mended(present, endpoints, ({ subsets }: Endpoints) => subsets),
    },
    {
      spec: core.rows.get('discovery.k8s.io', 'endpointslices'), object: slice,
      mend: present => mended(present, slice, (one: EndpointSlice) => [one.endpoints, one.ports]),
    },
  ]
}

/** The present object with the labels and the part of the wanted one, if that differs. */
function mended<T extends KubeObject>(
  present: Stored, wanted: T, part: (object: T) => unknown,
): KubeObject | undefined {
  const labels = { ...present.metadata.labels, ...wanted.metadata?.labels }
  const right = sameJson(labels, present.metadata.labels ?? {})
    && sameJson(part(present as unknown as T), part(wanted))
  if (right) return undefined
  const { metadata: _, ...body } = copyJson(wanted)
  const next = { ...copyJson(present), ...body } as KubeObject & { spec?: object }
  if (next.spec !== undefined) {
    next.spec = { ...(present as { spec?: object }).spec, ...(body as { spec?: object }).spec }
  }
  return { ...next, metadata: { ...present.metadata, labels } }
}

/** Namespaces of an older store, and those whose content was deleted. */
async function ensureContent(core: Core): Promise<void> {
  await core.cache.latest()
  const names: string[] = []
  core.cache.of(core.rows.get('', 'namespaces')).collection
    .walk({ namespace: '', from: '' }, one => {
      if (!one.deleting) names.push(one.name)
    })
  for (const name of names) {
    for (const { spec, object } of namespaceContent(core, name)) {
      const { collection } = core.cache.of(spec)
      if (collection.get(collection.keyOf(name, object.metadata.name ?? '')) !== undefined) continue
      await tolerant(() => commit(core, [{ do: 'put', spec, object, before: undefined }]))
    }
  }
}
