/** Histories from seeds: single changes as people, kubelets and workload controllers make them. */
import { seededRandom } from '@slicewise/base'
import type { EndpointsSubset } from '@slicewise/kube'
import type { History, NewPod, Operation, PodReport, Spec } from './operation.ts'

/** Nodes that every history uses: in equal zones, so that capacity never changes. */
export const sharedNodes: readonly { readonly name: string; readonly zone: string }[] = [
  { name: 'n1', zone: 'za' }, { name: 'n2', zone: 'zb' }, { name: 'n3', zone: 'zc' },
]

interface Known {
  pods: Map<string, NewPod & { ending: boolean }>
  services: Map<string, Spec>
  endpoints: Set<string>
  /** Nodes of the history's own: those that exist, and those that Pods wait for. */
  nodes: number
  owed: string[]
  /** Endpoints kept by hand have addresses of these. */
  families: readonly ('IPv4' | 'IPv6')[]
}

type Pick = <T>(...items: readonly T[]) => T
interface Dice {
  readonly pick: Pick
  readonly chance: (of: number) => boolean
  readonly below: (max: number) => number
}

const podNames = Array.from({ length: 12 }, (_, index) => `p${index}`)
const selecting = ['cart', 'pay', 'web']
const bare = ['db', 'ext']

/** `length` operations, those to come to a first state included. */
export function generate(seed: number, length: number): History {
  const random = seededRandom(seed)
  const below = (max: number): number => Math.floor(random() * max)
  const dice: Dice = {
    below, chance: (of) => random() < of,
    pick: (...items) => items[below(items.length)] as (typeof items)[number],
  }
  const known: Known = {
    pods: new Map(), services: new Map(), endpoints: new Set(), nodes: 0, owed: [],
    families: familiesOf(seed),
  }
  const operations: Operation[] = [makeService(known, dice, 'cart'), makePod(known, dice, 'p0')]
  while (operations.length < length) {
    const together = dice.chance(0.08)
      ? Array.from({ length: 2 + below(4) }, () => next(known, dice)) : undefined
    if (together === undefined) operations.push(next(known, dice))
    else if (touchesOnce(together)) operations.push({ do: 'together', operations: together })
    else operations.push(...together)
  }
  return { name: `h${seed}`, operations: operations.slice(0, length) }
}

/** Endpoints kept by hand are of both families in every fifth history. */
function familiesOf(seed: number): Known['families'] {
  return seed % 5 === 0 ? ['IPv4', 'IPv6'] : [seed % 2 === 0 ? 'IPv4' : 'IPv6']
}

/** Calls at once come in any order: only such may that do not touch the same object. */
function touchesOnce(operations: readonly Operation[]): boolean {
  const names = operations.map((one) => ('name' in one ? one.name : ''))
  return new Set(names).size === names.length
    && operations.every((one) => one.do.includes('pod') || one.do === 'report')
}

function next(known: Known, dice: Dice): Operation {
  const owed = dice.chance(0.3) ? known.owed.pop() : undefined
  if (owed !== undefined) return { do: 'make node', name: owed }
  const roll = dice.below(100)
  if (roll < 60) return podOperation(known, dice)
  if (roll < 82) return serviceOperation(known, dice)
  if (roll < 94) return endpointsOperation(known, dice)
  const [name] = [...known.services].filter(([, spec]) => spec.selector).map(([key]) => key)
  if (name === undefined) return makeService(known, dice, dice.pick(...selecting))
  return { do: dice.pick('label slices', 'remove slices'), name }
}

function podOperation(known: Known, dice: Dice): Operation {
  const name = dice.pick(...podNames)
  const pod = known.pods.get(name)
  if (pod === undefined) return makePod(known, dice, name)
  if (pod.ending) return removePod(known, name)
  const roll = dice.below(10)
  if (roll < 5) return report(known, dice, name)
  if (roll < 7) {
    const app = dice.pick('cart', 'cart', 'pay', 'web', 'none')
    const labels = { app, tier: dice.pick('x', null) }
    return { do: 'label pod', name, labels }
  }
  if (roll < 9) {
    known.pods.set(name, { ...pod, ending: true })
    return { do: 'end pod', name }
  }
  return removePod(known, name)
}

function removePod(known: Known, name: string): Operation {
  known.pods.delete(name)
  return { do: 'remove pod', name }
}

function makePod(known: Known, dice: Dice, name: string): Operation {
  const pod: NewPod = {
    ...firstReport(dice),
    labels: { app: dice.pick('cart', 'cart', 'pay', 'web'), ...dice.pick({}, { tier: 'x' }) },
    node: dice.chance(0.04) ? lateNode(known) : dice.pick(...sharedNodes).name,
    ...dice.pick({}, { port: { name: 'http', number: dice.pick(8080, 8080, 9090),
      sidecar: dice.chance(0.2) } }),
    ...dice.pick({}, {}, { hostname: `h-${name}`, subdomain: dice.pick(...selecting) }),
    ...dice.pick({}, {}, {}, { finalizer: true }),
  }
  known.pods.set(name, { ...pod, ending: false })
  return { do: 'make pod', name, pod }
}

/** A Node that comes after its Pod; without a zone, which the reference would not notice. */
function lateNode(known: Known): string {
  const name = `own-${known.nodes++}`
  known.owed.push(name)
  return name
}

function firstReport(dice: Dice): PodReport {
  return { ready: dice.chance(0.7), ips: addresses(dice), phase: 'Running' }
}

function addressOf(dice: Dice, family: 'IPv4' | 'IPv6' = 'IPv4'): string {
  const number = 1 + dice.below(250)
  return family === 'IPv4' ? `10.1.0.${number}` : `fd00::${number.toString(16)}`
}

