import type { KubeObject, Stored } from '@slicewise/kube'
import type { Behaviour } from '../behaviour.ts'

const defaultMark = 'ingressclass.kubernetes.io/is-default-class'
const oldClass = 'kubernetes.io/ingress.class'

/** An Ingress that names no class gets the default one; of several the newest. */
export const ingressBehaviour: Behaviour = {
  admitCreate({ core }, next) {
    const ingress = next as KubeObject & { spec?: { ingressClassName?: string } }
    if (ingress.spec?.ingressClassName !== undefined) return
    if (ingress.metadata?.annotations?.[oldClass] !== undefined) return
    const row = core.rows.find('networking.k8s.io', 'ingressclasses')
    if (row === undefined) return
    const classes: Stored[] = []
    core.cache.of(row).collection.walk({ namespace: '', from: '' }, cached => {
      const one = cached.object()
      if (one.metadata.annotations?.[defaultMark] === 'true') classes.push(one)
    })
    classes.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1))
    const name = classes[0]?.metadata.name
    if (name !== undefined) ingress.spec = { ...ingress.spec, ingressClassName: name }
  },
}
