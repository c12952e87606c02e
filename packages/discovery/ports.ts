import type { Container, EndpointPort, Pod, Service, ServicePort } from '@slicewise/kube'

/** Ports that share slices: Pods whose ports have different keys live in different slices. */
export interface PortGroup {
  /** Equal for equal multisets of (name, protocol, port, appProtocol). */
  readonly key: string
  readonly ports: readonly EndpointPort[]
}

export const noPorts: PortGroup = { key: '', ports: [] }

/** Absent, null and empty lists are one key. */
export function portsKey(ports: readonly EndpointPort[] | null | undefined): string {
  if (!ports || ports.length === 0) return ''
  const keys = ports.map((port) => JSON.stringify(
    [port.name ?? null, port.protocol ?? null, port.port ?? null, port.appProtocol ?? null],
  ))
  return keys.length === 1 ? String(keys[0]) : keys.sort().join()
}

/**
 * Finds the port group of each Pod of one Service. Groups are made once and shared; a Service whose
 * target ports are all numbers does not look at the Pod at all.
 */
export function portResolver(service: Service): (pod: Pod) => PortGroup {
  const ports = service.spec?.ports ?? []
  const made = new Map<string, PortGroup>()
  const share = (resolved: readonly EndpointPort[]): PortGroup => {
    const key = portsKey(resolved)
    const known = made.get(key)
    if (known !== undefined) return known
    const group = { key, ports: resolved }
    made.set(key, group)
    return group
  }
  if (ports.every((port) => typeof port.targetPort !== 'string')) {
    const fixed = share(resolvePorts(ports, undefined))
    return () => fixed
  }
  return (pod) => share(resolvePorts(ports, pod))
}

/**
 * The ports of a Pod, in the order of the Service's. A named target that the Pod lacks is left out,
 * and the Pod stays an endpoint without it. The Service's own port number never shows.
 */
export function resolvePorts(
  ports: readonly ServicePort[], pod: Pod | undefined,
): readonly EndpointPort[] {
  const resolved: EndpointPort[] = []
  for (const port of ports) {
    const number = targetNumber(port, pod)
    if (number === undefined) continue
    const one: EndpointPort = {
      name: port.name ?? '', protocol: port.protocol ?? 'TCP', port: number,
    }
    if (port.appProtocol !== undefined) one.appProtocol = port.appProtocol
    resolved.push(one)
  }
  return resolved
}

function targetNumber(port: ServicePort, pod: Pod | undefined): number | undefined {
  const target = port.targetPort
  // A missing or zero target is the port itself; the API server fills it in on every write.
  if (target === undefined || target === 0 || target === '') return port.port
  if (typeof target === 'number') return target
  return pod && containerPort(pod, target, port.protocol ?? 'TCP')
}

/**
 * Looks through the containers in order, then through the sidecars (init containers that
 * restart always); other init containers have ended by the time traffic could reach them.
 */
function containerPort(pod: Pod, name: string, protocol: string): number | undefined {
  const regular = portOf(pod.spec?.containers ?? [], name, protocol)
  if (regular !== undefined) return regular
  const sidecars = (pod.spec?.initContainers ?? []).filter((one) => one.restartPolicy === 'Always')
  return portOf(sidecars, name, protocol)
}

function portOf(
  containers: readonly (Container | null)[], name: string, protocol: string,
): number | undefined {
  for (const container of containers) {
    const ports: readonly (NonNullable<Container['ports']>[number] | null)[] =
      container?.ports ?? []
    for (const port of ports) {
      if (port?.name === name && (port.protocol ?? 'TCP') === protocol) return port.containerPort
    }
  }
  return undefined
}
