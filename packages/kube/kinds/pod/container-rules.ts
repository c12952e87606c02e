import {
  enumCauses, invalidAll, labelCauses, listedEnumCauses, nonNegativeCauses, optionalEnumCauses,
  portCauses, qualifiedNameCauses,
} from '../../causes.ts'
import {
  configKeyFaults, envNameFaults, httpHeaderNameFaults, portNameFaults, portNumberFaults,
  subdomainFaults,
} from '../../names.ts'
import { compareQuantities, quantityMilli } from '../../quantity.ts'
import { type Cause, cause } from '../../status.ts'
import { protocolValues, pullPolicyValues, uriSchemeValues } from '../core-enums.ts'
import type {
  Container, ContainerPort, EnvFromSource, EnvVar, EnvVarSource, ResourceRequirements, VolumeMount,
} from './container.ts'
import type { HTTPGetAction, LifecycleHandler, Probe } from './probe.ts'

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const
const envFieldPaths = [
  'metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName',
  'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs',
]
/** Fields of a Pod that can be named, though not all of them in an environment. */
const knownFieldPaths = [
  ...envFieldPaths, 'metadata.annotations', 'metadata.labels', 'spec.restartPolicy',
  'spec.schedulerName', 'status.phase', 'status.nominatedNodeName',
]
const standardResources = new Set(['cpu', 'memory', 'ephemeral-storage', 'storage', 'pods'])

/** What containers, init containers and ephemeral ones have in common. */
export function containerCauses(
  container: Container, volumes: ReadonlySet<string>, field: string,
): Cause[] {
  const found = container.name
    ? labelCauses(`${field}.name`, container.name) : [cause.required(`${field}.name`)]
  if (!container.image) found.push(cause.required(`${field}.image`))
  found.push(
    ...listedEnumCauses(`${field}.terminationMessagePolicy`, container.terminationMessagePolicy,
      ['File', 'FallbackToLogsOnError']),
    ...containerPortsCauses(container.ports ?? [], `${field}.ports`),
    ...(container.env ?? []).flatMap((one, at) => envCauses(one, `${field}.env[${at}]`)),
    ...(container.envFrom ?? []).flatMap((one, at) => envFromCauses(one, `${field}.envFrom`, at)),
    ...mountsCauses(container, volumes, field),
    ...enumCauses(`${field}.imagePullPolicy`, container.imagePullPolicy, pullPolicyValues),
    ...resourcesCauses(container.resources, `${field}.resources`),
    ...securityCauses(container, `${field}.securityContext`),
  )
  return found
}

function containerPortsCauses(ports: readonly ContainerPort[], field: string): Cause[] {
  const names = new Set<string>()
  return ports.flatMap((port, index) => {
    const at = `${field}[${index}]`
    const found: Cause[] = []
    if (port.name) {
      const faults = portNameFaults(port.name)
      if (faults.length > 0) found.push(...invalidAll(`${at}.name`, port.name, faults))
      else if (names.has(port.name)) found.push(cause.duplicate(`${at}.name`, port.name))
      names.add(port.name)
    }
    if (!port.containerPort) found.push(cause.required(`${at}.containerPort`))
    else {
      found.push(...invalidAll(`${at}.containerPort`, port.containerPort,
        portNumberFaults(port.containerPort)))
    }
    if (port.hostPort) {
      found.push(...invalidAll(`${at}.hostPort`, port.hostPort, portNumberFaults(port.hostPort)))
    }
    return [...found, ...enumCauses(`${at}.protocol`, port.protocol, protocolValues)]
  })
}

function envCauses(env: EnvVar, field: string): Cause[] {
  const found = env.name
    ? invalidAll(`${field}.name`, env.name, envNameFaults(env.name))
    : [cause.required(`${field}.name`)]
  if (env.valueFrom !== undefined) {
    found.push(...valueFromCauses(env.valueFrom, env.value ?? '', `${field}.valueFrom`))
  }
  return found
}

function valueFromCauses(from: EnvVarSource, value: string, field: string): Cause[] {
  const sources = Object.values(from).filter((source) => source !== undefined).length
  const found: Cause[] = []
  if (from.fieldRef !== undefined) {
    found.push(...fieldPathCauses(from.fieldRef.fieldPath, `${field}.fieldRef.fieldPath`))
  }
  if (from.resourceFieldRef !== undefined && !from.resourceFieldRef.resource) {
    found.push(cause.required(`${field}.resourceFieldRef.resource`))
  }
  for (const name of ['configMapKeyRef', 'secretKeyRef'] as const) {
    const reference = from[name]
    if (reference === undefined) continue
    const named = reference.name ?? ''
    found.push(...invalidAll(`${field}.${name}.name`, named, subdomainFaults(named)))
    if (!reference.key) found.push(cause.required(`${field}.${name}.key`))
    else {
      found.push(...invalidAll(`${field}.${name}.key`, reference.key,
        configKeyFaults(reference.key)))
    }
  }
  if (sources === 0) {
    found.push(cause.invalid(field, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, '
      + '`configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'))
  } else if (value !== '') {
    found.push(cause.invalid(field, '', 'may not be specified when `value` is not empty'))
  } else if (sources > 1) {
    found.push(cause.invalid(field, '', 'may not have more than one field specified at a time'))
  }
  return found
}

