import type {
  DeleteOptions, ObjectMeta, Pod, PodSpec, ServiceAccount, Stored, Toleration, Volume,
} from '@slicewise/kube'
import type { Attempt, Behaviour } from '../behaviour.ts'
import { randomSuffix } from '../metadata.ts'
import { forbidden } from '../refusals.ts'
import { admitPriority } from './priority.ts'

type PodDraft = Pod & { metadata: ObjectMeta; spec: PodSpec }

/** What the reference's admission adds to a new Pod, and how long a deleted one may take. */
export const podBehaviour: Behaviour = {
  admitCreate(attempt, next) {
    const pod = next as PodDraft
    pod.spec ??= { containers: [] }
    admitServiceAccount(attempt, pod)
    admitPriority(attempt, pod)
    tolerateUnreachable(pod.spec)
  },
  admitUpdate({ subresource }, next) {
    const { spec } = next as PodDraft
    if (subresource === undefined && spec !== undefined) tolerateUnreachable(spec)
  },
  graceSeconds(before, options) {
    return graceSeconds(before as Stored<Pod>, options)
  },
}

function graceSeconds({ spec, status }: Stored<Pod>, options: DeleteOptions): number {
  const finished = status?.phase === 'Succeeded' || status?.phase === 'Failed'
  if (!spec?.nodeName || finished) return 0
  const seconds = options.gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 0
  return seconds < 0 ? 1 : seconds
}

const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const volumePrefix = 'kube-api-access-'

function admitServiceAccount({ core, spec, namespace }: Attempt, pod: PodDraft): void {
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return
  const name = pod.spec.serviceAccountName || 'default'
  pod.spec.serviceAccountName = name
  pod.spec.serviceAccount = name
  const { collection } = core.cache.of(core.rows.get('', 'serviceaccounts'))
  const account = collection.get(collection.keyOf(namespace, name))?.object() as
    ServiceAccount | undefined
  if (account === undefined) {
    throw forbidden(spec, pod.metadata.name ?? '', 'error looking up service account '
      + `${namespace}/${name}: serviceaccount "${name}" not found`)
  }
  const automount = pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken
  if (automount ?? true) mountToken(pod.spec, volumePrefix + randomSuffix(core.env))
  if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
    pod.spec.imagePullSecrets = account.imagePullSecrets.map(({ name: secret }) =>
      (secret === undefined ? {} : { name: secret }))
  }
}

function mountToken(spec: PodSpec, fresh: string): void {
  const known = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix))
  const name = known?.name ?? fresh
  let mounted = false
  for (const container of [...(spec.initContainers ?? []), ...spec.containers ?? []]) {
    if (container.volumeMounts?.some(mount => mount.mountPath === mountPath)) continue
    const mounts = container.volumeMounts ?? []
    container.volumeMounts = [...mounts, { name, readOnly: true, mountPath }]
    mounted = true
  }
  if (mounted && known === undefined) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)]
}

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      {
        downwardAPI: {
          items: [{
            path: 'namespace',
            fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' },
          }],
        },
      },
    ],
    defaultMode: 420,
  },
})

/** Pods leave a Node that is not ready or not reachable after five minutes, unless they say so. */
function tolerateUnreachable(spec: PodSpec): void {
  const present = spec.tolerations ?? []
  const tolerated = (key: string): boolean => present.some(one =>
    (one.key === key || !one.key) && (one.effect === 'NoExecute' || !one.effect))
  const added: Toleration[] = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']
    .filter(key => !tolerated(key))
    .map(key => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }))
  if (added.length > 0) spec.tolerations = [...present, ...added]
}
