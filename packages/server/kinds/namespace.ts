import { type Namespace, type Stored } from '@slicewise/kube'
import type { Behaviour, Companion } from '../behaviour.ts'
import type { Core } from '../core.ts'
import type { Draft } from '../decode.ts'
import { newObject } from '../new-object.ts'
import { forbidden } from '../refusals.ts'

const immortal = ['default', 'kube-system', 'kube-public']

/** A Namespace has a phase, finalizers of its own, and content from its first moment. */
export const namespaceBehaviour: Behaviour = {
  admitDelete({ spec }, before) {
    if (immortal.includes(before.metadata.name)) {
      throw forbidden(spec, before.metadata.name, 'this namespace may not be deleted')
    }
  },
  startDelete(next) {
    const namespace = next as Draft & Namespace
    namespace.status = { ...namespace.status, phase: 'Terminating' }
  },
  mayVanish: object => ((object as Stored<Namespace>).spec?.finalizers?.length ?? 0) === 0,
  companions: ({ core }, object) => namespaceContent(core, object.metadata.name ?? ''),
}

const rootCaNote = 'Contains a CA bundle that can be used to verify the kube-apiserver when using '
  + 'internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage '
  + 'is guaranteed across distributions of Kubernetes clusters.'

/** What every namespace has: an account for Pods that name none, and the CA they trust. */
export function namespaceContent(core: Core, namespace: string): Companion[] {
  const accounts = core.rows.find('', 'serviceaccounts')
  const configMaps = core.rows.find('', 'configmaps')
  const found: Companion[] = []
  if (accounts !== undefined) {
    const object = newObject(core, accounts, { metadata: { name: 'default', namespace } })
    found.push({ spec: accounts, object })
  }
  if (configMaps !== undefined) {
    const metadata = {
      name: 'kube-root-ca.crt', namespace,
      annotations: { 'kubernetes.io/description': rootCaNote },
    }
    const configMap = { metadata, data: { 'ca.crt': core.settings.rootCa } }
    found.push({ spec: configMaps, object: newObject(core, configMaps, configMap,
      'kube-controller-manager') })
  }
  return found
}
