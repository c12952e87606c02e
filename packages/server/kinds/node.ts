import type { Node } from '@slicewise/kube'
import type { Behaviour } from '../behaviour.ts'

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const

/** A new Node takes no Pods until somebody has seen it ready. */
export const nodeBehaviour: Behaviour = {
  admitCreate(_attempt, next) {
    const spec = (next as Node).spec ??= {}
    const taints = spec.taints ?? []
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return
    spec.taints = [...taints, { ...notReady }]
  },
}
