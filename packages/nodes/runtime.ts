import type { Pod, Stored } from '@slicewise/kube'
import { AddressPool } from './ranges.ts'

/**
 * Where Pods get their network. The simulated runtime only hands out addresses; one that makes
 * network namespaces implements the same port.
 */
export interface PodRuntime {
  /** A Pod's sandbox: its addresses, IPv4 and IPv6 in the Node's order. Same uid, same answer. */
  sandbox(pod: Stored<Pod>): readonly string[]
  /** Gives the sandbox another network: new addresses for the same Pod. */
  renew(pod: Stored<Pod>): readonly string[]
  /** The Pod is gone; its addresses are free. */
  remove(uid: string): void
}

/** Addresses out of one Node's Pod ranges. */
export class SimulatedRuntime implements PodRuntime {
  readonly #pools: readonly AddressPool[]
  readonly #nodeAddresses: readonly string[]
  readonly #sandboxes = new Map<string, readonly string[]>()

  constructor(options: { podCIDRs: readonly string[]; nodeAddresses: readonly string[] }) {
    this.#pools = options.podCIDRs.map((cidr) => new AddressPool(cidr))
    this.#nodeAddresses = options.nodeAddresses
  }

  sandbox(pod: Stored<Pod>): readonly string[] {
    const { uid } = pod.metadata
    const known = this.#sandboxes.get(uid)
    if (known !== undefined) return known
    const addresses = this.#reported(pod) ?? this.#take(pod)
    this.#sandboxes.set(uid, addresses)
    return addresses
  }

  renew(pod: Stored<Pod>): readonly string[] {
    const before = this.#sandboxes.get(pod.metadata.uid) ?? []
    const addresses = this.#take(pod)
    for (const address of before) this.#free(address)
    this.#sandboxes.set(pod.metadata.uid, addresses)
    return addresses
  }

  remove(uid: string): void {
    for (const address of this.#sandboxes.get(uid) ?? []) this.#free(address)
    this.#sandboxes.delete(uid)
  }

  /** After a restart the Pod keeps what its status says. */
  #reported(pod: Stored<Pod>): readonly string[] | undefined {
    const addresses = (pod.status?.podIPs ?? []).map((one) => one.ip)
    if (addresses.length === 0 || pod.spec?.hostNetwork === true) return undefined
    const ours = addresses.every((address) => this.#pools.some((pool) => pool.hold(address)))
    return ours ? addresses : undefined
  }

  #take(pod: Stored<Pod>): readonly string[] {
    if (pod.spec?.hostNetwork === true) return this.#nodeAddresses
    return this.#pools.map((pool) => pool.take()).filter((one) => one !== undefined)
  }

  #free(address: string): void {
    for (const pool of this.#pools) pool.free(address)
  }
}
