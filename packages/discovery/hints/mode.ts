import type { Service } from '@slicewise/kube'

/** How a Service asks for hints. `auto` is the topology algorithm by CPU capacity of zones. */
export type HintMode =
  | { readonly kind: 'none' }
  | { readonly kind: 'auto' }
  | { readonly kind: 'distribution'; readonly value: TrafficDistribution }

export type TrafficDistribution = 'PreferClose' | 'PreferSameZone' | 'PreferSameNode'

export const noHints: HintMode = { kind: 'none' }

const deprecatedAnnotation = 'service.kubernetes.io/topology-aware-hints'
const annotation = 'service.kubernetes.io/topology-mode'
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'] as const

/**
 * What a Service asks for. The annotation counts before `trafficDistribution`, and the deprecated
 * annotation before the other; only `Auto` and `auto` turn it on.
 */
export function hintModeOf(service: Service): HintMode {
  const annotations = service.metadata?.annotations
  const asked = annotations?.[deprecatedAnnotation] ?? annotations?.[annotation]
  if (asked === 'Auto' || asked === 'auto') return { kind: 'auto' }
  const value = distributions.find((one) => one === service.spec?.trafficDistribution)
  return value === undefined ? noHints : { kind: 'distribution', value }
}
