import { type IpFamily, cidrContains, parseCidr, parseIp } from '@slicewise/base'
import {
  type Cause, type IPAddress, type Service, type ServiceAllocation, type ServiceCIDR, type Stored,
  StatusError, cause, invalid, serviceAllocation, serviceHoldings,
} from '@slicewise/kube'
import { addressAt, addressBand, chooseOffset, portBand, readCidr } from '../allocate.ts'
import { type Behaviour, type Reservation, removals } from '../behaviour.ts'
import type { Write } from '../commit.ts'
import type { Core } from '../core.ts'
import type { Draft } from '../decode.ts'
import { newObject } from '../new-object.ts'
import { type ClaimKind, claim, isClaimed, ownedBy, ownerOf, release } from './claims.ts'

/** Services get addresses and ports in the commit that stores them, and give them back with it. */
export const serviceBehaviour: Behaviour = {
  reserve(attempt, next, before) {
    const service = next as Draft & Service
    const old = before as Stored<Service> | undefined
    const allocation = serviceAllocation(service, old, attempt.core.facts)
    if (allocation.causes.length > 0) throw refusal(service, allocation.causes)
    const owner = ownerName(service)
    const taking = new Taking(attempt.core, owner)
    takeAddresses(taking, service, allocation)
    takePorts(taking, service, allocation)
    const balancer = balance(taking, service, old)
    if (taking.causes.length > 0) throw refusal(service, taking.causes)
    return {
      writes: [...taking.writes, ...giveBack(attempt.core, owner, allocation), ...balancer.writes],
      ...(balancer.complete === undefined ? {} : { complete: balancer.complete }),
    }
  },

  release({ core }, before) {
    const service = before as Stored<Service>
    const { ips, nodePorts } = serviceHoldings(service)
    const { namespace = '', name } = service.metadata
    const owner = ownerName(service)
    return [
      ...releaseAddresses(core, ips, owner),
      ...release(core, 'nodeports', nodePorts.map(String), owner),
      ...release(core, 'loadbalancers', ownedBy(core, 'loadbalancers', owner), owner),
      ...removals(core, core.rows.find('', 'endpoints'), namespace, [name]),
    ]
  },
}

const ownerName = ({ metadata }: Service): string =>
  `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`

const refusal = (service: Service, causes: readonly Cause[]): StatusError =>
  invalid('Service', '', service.metadata?.name ?? '', causes)

/** What one attempt takes: it must not take a thing twice itself. */
class Taking {
  readonly core: Core
  readonly owner: string
  readonly writes: Write[] = []
  readonly causes: Cause[] = []
  readonly #taken = new Set<string>()

  constructor(core: Core, owner: string) {
    this.core = core
    this.owner = owner
  }

  claimed(kind: ClaimKind, thing: string): boolean {
    return this.#taken.has(`${kind}/${thing}`) || isClaimed(this.core, kind, thing)
  }

  claim(kind: ClaimKind, thing: string): void {
    this.#taken.add(`${kind}/${thing}`)
    this.writes.push(claim(kind, thing, this.owner))
  }

