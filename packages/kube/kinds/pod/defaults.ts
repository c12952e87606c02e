import { addQuantities, compareQuantities } from '../../quantity.ts'
import type { Container } from './container.ts'
import type { EphemeralContainerCommon } from './ephemeral-container.ts'
import type { LifecycleHandler, Probe } from './probe.ts'
import type { Pod, PodTemplate, PodTemplateSpec } from './pod.ts'
import type { PodSpec } from './spec.ts'
import type { Volume, VolumeProjection } from './volume.ts'

const fileMode = 0o644

/** Defaults of a Pod; templates get `defaultPodSpec` alone. */
export function defaultPod(pod: Pod): void {
  const spec = (pod.spec ??= { containers: [] })
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
    const resources = (container.resources ??= {})
    if (resources.limits === undefined) continue
    resources.requests = { ...resources.limits, ...resources.requests }
  }
  defaultPodRequests(spec)
  spec.enableServiceLinks ??= true
  if (spec.hostNetwork) {
    for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])]) {
      for (const port of container.ports ?? []) port.hostPort ||= port.containerPort
    }
  }
  defaultPodSpec(spec)
  // A negative grace is read as the shortest one.
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1
}

/** Resources of the whole Pod: requests left out follow the containers, else the limits. */
function defaultPodRequests(spec: PodSpec): void {
  const limits = spec.resources?.limits
  if (spec.resources === undefined || limits === undefined) return
  const requests = { ...spec.resources.requests }
  for (const [name, limit] of Object.entries(limits)) {
    if (requests[name] !== undefined) continue
    const asked = (spec.containers ?? [])
      .map((container) => container.resources?.requests?.[name])
      .filter((amount) => amount !== undefined)
    requests[name] = asked.length > 0 ? asked.reduce(addQuantities) : limit
    if (compareQuantities(requests[name], limit) > 0) requests[name] = limit
  }
  spec.resources.requests = requests
}

export function defaultPodTemplate(template: PodTemplate): void {
  if (template.template?.spec !== undefined) defaultPodSpec(template.template.spec)
}

/** For the templates of workloads. */
export function defaultTemplateSpec(template: PodTemplateSpec): void {
  defaultPodSpec(template.spec ??= { containers: [] })
}

export function defaultPodSpec(spec: PodSpec): void {
  spec.dnsPolicy ||= 'ClusterFirst'
  spec.restartPolicy ||= 'Always'
  spec.securityContext ??= {}
  spec.terminationGracePeriodSeconds ??= 30
  spec.schedulerName ||= 'default-scheduler'
  if (spec.serviceAccountName === undefined && spec.serviceAccount) {
    spec.serviceAccountName = spec.serviceAccount
  }
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName
  for (const volume of spec.volumes ?? []) defaultVolume(volume)
  for (const container of spec.initContainers ?? []) defaultContainer(container)
  for (const container of spec.containers ?? []) defaultContainer(container)
  for (const container of spec.ephemeralContainers ?? []) defaultContainer(container)
}

/** `latest`, or no tag and no digest, is pulled each time. */
export function defaultPullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const [tagged = '', digest] = image.slice(image.lastIndexOf('/') + 1).split('@')
  const [, tag] = tagged.split(':')
  const used = tag ?? (digest === undefined ? 'latest' : '')
  return used === 'latest' ? 'Always' : 'IfNotPresent'
}

function defaultContainer(container: Container | EphemeralContainerCommon): void {
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '')
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
  for (const port of container.ports ?? []) port.protocol ||= 'TCP'
  for (const env of container.env ?? []) {
    if (env.valueFrom?.fieldRef !== undefined) env.valueFrom.fieldRef.apiVersion ||= 'v1'
    if (env.valueFrom?.fileKeyRef !== undefined) env.valueFrom.fileKeyRef.optional ??= false
  }
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[probe] !== undefined) defaultProbe(container[probe])
  }
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop]) {
    if (hook !== undefined) defaultHandler(hook)
  }
}

function defaultProbe(probe: Probe): void {
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
  defaultHandler(probe)
  if (probe.grpc !== undefined) probe.grpc.service ??= ''
}

function defaultHandler({ httpGet }: Pick<LifecycleHandler, 'httpGet'>): void {
  if (httpGet === undefined) return
  httpGet.path ||= '/'
  httpGet.scheme ||= 'HTTP'
}

function defaultVolume(volume: Volume): void {
  const { name: _name, ...sources } = volume
  if (Object.values(sources).every((source) => source === undefined)) volume.emptyDir = {}
  if (volume.image !== undefined) {
    volume.image.pullPolicy ||= defaultPullPolicy(volume.image.reference ?? '')
  }
  if (volume.hostPath !== undefined) volume.hostPath.type ??= ''
  if (volume.secret !== undefined) volume.secret.defaultMode ??= fileMode
  if (volume.configMap !== undefined) volume.configMap.defaultMode ??= fileMode
  if (volume.downwardAPI !== undefined) {
    volume.downwardAPI.defaultMode ??= fileMode
    defaultFieldRefs(volume.downwardAPI.items)
  }
  if (volume.projected !== undefined) {
    volume.projected.defaultMode ??= fileMode
    for (const source of volume.projected.sources ?? []) defaultProjection(source)
  }
  if (volume.ephemeral?.volumeClaimTemplate !== undefined) {
    volume.ephemeral.volumeClaimTemplate.spec.volumeMode ??= 'Filesystem'
  }
  defaultLegacyVolume(volume)
}

function defaultProjection(source: VolumeProjection): void {
  defaultFieldRefs(source.downwardAPI?.items)
  if (source.serviceAccountToken !== undefined) {
    source.serviceAccountToken.expirationSeconds ??= 3600
  }
}

function defaultFieldRefs(
  items: readonly { fieldRef?: { apiVersion?: string } }[] | undefined,
): void {
  for (const item of items ?? []) if (item.fieldRef !== undefined) item.fieldRef.apiVersion ||= 'v1'
}

function defaultLegacyVolume(volume: Volume): void {
  if (volume.iscsi !== undefined) volume.iscsi.iscsiInterface ||= 'default'
  if (volume.rbd !== undefined) {
    volume.rbd.pool ||= 'rbd'
    volume.rbd.user ||= 'admin'
    volume.rbd.keyring ||= '/etc/ceph/keyring'
  }
  if (volume.azureDisk !== undefined) {
    volume.azureDisk.cachingMode ??= 'ReadWrite'
    volume.azureDisk.kind ??= 'Shared'
    volume.azureDisk.fsType ??= 'ext4'
    volume.azureDisk.readOnly ??= false
  }
  if (volume.scaleIO !== undefined) {
    volume.scaleIO.storageMode ||= 'ThinProvisioned'
    volume.scaleIO.fsType ||= 'xfs'
  }
}
