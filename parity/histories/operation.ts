/** One step of a history, as data: what a regression file holds and a seed generates. */
import type { EndpointsSubset, Service } from '@slicewise/kube'

export type Spec = NonNullable<Service['spec']>

/** What a Pod reports; everything else about it is fixed when it is made. */
export interface PodReport {
  readonly ready: boolean
  readonly ips: readonly string[]
  readonly phase: string
}

export interface NewPod extends PodReport {
  readonly labels: Readonly<Record<string, string>>
  /** A shared Node, or one of the history's own when it begins with `own-`. */
  readonly node: string
  readonly port?: { readonly name: string; readonly number: number; readonly sidecar: boolean }
  readonly hostname?: string
  readonly subdomain?: string
  readonly finalizer?: boolean
}

export type Operation =
  | { readonly do: 'make pod'; readonly name: string; readonly pod: NewPod }
  | { readonly do: 'report'; readonly name: string; readonly report: PodReport }
  | {
    readonly do: 'label pod'; readonly name: string
    readonly labels: Readonly<Record<string, string | null>>
  }
  /** `end`: deletes with the usual grace, which nobody carries out; `remove`: takes it away. */
  | { readonly do: 'end pod' | 'remove pod'; readonly name: string }
  | {
    readonly do: 'make service'; readonly name: string; readonly spec: Spec
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  | {
    readonly do: 'change service'; readonly name: string
    /** A merge patch. */
    readonly patch: object
  }
  | { readonly do: 'remove service'; readonly name: string }
  | {
    readonly do: 'put endpoints'; readonly name: string
    readonly subsets: readonly EndpointsSubset[]
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }
  | { readonly do: 'remove endpoints'; readonly name: string }
  /** All slices of a Service that controllers keep, behind their back. */
  | { readonly do: 'label slices' | 'remove slices'; readonly name: string }
  | { readonly do: 'make node'; readonly name: string }
  /** At once, nobody waits in between. */
  | { readonly do: 'together'; readonly operations: readonly Operation[] }

export interface History {
  readonly name: string
  readonly operations: readonly Operation[]
}
