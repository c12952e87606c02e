import { type Api, type EndpointSlice, type Pod, type Stored, resources } from '@slicewise/kube'
import { load } from './test-load.ts'

/** A busy machine may be slow to come to rest; what is wrong stays wrong. */
const patienceMs = 20_000

/** `10.0.0.1 ready` for each endpoint that the Pods of the Service ask for, both families. */
function wanted(pods: readonly Stored<Pod>[]): string[] {
  return pods.filter((pod) => pod.metadata.labels?.['app'] === load.service)
    .filter(({ status }) => status?.phase !== 'Failed' && status?.phase !== 'Succeeded')
    .flatMap((pod) => (pod.status?.podIPs ?? [])
      .filter(({ ip }) => ip?.includes('.'))
      .map(({ ip }) => `${ip} ${readyOf(pod)} ${pod.metadata.name}`))
    .sort()
}

function readyOf({ metadata, status }: Stored<Pod>): string {
  if (metadata.deletionTimestamp !== undefined) return 'terminating'
  const ready = status?.conditions?.find((one) => one.type === 'Ready')?.status === 'True'
  return ready ? 'ready' : 'unready'
}

function found(slices: readonly Stored<EndpointSlice>[]): string[] {
  return slices.flatMap((slice) => slice.endpoints ?? []).map((one) => {
    const { ready, terminating } = one.conditions ?? {}
    const state = terminating === true ? 'terminating' : ready === false ? 'unready' : 'ready'
    return `${one.addresses[0]} ${state} ${one.targetRef?.name}`
  }).sort()
}

async function serviceSlices(api: Api): Promise<readonly Stored<EndpointSlice>[]> {
  const labelSelector = `kubernetes.io/service-name=${load.service}`
  const { items } = await api.list(resources.endpointslices, {
    namespace: load.namespace, labelSelector,
  })
  return items.filter((slice) => slice.addressType === 'IPv4')
}

/**
 * Waits until the slices of the Service hold exactly what its Pods ask for, computed anew from the
 * Pods, and says what differs if that does not come about.
 */
export async function untilSlicesAreRight(api: Api): Promise<number> {
  let difference = ''
  for (const until = performance.now() + patienceMs; performance.now() < until;) {
    const { items } = await api.list(resources.pods, { namespace: load.namespace })
    const slices = await serviceSlices(api)
    const [want, have] = [wanted(items), found(slices)]
    const settled = items.every((pod) => readyOf(pod) === 'ready')
    if (settled && want.join() === have.join() && slices.every((one) => isWhole(one))) {
      return have.length
    }
    difference = `wanted ${want.length}, found ${have.length}, settled ${settled}: ${
      want.filter((one) => !have.includes(one)).concat(have.filter((one) => !want.includes(one)))
        .slice(0, 5).join('; ')}`
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`slices differ from their Pods: ${difference}`)
}

const isWhole = ({ endpoints }: Stored<EndpointSlice>): boolean => {
  const count = endpoints?.length ?? 0
  return count > 0 && count <= 100
}

/** A Service with one Pod that did not exist before: its slice shows that the controller works. */
export async function untilControllersWork(api: Api, name: string): Promise<void> {
  const { namespace } = load
  await api.create(resources.services, {
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 80 }] },
  })
  await api.create(resources.pods, {
    metadata: { name, namespace, labels: { app: name } },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  })
  for (const until = performance.now() + patienceMs; performance.now() < until;) {
    const { items } = await api.list(resources.endpointslices, {
      namespace, labelSelector: `kubernetes.io/service-name=${name}`,
    })
    if (items.some((slice) => slice.endpoints?.[0]?.conditions?.ready === true)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`no slice of ${name}`)
}

/** Name, uid and revision of every object that nobody but a user or a controller changes. */
export async function fingerprint(api: Api): Promise<Map<string, string>> {
  const { endpointslices, pods, services, configmaps, namespaces, serviceaccounts } = resources
  const all = new Map<string, string>()
  for (const ref of [endpointslices, pods, services, configmaps, namespaces, serviceaccounts]) {
    const { items } = await api.list(ref as typeof pods)
    for (const { metadata } of items) {
      const { name, uid, resourceVersion } = metadata
      all.set(`${ref.resource} ${metadata.namespace ?? ''}/${name}`, `${uid} ${resourceVersion}`)
    }
  }
  return all
}
