import { sameJson } from '@slicewise/base'
import type { Index } from '@slicewise/client'
import {
  type ControllerRevision, type KubeObject, type PodTemplateSpec, type ResourceRef, type Stored,
  resources,
} from '@slicewise/kube'
import { controllerOf, controllerReference, type Step } from '@slicewise/engine'
import { type Claimed, type Owner, claim } from './ownership.ts'
import { templateHash } from './rollout.ts'

/** Saved templates of one StatefulSet or DaemonSet. */

export const revisionLabel = 'controller-revision-hash'

/** The saved form: a strategic merge patch that replaces the template, as the reference has it. */
export function savedTemplate(template: PodTemplateSpec | undefined): object {
  return { spec: { template: { ...template, $patch: 'replace' } } }
}

/** The template that a revision saved. */
export function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const data = revision.data as { spec?: { template?: PodTemplateSpec & { $patch?: string } } }
  const { $patch: _, ...template } = data.spec?.template ?? {}
  return template
}

/** Under which text an index finds a revision: its controller, or that it has none. */
export function revisionOwner(revision: Stored<ControllerRevision>): string {
  return controllerOf(revision)?.uid ?? `orphan ${revision.metadata.namespace}`
}

/** Revisions that a set controls, and those that it might adopt. */
export function revisionsFor(
  set: Stored, index: Index<ControllerRevision>,
): readonly Stored<ControllerRevision>[] {
  const { namespace, uid } = set.metadata
  return [...index.of(uid), ...index.of(`orphan ${namespace}`)]
}

/** Adopts revisions that an earlier set of this selector left behind. */
export function claimRevisions(
  owner: Owner, revisions: readonly Stored<ControllerRevision>[],
): Claimed<ControllerRevision> {
  const orphans = revisions.filter((one) => controllerOf(one) === undefined)
  const owned = revisions.filter((one) => controllerOf(one)?.uid === owner.object.metadata.uid)
  return { owned, steps: claim(owner, resources.controllerrevisions, orphans).steps }
}

export interface RevisionOwner {
  readonly ref: ResourceRef
  readonly object: Stored<KubeObject>
  readonly template: PodTemplateSpec | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly collisionCount: number | undefined
}

export type RevisionDecision =
  | { readonly update: Stored<ControllerRevision>; readonly steps?: undefined }
  /** The revision has to be made or renumbered first. */
  | { readonly update?: undefined; readonly steps: readonly Step[] }

/** Finds the revision of the present template, or says how to make it the newest one. */
export function findRevision(
  owner: RevisionOwner, revisions: readonly Stored<ControllerRevision>[],
): RevisionDecision {
  const sorted = [...revisions].sort(byRevision)
  const newest = sorted.at(-1)
  const data = savedTemplate(owner.template)
  const equal = sorted.filter((one) => sameJson(one.data, data)).at(-1)
  const next = (newest?.revision ?? 0) + 1
  if (equal !== undefined) {
    if (equal === newest) return { update: equal }
    const object: ControllerRevision = { ...equal, revision: next }
    return { steps: [{ verb: 'update', ref: resources.controllerrevisions, object }] }
  }
  const hash = templateHash(data, owner.collisionCount)
  const object: ControllerRevision = {
    metadata: {
      name: `${owner.object.metadata.name}-${hash}`,
      namespace: owner.object.metadata.namespace ?? '',
      labels: { ...owner.labels, [revisionLabel]: hash },
      ownerReferences: [controllerReference(owner.ref, owner.object as Stored)],
    },
    data, revision: next,
  }
  return { steps: [{ verb: 'create', ref: resources.controllerrevisions, object }] }
}

export function byRevision(
  a: Stored<ControllerRevision>, b: Stored<ControllerRevision>,
): number {
  return a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1)
}

/** Deletes the oldest revisions beyond the limit that no Pod and no status uses. */
export function truncated(
  revisions: readonly Stored<ControllerRevision>[], used: ReadonlySet<string>,
  limit: number | undefined,
): Step[] {
  const unused = [...revisions].sort(byRevision).filter((one) => !used.has(one.metadata.name))
  const surplus = Math.max(0, unused.length - (limit ?? 10))
  return unused.slice(0, surplus).map(revisionDeletion)
}

export function revisionDeletion(one: Stored<ControllerRevision>): Step {
  return {
    verb: 'delete', ref: resources.controllerrevisions, uid: one.metadata.uid,
    item: { name: one.metadata.name, namespace: one.metadata.namespace ?? '' },
  }
}