function fieldPathCauses(path: string, field: string): Cause[] {
  if (!path) return [cause.required(field)]
  if (/^metadata\.(labels|annotations)\['.+'\]$/.test(path)) return []
  if (envFieldPaths.includes(path)) return []
  return knownFieldPaths.includes(path)
    ? [cause.notSupported(field, path, envFieldPaths)]
    : [cause.invalid(field, path,
      `error converting fieldPath: field label not supported: ${path}`)]
}

function envFromCauses(from: EnvFromSource, list: string, index: number): Cause[] {
  const field = `${list}[${index}]`
  const found: Cause[] = []
  if (from.prefix) {
    found.push(...invalidAll(`${field}.prefix`, from.prefix, envNameFaults(from.prefix)))
  }
  let sources = 0
  for (const name of ['configMapRef', 'secretRef'] as const) {
    const source = from[name]
    if (source === undefined) continue
    sources++
    if (!source.name) found.push(cause.required(`${field}.${name}.name`))
  }
  if (sources === 0) {
    found.push(cause.invalid(list, '', 'must specify one of: `configMapRef` or `secretRef`'))
  } else if (sources > 1) {
    found.push(cause.invalid(list, '', 'may not have more than one field specified at a time'))
  }
  return found
}

function mountsCauses(
  container: Container, volumes: ReadonlySet<string>, field: string,
): Cause[] {
  const paths = new Set<string>()
  const mounts = (container.volumeMounts ?? []).flatMap((mount, index) =>
    mountCauses(mount, volumes, paths, `${field}.volumeMounts`, index))
  const devices = (container.volumeDevices ?? []).flatMap((device, index) => {
    const at = `${field}.volumeDevices[${index}]`
    const found: Cause[] = []
    if (!device.name) found.push(cause.required(`${at}.name`))
    if (!volumes.has(device.name)) found.push(cause.notFound(`${at}.name`, device.name))
    if (!device.devicePath) found.push(cause.required(`${at}.devicePath`))
    return found
  })
  return [...mounts, ...devices]
}

function mountCauses(
  mount: VolumeMount, volumes: ReadonlySet<string>, paths: Set<string>, list: string, index: number,
): Cause[] {
  const field = `${list}[${index}]`
  const found: Cause[] = []
  if (!mount.name) found.push(cause.required(`${field}.name`))
  if (!volumes.has(mount.name)) found.push(cause.notFound(`${field}.name`, mount.name))
  if (!mount.mountPath) found.push(cause.required(`${field}.mountPath`))
  if (paths.has(mount.mountPath)) {
    found.push(cause.invalid(`${field}.mountPath`, mount.mountPath, 'must be unique'))
  }
  paths.add(mount.mountPath)
  // The reference leaves the index out of the paths of these two.
  if (mount.subPath) found.push(...localPathCauses(`${list}.subPath`, mount.subPath))
  if (mount.subPathExpr) {
    if (mount.subPath) {
      found.push(cause.invalid(`${field}.subPathExpr`, mount.subPathExpr,
        'subPathExpr and subPath are mutually exclusive'))
    }
    found.push(...localPathCauses(`${list}.subPathExpr`, mount.subPathExpr))
  }
  return found
}

export function localPathCauses(field: string, path: string): Cause[] {
  const found: Cause[] = []
  if (path.startsWith('/')) found.push(cause.invalid(field, path, 'must be a relative path'))
  if (path.split('/').includes('..')) {
    found.push(cause.invalid(field, path, 'must not contain \'..\''))
  }
  return found
}

/** Requests and limits: names, no negative amounts, requests within limits. */
export function resourcesCauses(
  resources: ResourceRequirements | undefined, field: string,
): Cause[] {
  const { limits = {}, requests = {} } = resources ?? {}
  const found: Cause[] = []
  for (const [list, amounts] of [['limits', limits], ['requests', requests]] as const) {
    for (const [name, amount] of Object.entries(amounts)) {
      found.push(...amountCauses(name, amount, `${field}.${list}`))
    }
  }
  for (const [name, amount] of Object.entries(requests)) {
    const limit = limits[name]
    if (limit === undefined) continue
    const fixed = !standardResources.has(name)
    if (fixed && compareQuantities(amount, limit) !== 0) {
      found.push(cause.invalid(`${field}.requests`, amount,
        `must be equal to ${name} limit of ${limit}`))
    } else if (!fixed && compareQuantities(amount, limit) > 0) {
      found.push(cause.invalid(`${field}.requests`, amount,
        `must be less than or equal to ${name} limit of ${limit}`))
    }
  }
  return found
}

