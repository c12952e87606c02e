/** Carries out operations through an Api, as their authors would. */
import {
  type Api, type Endpoints, type EndpointSlice, type Node, type Pod, type ResourceRef,
  type Service, StatusError, resources,
} from '@slicewise/kube'
import type { NewPod, Operation, PodReport } from './operation.ts'

/** `nowMs`: the time that Pods report. */
export async function applyOperation(
  api: Api, namespace: string, operation: Operation, nowMs = Date.now(),
): Promise<void> {
  const item = { namespace, name: 'name' in operation ? operation.name : '' }
  switch (operation.do) {
    case 'together':
      await Promise.all(operation.operations.map((one) =>
        applyOperation(api, namespace, one, nowMs)))
      return
    case 'make pod': return makePod(api, item, operation.pod, nowMs)
    case 'report': return report(api, item, operation.report, nowMs)
    case 'label pod': {
      const patch = { metadata: { labels: operation.labels } }
      await api.patch<Pod>(resources.pods, item, { type: 'merge', patch })
      return
    }
    case 'end pod': return remove(api, resources.pods, item)
    case 'remove pod': return removePod(api, item)
    case 'make service': {
      const { labels, annotations, spec } = operation
      const metadata = { ...item, labels: { ...labels }, annotations: { ...annotations } }
      await api.create<Service>(resources.services, { metadata, spec })
      return
    }
    case 'change service':
      await api.patch<Service>(
        resources.services, item, { type: 'merge', patch: operation.patch })
      return
    case 'remove service': return remove(api, resources.services, item)
    case 'put endpoints': return putEndpoints(api, item, operation)
    case 'remove endpoints': return remove(api, resources.endpoints, item)
    case 'label slices': return labelSlices(api, item)
    case 'remove slices': {
      const { items } = await api.list<EndpointSlice>(resources.endpointslices, selectorOf(item))
      await Promise.all(items.map(({ metadata }) =>
        remove(api, resources.endpointslices, { namespace, name: metadata.name })))
      return
    }
    case 'make node': {
      const metadata = { name: `${namespace}-${operation.name}` }
      await api.create<Node>(resources.nodes, { metadata })
    }
  }
}

interface Item {
  readonly namespace: string
  readonly name: string
}

async function makePod(api: Api, item: Item, pod: NewPod, nowMs: number): Promise<void> {
  const { port, hostname, subdomain } = pod
  const container = { name: 'main', image: 'i' }
  const exposed = port === undefined ? {} : {
    ports: [{ name: port.name, containerPort: port.number, protocol: 'TCP' as const }],
  }
  const nodeName = pod.node.startsWith('own-') ? `${item.namespace}-${pod.node}` : pod.node
  await api.create<Pod>(resources.pods, {
    metadata: {
      ...item, labels: { ...pod.labels },
      ...(pod.finalizer ? { finalizers: ['history.example/held'] } : {}),
    },
    spec: {
      nodeName, ...(hostname ? { hostname } : {}), ...(subdomain ? { subdomain } : {}),
      containers: [port?.sidecar ? container : { ...container, ...exposed }],
      ...(port?.sidecar ? {
        initContainers: [{ name: 'side', image: 'i', restartPolicy: 'Always', ...exposed }],
      } : {}),
    },
  })
  await report(api, item, pod, nowMs)
}

async function report(
  api: Api, item: Item, { ready, ips, phase }: PodReport, nowMs: number,
): Promise<void> {
  const lastTransitionTime = `${new Date(nowMs).toISOString().slice(0, 19)}Z`
  const status = ready ? 'True' : 'False'
  const patch = {
    status: {
      phase, podIP: ips[0] ?? null, podIPs: ips.length === 0 ? null : ips.map((ip) => ({ ip })),
      conditions: [{ type: 'Ready', status, lastTransitionTime, lastProbeTime: null }],
    },
  }
  await api.patch<Pod>(
    resources.pods, item, { type: 'merge', patch }, { subresource: 'status' })
}

async function removePod(api: Api, item: Item): Promise<void> {
  const patch = { metadata: { finalizers: null } }
  await api.patch<Pod>(resources.pods, item, { type: 'merge', patch }).catch(unlessGone)
  await api.delete(resources.pods, item, { gracePeriodSeconds: 0 }).catch(unlessGone)
}

async function putEndpoints(
  api: Api, item: Item, { subsets, labels, annotations }: Operation & { do: 'put endpoints' },
): Promise<void> {
  const metadata = { ...item, labels: { ...labels }, annotations: { ...annotations } }
  const object = { metadata, subsets: [...subsets] }
  try {
    await api.create<Endpoints>(resources.endpoints, object)
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error
    await api.update<Endpoints>(resources.endpoints, object)
  }
}

async function labelSlices(api: Api, item: Item): Promise<void> {
  const { items } = await api.list<EndpointSlice>(resources.endpointslices, selectorOf(item))
  const patch = { metadata: { labels: { meddled: 'yes' } } }
  await Promise.all(items.map(({ metadata: { name } }) => api.patch<EndpointSlice>(
    resources.endpointslices, { namespace: item.namespace, name }, { type: 'merge', patch },
  ).catch(unlessGone)))
}

function selectorOf({ namespace, name }: Item): { namespace: string; labelSelector: string } {
  const keeper = 'endpointslice.kubernetes.io/managed-by=endpointslice-controller.k8s.io'
  return { namespace, labelSelector: `kubernetes.io/service-name=${name},${keeper}` }
}

async function remove(api: Api, ref: ResourceRef, item: Item): Promise<void> {
  await api.delete(ref, item).catch(unlessGone)
}

function unlessGone(error: unknown): void {
  if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
}
