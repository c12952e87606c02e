import { resolvePorts } from '@slicewise/discovery'
import type { Container, Pod, Service, ServicePort } from '@slicewise/kube'
import { type Finding, makeFinding } from './findings.ts'

/** `port http` as people name it, `port 80` when it has no name. */
export const portLabel = ({ name, port }: ServicePort): string => `port ${name || port}`

/** What is wrong between the ports of a Service and the containers of one of its Pods. */
export function portFindings(service: Service, pod: Pod): Finding[] {
  const found: Finding[] = []
  for (const port of service.spec?.ports ?? []) {
    const resolved = resolvePorts([port], pod).length > 0
    const finding = resolved ? undeclared(port, pod) : unresolved(port, pod)
    if (finding !== undefined) found.push(finding)
  }
  return found
}

interface Declared {
  readonly container: string
  readonly runs: boolean
  readonly name: string
  readonly number: number
  readonly protocol: string
}

function declaredPorts(pod: Pod): Declared[] {
  const of = (container: Container, runs: boolean): Declared[] =>
    (container.ports ?? []).map(({ name = '', containerPort, protocol = 'TCP' }) =>
      ({ container: container.name, runs, name, number: containerPort, protocol }))
  return [
    ...(pod.spec?.containers ?? []).flatMap((container) => of(container, true)),
    ...(pod.spec?.initContainers ?? []).flatMap((container) =>
      of(container, container.restartPolicy === 'Always')),
  ]
}

/** Named targets alone can fail to resolve. */
function unresolved(port: ServicePort, pod: Pod): Finding {
  const target = String(port.targetPort)
  const protocol = port.protocol ?? 'TCP'
  const declared = declaredPorts(pod)
  const about = podAbout(pod)
  const details = { port: portLabel(port), target, protocol }
  const same = declared.filter(({ name }) => name === target)
  const other = same.find((one) => one.runs && one.protocol !== protocol)
  if (other !== undefined) {
    return makeFinding('PortProtocolDiffers', about,
      `its port ${target} in container ${other.container} is ${other.protocol}, ${
        portLabel(port)} of the Service is ${protocol}`,
      { details: { ...details, container: other.container } })
  }
  const init = same.find(({ runs }) => !runs)
  if (init !== undefined) {
    return makeFinding('PortInInitContainer', about,
      `only its init container ${init.container} has a port named ${target}`,
      { details: { ...details, container: init.container } })
  }
  return makeFinding('PortNameMissing', about,
    `no container has a port named "${target}", the target of ${portLabel(port)}: ${
      listText(pod, declared)}`, { details })
}

function listText(pod: Pod, declared: readonly Declared[]): string {
  return (pod.spec?.containers ?? []).map(({ name }) => {
    const own = declared.filter(({ container }) => container === name).map((one) =>
      `${one.name ? `${one.name} ` : ''}${one.number}/${one.protocol}`)
    return `container ${name} has ${own.length === 0 ? 'no ports' : own.join(', ')}`
  }).join('; ')
}

/** A number works undeclared; but where others are declared it may well be a slip. */
function undeclared(port: ServicePort, pod: Pod): Finding | undefined {
  const [number] = resolvePorts([port], pod)
  const protocol = port.protocol ?? 'TCP'
  const declared = declaredPorts(pod).filter((one) => one.runs && one.protocol === protocol)
  if (declared.length === 0 || declared.some((one) => one.number === number?.port)) return undefined
  return makeFinding('PortNotDeclared', podAbout(pod),
    `no container declares ${number?.port}/${protocol}, the target of ${portLabel(port)}: ${
      listText(pod, declared)}`,
    { details: { port: portLabel(port), target: number?.port ?? 0, protocol } })
}

export const podAbout = (pod: Pod): string => `pod/${pod.metadata?.name ?? ''}`
