import type { KubeObject } from './object.ts'
import type { ResourceSpec } from './resource.ts'
import {
  controllerrevisions, daemonsets, deployments, replicasets, statefulsets,
} from './kinds/apps/rows.ts'
import { horizontalpodautoscalers, horizontalpodautoscalersV1 } from './kinds/autoscaling/rows.ts'
import { cronjobs, jobs } from './kinds/batch/rows.ts'
import { configmaps, secrets, serviceaccounts } from './kinds/config-rows.ts'
import { leases } from './kinds/coordination/row.ts'
import { endpointslices } from './kinds/endpoint-slice-row.ts'
import { endpoints } from './kinds/endpoints-row.ts'
import { events, eventsV1 } from './kinds/event-rows.ts'
import { namespaces } from './kinds/namespace-row.ts'
import {
  ingressclasses, ingresses, ipaddresses, networkpolicies, servicecidrs,
} from './kinds/networking/rows.ts'
import { nodes } from './kinds/node-row.ts'
import { bindings, pods, podtemplates } from './kinds/pod/row.ts'
import { poddisruptionbudgets } from './kinds/policy/row.ts'
import { limitranges, resourcequotas } from './kinds/quota-rows.ts'
import {
  clusterrolebindings, clusterroles, rolebindings, roles,
} from './kinds/rbac/rows.ts'
import { replicationcontrollers } from './kinds/replication-controller-row.ts'
import {
  localsubjectaccessreviews, selfsubjectaccessreviews, selfsubjectreviews, selfsubjectrulesreviews,
  subjectaccessreviews, tokenreviews,
} from './kinds/review-rows.ts'
import { priorityclasses } from './kinds/scheduling/row.ts'
import { services } from './kinds/service-row.ts'
import { storageclasses } from './kinds/storage/row.ts'
import { persistentvolumeclaims, persistentvolumes } from './kinds/volume-rows.ts'

/**
 * Every kind the API serves, in the order discovery lists them: groups by priority (it decides
 * which group wins an ambiguous name), resources of a group by name.
 */
export const resources = {
  bindings, configmaps, endpoints, events, limitranges, namespaces, nodes, persistentvolumeclaims,
  persistentvolumes, pods, podtemplates, replicationcontrollers, resourcequotas, secrets,
  serviceaccounts, services,
  controllerrevisions, daemonsets, deployments, replicasets, statefulsets,
  eventsV1,
  selfsubjectreviews, tokenreviews,
  localsubjectaccessreviews, selfsubjectaccessreviews, selfsubjectrulesreviews,
  subjectaccessreviews,
  horizontalpodautoscalers, horizontalpodautoscalersV1,
  cronjobs, jobs,
  ingressclasses, ingresses, ipaddresses, networkpolicies, servicecidrs,
  poddisruptionbudgets,
  clusterrolebindings, clusterroles, rolebindings, roles,
  storageclasses,
  priorityclasses,
  leases,
  endpointslices,
} satisfies Record<string, ResourceSpec>

/** The rows of `resources` in discovery order. */
export const resourceTable: readonly ResourceSpec[] = Object.values(resources)

let byPath: Map<string, ResourceSpec> | undefined
let byKind: Map<string, ResourceSpec> | undefined

/** The row served at `/apis/<group>/<version>/<resource>`; the core group is empty. */
export function findResource(
  group: string, version: string, resource: string,
): ResourceSpec | undefined {
  byPath ??= new Map(resourceTable.map((row) => [
    `${row.group}/${row.version}/${row.resource}`, row,
  ]))
  return byPath.get(`${group}/${version}/${resource}`)
}

/** The preferred row of a kind. */
export function findKind(group: string, kind: string): ResourceSpec | undefined {
  byKind ??= new Map([...resourceTable].reverse().map((row) => [`${row.group}/${row.kind}`, row]))
  return byKind.get(`${group}/${kind}`)
}

/** `v1`, or `<group>/<version>`. */
export function apiVersionOf(row: ResourceSpec<KubeObject>): string {
  return row.group === '' ? row.version : `${row.group}/${row.version}`
}
