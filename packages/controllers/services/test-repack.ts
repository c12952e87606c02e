import type { EndpointsAddress, EndpointsPort, EndpointsSubset } from '@slicewise/kube'

/** An address under one port in one state, as plainly as it can be said. */
export interface Said {
  readonly port: EndpointsPort | undefined
  readonly address: EndpointsAddress
  readonly ready: boolean
}

const keyOf = ({ ip, targetRef }: EndpointsAddress): string => `${ip} ${targetRef?.uid ?? ''}`
const portText = (port: EndpointsPort | undefined): string => (port === undefined ? 'none'
  : [port.name ?? '', port.protocol ?? '', port.port, port.appProtocol ?? '-'].join('/'))

export function saidBy(subsets: readonly EndpointsSubset[]): Said[] {
  return subsets.flatMap(({ ports = [], addresses = [], notReadyAddresses = [] }) =>
    (ports.length === 0 ? [undefined] : ports).flatMap((port) => [
      ...addresses.map((address) => ({ port, address, ready: true })),
      ...notReadyAddresses.map((address) => ({ port, address, ready: false })),
    ]))
}

/**
 * The packing of subsets once more, from what is said one by one: for each port the addresses with
 * their state, then ports that agree put together. Texts that are equal for equal subsets.
 */
export function plainSubsets(said: readonly Said[]): string[] {
  const byPort = new Map<string, Map<string, string>>()
  for (const { port } of said) byPort.set(portText(port), new Map())
  for (const { port, address, ready } of said) {
    const states = byPort.get(portText(port)) as Map<string, string>
    const before = states.get(keyOf(address))
    states.set(keyOf(address), before === 'no' || !ready ? 'no' : 'yes')
  }
  const byContent = new Map<string, string[]>()
  for (const [port, states] of byPort) {
    const content = [...states].map((pair) => pair.join(' ')).sort().join('; ')
    byContent.set(content, [...byContent.get(content) ?? [], port])
  }
  return [...byContent].map(([content, ports]) =>
    `${ports.filter((port) => port !== 'none').sort().join(' ')} | ${content}`).sort()
}

/** The same texts of subsets as they stand. */
export function subsetsText(subsets: readonly EndpointsSubset[] | null | undefined): string[] {
  return (subsets ?? []).map(({ ports = [], addresses = [], notReadyAddresses = [] }) => {
    const content = [
      ...addresses.map((one) => `${keyOf(one)} yes`),
      ...notReadyAddresses.map((one) => `${keyOf(one)} no`),
    ].sort().join('; ')
    return `${ports.map(portText).sort().join(' ')} | ${content}`
  }).sort()
}