function addresses(dice: Dice): readonly string[] {
  const four = addressOf(dice, 'IPv4')
  const six = addressOf(dice, 'IPv6')
  return dice.pick([four], [four], [four, six], [six, four], [six], [])
}

/** A Pod ends only while it is ready: the reference does not hear of an unready one. */
function report(known: Known, dice: Dice, name: string): Operation {
  const pod = known.pods.get(name) as NewPod & { ending: boolean }
  const finished = pod.phase === 'Running' && pod.ready && dice.chance(0.1)
  const change: PodReport = finished
    ? { ready: false, ips: pod.ips, phase: dice.pick('Succeeded', 'Failed') }
    : pod.phase !== 'Running' ? { ready: false, ips: pod.ips, phase: pod.phase }
      : { ready: !pod.ready, ips: dice.chance(0.2) ? addresses(dice) : pod.ips, phase: 'Running' }
  known.pods.set(name, { ...pod, ...change })
  return { do: 'report', name, report: change }
}

function serviceOperation(known: Known, dice: Dice): Operation {
  const name = dice.pick(...selecting, ...bare)
  const spec = known.services.get(name)
  if (spec === undefined) return makeService(known, dice, name)
  const roll = dice.below(10)
  if (roll < 1) {
    known.services.delete(name)
    known.endpoints.delete(name)
    return { do: 'remove service', name }
  }
  const patches: readonly object[] = [
    { metadata: { labels: dice.pick({ team: 'a' }, { team: null }, { team: 'b' }) } },
    { metadata: { annotations: { note: String(dice.below(3)) } } },
    { metadata: { annotations: {
      'service.kubernetes.io/topology-mode': dice.pick('Auto', 'Disabled', null) } } },
    { spec: { publishNotReadyAddresses: dice.chance(0.5) } },
    { spec: { trafficDistribution: dice.pick('PreferClose', 'PreferSameNode', null) } },
    { spec: { ports: ports(dice) } },
  ]
  const selectors: readonly object[] = bare.includes(name) ? [] : [
    { spec: { selector: dice.pick({ app: name, tier: null }, { app: name, tier: 'x' }) } },
  ]
  return { do: 'change service', name, patch: dice.pick(...patches, ...selectors) }
}

function ports(dice: Dice): NonNullable<Spec['ports']> {
  const web = { name: 'web', port: 80, protocol: 'TCP' as const,
    targetPort: dice.pick<number | string>('http', 8080, 8080) }
  const dns = { name: 'dns', port: 53, protocol: 'UDP' as const, targetPort: 5353 }
  return dice.pick([web], [web], [web, dns], [{ ...web, appProtocol: 'h2c' }])
}

function makeService(known: Known, dice: Dice, name: string): Operation {
  const spec: Spec = {
    type: 'ClusterIP', ports: ports(dice),
    ...(bare.includes(name) ? {} : { selector: { app: name } }),
    ...dice.pick({}, {}, { clusterIP: 'None' }),
    ...dice.pick(
      {}, { ipFamilyPolicy: 'PreferDualStack' as const },
      { ipFamilies: ['IPv6' as const], ipFamilyPolicy: 'SingleStack' as const },
    ),
  }
  known.services.set(name, spec)
  return {
    do: 'make service', name, spec, labels: dice.pick({}, { team: 'a' }),
    annotations: dice.pick({}, {}, { 'service.kubernetes.io/topology-mode': 'Auto' }),
  }
}

function endpointsOperation(known: Known, dice: Dice): Operation {
  const name = dice.pick(...bare)
  if (!known.services.has(name)) return makeService(known, dice, name)
  if (known.endpoints.has(name) && dice.chance(0.2)) {
    known.endpoints.delete(name)
    return { do: 'remove endpoints', name }
  }
  known.endpoints.add(name)
  const length = known.families.length > 1 ? dice.pick(0, 2, 2, 2) : dice.below(3)
  return {
    do: 'put endpoints', name,
    subsets: Array.from({ length }, (_, index) => subset(known, dice, index)),
    labels: dice.pick({}, { team: 'a' }, {}, { 'endpointslice.kubernetes.io/skip-mirror': 'true' }),
    annotations: dice.pick({}, { note: 'a' }),
  }
}

/**
 * Ports of two subsets never have the same name with another number. With both families each subset
 * has addresses of both and ports that stay, so that no look has mirrored slices of both families
 * to make while others go: then the reference may drop the wrong one, and repeats that for ever.
 */
function subset({ families }: Known, dice: Dice, index: number): EndpointsSubset {
  const list = (): { ip: string; hostname?: string }[] =>
    Array.from({ length: dice.below(4) }, () => ({
      ip: addressOf(dice, dice.pick(...families)),
      ...dice.pick({}, {}, { hostname: `h${dice.below(5)}` }),
    }))
  const both = families.length > 1
  const each = families.map((family) => ({ ip: addressOf(dice, family) }))
  const ready = both ? [...each, ...list()] : list()
  const notReady = ready.length === 0 ? [...list(), ...each] : list()
  const taken = new Set(ready.map(({ ip }) => ip))
  const port = { name: `p${index}`, port: 80 + index, protocol: 'TCP' as const }
  const second = { name: `q${index}`, port: 90 + index, protocol: 'UDP' as const }
  return {
    ...(ready.length > 0 ? { addresses: unique(ready) } : {}),
    notReadyAddresses: unique(notReady.filter(({ ip }) => !taken.has(ip))),
    ports: both ? [port] : dice.pick([port], [port, second]),
  }
}

function unique<T extends { ip: string }>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [one.ip, one])).values()]
}