function amountCauses(name: string, amount: string, field: string): Cause[] {
  const at = `${field}[${name}]`
  const found = qualifiedNameCauses(at, name)
  if (found.length === 0 && !name.includes('/') && !isContainerResource(name)) {
    if (!standardResources.has(name)) {
      found.push(cause.invalid(at, name, 'must be a standard resource type or fully qualified'))
    }
    found.push(cause.invalid(at, name, 'must be a standard resource for containers'))
  }
  if (compareQuantities(amount, '0') < 0) {
    found.push(cause.invalid(at, amount, 'must be greater than or equal to 0'))
  }
  if (name.includes('/') && quantityMilli(amount) % 1000 !== 0) {
    found.push(cause.invalid(at, amount, 'must be an integer'))
  }
  return found
}

const isContainerResource = (name: string): boolean =>
  ['cpu', 'memory', 'ephemeral-storage'].includes(name) || name.startsWith('hugepages-')

function securityCauses({ securityContext }: Container, field: string): Cause[] {
  if (securityContext === undefined) return []
  const found: Cause[] = []
  for (const name of ['runAsUser', 'runAsGroup'] as const) {
    const id = securityContext[name]
    if (id !== undefined && (id < 0 || id > 2 ** 31 - 1)) {
      found.push(cause.invalid(`${field}.${name}`, id,
        'must be between 0 and 2147483647, inclusive'))
    }
  }
  if (securityContext.allowPrivilegeEscalation === false) {
    if (securityContext.privileged) {
      found.push(cause.invalid(field, securityContext,
        'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'))
    }
    if (securityContext.capabilities?.add?.includes('CAP_SYS_ADMIN')) {
      found.push(cause.invalid(field, securityContext,
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN'))
    }
  }
  return found
}

/** Hooks and probes of a container that keeps running. */
export function runningCauses(container: Container, grace: number, field: string): Cause[] {
  const found: Cause[] = []
  for (const hook of ['postStart', 'preStop'] as const) {
    const handler = container.lifecycle?.[hook]
    if (handler !== undefined) {
      found.push(...handlerCauses(handler, grace, `${field}.lifecycle.${hook}`))
    }
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    const probe = container[name]
    if (probe !== undefined) found.push(...probeCauses(probe, grace, name, `${field}.${name}`))
  }
  return found
}

function probeCauses(probe: Probe, grace: number, name: string, field: string): Cause[] {
  const found = handlerCauses(probe, grace, field)
  for (const number of [
    'initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold',
    'failureThreshold',
  ] as const) {
    found.push(...nonNegativeCauses(`${field}.${number}`, probe[number]))
  }
  const own = probe.terminationGracePeriodSeconds
  const ownField = `${field}.terminationGracePeriodSeconds`
  if (own !== undefined && own <= 0) {
    found.push(cause.invalid(ownField, own, 'must be greater than 0'))
  }
  if (name === 'readinessProbe') {
    if (own !== undefined) {
      found.push(cause.invalid(ownField, own, 'must not be set for readinessProbes'))
    }
  } else if (probe.successThreshold !== 1) {
    found.push(cause.invalid(`${field}.successThreshold`, probe.successThreshold ?? 0, 'must be 1'))
  }
  return found
}

function handlerCauses(handler: LifecycleHandler | Probe, grace: number, field: string): Cause[] {
  const all = handler as LifecycleHandler & Probe
  const [first, ...rest] = handlers.filter((name) => all[name] !== undefined)
  if (first === undefined) return [cause.required(field, 'must specify a handler type')]
  return [
    ...actionCauses(all, first, grace, `${field}.${first}`),
    ...rest.map((name) =>
      cause.forbidden(`${field}.${name}`, 'may not specify more than 1 handler type')),
  ]
}

function actionCauses(
  handler: LifecycleHandler & Probe, kind: typeof handlers[number], grace: number, field: string,
): Cause[] {
  switch (kind) {
    case 'exec':
      return handler.exec?.command?.length ? [] : [cause.required(`${field}.command`)]
    case 'httpGet': return handler.httpGet === undefined ? [] : httpCauses(handler.httpGet, field)
    case 'tcpSocket': return portCauses(`${field}.port`, handler.tcpSocket?.port ?? 0)
    case 'grpc': return portCauses(`${field}.port`, handler.grpc?.port ?? 0)
    case 'sleep': {
      const seconds = handler.sleep?.seconds ?? 0
      return seconds >= 0 && seconds <= grace ? [] : [cause.invalid(field, seconds,
        `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)]
    }
  }
}

function httpCauses(http: HTTPGetAction, field: string): Cause[] {
  return [
    ...(http.path ? [] : [cause.required(`${field}.path`)]),
    ...portCauses(`${field}.port`, http.port),
    ...optionalEnumCauses(`${field}.scheme`, http.scheme ?? '', uriSchemeValues),
    ...(http.httpHeaders ?? []).flatMap((header) =>
      invalidAll(`${field}.httpHeaders`, header.name, httpHeaderNameFaults(header.name))),
  ]
}