  addressTaken(ip: string): boolean {
    if (this.#taken.has(ip)) return true
    const { collection } = this.core.cache.of(addressRow(this.core))
    return collection.get(collection.keyOf('', ip)) !== undefined
  }

  takeAddress(ip: string, family: IpFamily): void {
    this.#taken.add(ip)
    this.writes.push({
      do: 'put', spec: addressRow(this.core), before: undefined,
      object: addressObject(this.core, ip, family, this.owner),
    })
  }
}

const addressRow = (core: Core) => core.rows.get('networking.k8s.io', 'ipaddresses')

function addressObject(core: Core, ip: string, family: IpFamily, owner: string): Draft {
  const [namespace = '', name = ''] = owner.split('/')
  const object: IPAddress = {
    metadata: {
      name: ip,
      labels: {
        'ipaddress.kubernetes.io/ip-family': family,
        'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
      },
    },
    spec: { parentRef: { resource: 'services', namespace, name } },
  }
  return newObject(core, addressRow(core), object, 'kube-apiserver')
}

function takeAddresses(taking: Taking, service: Service, { clusterIPs }: ServiceAllocation): void {
  const spec = service.spec ??= {}
  for (const { index, family, requested } of clusterIPs) {
    const ip = requested ?? freeAddress(taking, family)
    if (requested !== undefined) {
      const why = addressRefusal(taking, requested, family)
      if (why !== undefined) {
        taking.causes.push(cause.invalid('spec.clusterIPs', spec.clusterIPs ?? [requested],
          `failed to allocate IP ${requested}: ${why}`))
        continue
      }
    }
    taking.takeAddress(ip, family)
    spec.clusterIPs ??= []
    spec.clusterIPs[index] = ip
    if (index === 0) spec.clusterIP = ip
  }
}

/** Ranges of one family: the ServiceCIDR objects that are not on their way out. */
function ranges(core: Core, family: IpFamily): string[] {
  const row = core.rows.get('networking.k8s.io', 'servicecidrs')
  const found: string[] = []
  core.cache.of(row).collection.walk({ namespace: '', from: '' }, cached => {
    if (!cached.deleting) found.push(...((cached.object() as ServiceCIDR).spec?.cidrs ?? []))
  })
  const all = found.length > 0 ? found : [...core.settings.serviceCidrs]
  return all.filter(text => parseCidr(text)?.ip.family === family)
}

function freeAddress(taking: Taking, family: IpFamily): string {
  for (const text of ranges(taking.core, family)) {
    const cidr = readCidr(text)
    const offset = chooseOffset(taking.core.env, addressBand(cidr), one =>
      taking.addressTaken(addressAt(cidr, one)))
    if (offset !== undefined) return addressAt(cidr, offset)
  }
  throw new StatusError('InternalError', 'failed to allocate a serviceIP: range is full: add a '
    + `ServiceCIDR with more ${family} addresses, or delete Services`)
}

function addressRefusal(taking: Taking, text: string, family: IpFamily): string | undefined {
  const ip = parseIp(text)
  const valid = ranges(taking.core, family)
  const fits = ip !== undefined && valid.some(range => {
    const cidr = readCidr(range)
    const { last } = addressBand(cidr)
    return cidrContains(cidr, ip) && text !== addressAt(cidr, 0)
      && (family === 'IPv6' || text !== addressAt(cidr, last + 1))
  })
  if (!fits) return 'the provided network does not match the current range'
  return taking.addressTaken(text) ? 'provided IP is already allocated' : undefined
}

function takePorts(taking: Taking, service: Service, allocation: ServiceAllocation): void {
  const ports = service.spec?.ports ?? []
  for (const { indexes, requested } of allocation.nodePorts) {
    const field = `spec.ports[${indexes[0] ?? 0}].nodePort`
    const port = takePort(taking, requested, field)
    for (const index of port === undefined ? [] : indexes) {
      const target = ports[index]
      if (target !== undefined && port !== undefined) target.nodePort = port
    }
  }
  const health = allocation.healthCheckNodePort
  if (health === undefined) return
  const port = takePort(taking, health.requested, 'spec.healthCheckNodePort')
  if (port !== undefined && service.spec !== undefined) service.spec.healthCheckNodePort = port
}

function takePort(
  taking: Taking, requested: number | undefined, field: string,
): number | undefined {
  const { first, last } = taking.core.settings.nodePorts
  const taken = (port: number): boolean => taking.claimed('nodeports', String(port))
  if (requested !== undefined && (requested < first || requested > last)) {
    taking.causes.push(cause.invalid(field, requested,
      `provided port is not in the valid range. The range of valid ports is ${first}-${last}`))
    return undefined
  }
  if (requested !== undefined && taken(requested)) {
    taking.causes.push(cause.invalid(field, requested, 'provided port is already allocated'))
    return undefined
  }
  const port = requested ?? chooseOffset(taking.core.env, portBand(first, last), taken)
  if (port === undefined) {
    throw new StatusError('InternalError', 'failed to allocate a nodePort: range is full: delete '
      + 'Services that have one, or let those of type LoadBalancer do without '
      + '(allocateLoadBalancerNodePorts: false)')
  }
  taking.claim('nodeports', String(port))
  return port
}

function giveBack(core: Core, owner: string, allocation: ServiceAllocation): Write[] {
  return [
    ...releaseAddresses(core, allocation.releasedIPs, owner),
    ...release(core, 'nodeports', allocation.releasedNodePorts.map(String), owner),
  ]
}

/** Only IPAddress objects of this Service go. */
function releaseAddresses(core: Core, ips: readonly string[], owner: string): Write[] {
  const row = addressRow(core)
  const { collection } = core.cache.of(row)
  const own = ips.filter(ip => {
    const object = collection.get(collection.keyOf('', ip))?.object() as IPAddress | undefined
    const { resource, namespace = '', name } = object?.spec?.parentRef ?? {}
    return resource === 'services' && `${namespace}/${name}` === owner
  })
  return removals(core, row, '', own)
}

/** A LoadBalancer of no particular class has one address of each of its families in the pool. */
function balance(
  taking: Taking, service: Service, before: Stored<Service> | undefined,
): Reservation {
  const { core, owner } = taking
  const spec = service.spec ?? {}
  const balanced = spec.type === 'LoadBalancer' && !spec.loadBalancerClass
  const was = before?.spec?.type === 'LoadBalancer'
  if (!balanced && !was) return { writes: [] }
  const held = ownedBy(core, 'loadbalancers', owner)
  if (!balanced) return { writes: release(core, 'loadbalancers', held, owner) }
  if (held.length > 0) return { writes: [] }
  const ips = (spec.ipFamilies ?? [])
    .map(family => balancerAddress(taking, family, spec.loadBalancerIP))
  const ingress = ips.filter(ip => ip !== undefined).map(ip => ({ ip, ipMode: 'VIP' }))
  return {
    writes: [],
    complete(next) {
      if (ingress.length > 0) (next as Service).status = { loadBalancer: { ingress } }
    },
  }
}

/** The wanted address if it is in the pool and free, else any; undefined without a pool. */
function balancerAddress(
  taking: Taking, family: IpFamily, wanted: string | undefined,
): string | undefined {
  const { core } = taking
  for (const text of core.settings.loadBalancerCidrs) {
    const cidr = readCidr(text)
    if (cidr.ip.family !== family) continue
    const asked = wanted === undefined ? undefined : parseIp(wanted)
    const fits = asked !== undefined && cidrContains(cidr, asked)
      && ownerOf(core, 'loadbalancers', wanted ?? '') === undefined
    const band = { ...addressBand(cidr), upper: 1 }
    const offset = fits ? undefined : chooseOffset(core.env, band, one =>
      taking.claimed('loadbalancers', addressAt(cidr, one)))
    const ip = fits ? wanted : offset === undefined ? undefined : addressAt(cidr, offset)
    if (ip === undefined) continue
    taking.claim('loadbalancers', ip)
    return ip
  }
  return undefined
}

