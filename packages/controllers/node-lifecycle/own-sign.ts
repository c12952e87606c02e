import type { Env } from '@slicewise/base'
import type { Cache } from '@slicewise/client'
import type { Writer } from '@slicewise/engine'
import { type Lease, resources } from '@slicewise/kube'

const namespace = 'kube-node-lease'
const name = 'node-lifecycle-controller'

export interface OwnSignOptions {
  readonly env: Env
  readonly writer: Writer
  /** The Leases of Nodes. */
  readonly leases: Cache<Lease>
  /** It went all the way round: from here through the server's store into `leases`. */
  onReturn(): void
}

/**
 * A sign of life of the controller itself, a Lease beside those of Nodes. While it is under way,
 * so may be those of Nodes: the disk, the server, the watch or this process is slow.
 */
export class OwnSign {
  readonly #options: OwnSignOptions
  /** `sending`, or the revision that the cache has to show. */
  #at: 'home' | 'sending' | { readonly revision: string } = 'home'

  constructor(options: OwnSignOptions) {
    this.#options = options
    const look = (): void => this.#look()
    options.leases.onChange(look)
    options.leases.onProgress(look)
  }

  /** Sends it unless one is under way; one that could not be written is lost, not returned. */
  async send(): Promise<void> {
    if (this.#at !== 'home') return
    this.#at = 'sending'
    const { env, writer } = this.#options
    const renewTime = `${new Date(env.nowMs()).toISOString().slice(0, -1)}000Z`
    const patch = {
      apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace },
      spec: { holderIdentity: name, renewTime },
    }
    const { results: [sent] } = await writer.run({
      steps: [{
        verb: 'patch', ref: resources.leases, item: { name, namespace },
        patch: { type: 'apply', patch, force: true },
      }],
    })
    const written = sent?.ok === true ? sent.object : undefined
    this.#at = written === undefined ? 'home' : { revision: written.metadata.resourceVersion }
    this.#look()
  }

  #look(): void {
    if (typeof this.#at === 'string' || !this.#options.leases.reached(this.#at.revision)) return
    this.#at = 'home'
    this.#options.onReturn()
  }
}
