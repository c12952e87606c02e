import type { Stored } from '../../object.ts'
import { sameValue } from '../../same-value.ts'
import { type Cause, cause } from '../../status.ts'
import { containerCauses } from './container-rules.ts'
import type { Container } from './container.ts'
import type { EphemeralContainer } from './ephemeral-container.ts'
import type { Pod } from './pod.ts'
import type { PodSpec } from './spec.ts'

/** What only those containers may have that a Pod's work depends on. */
const refused = [
  'ports', 'resources', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle',
  'resizePolicy', 'restartPolicy', 'restartPolicyRules',
] as const
const why = 'cannot be set for an Ephemeral Container'

export function ephemeralCauses(
  spec: PodSpec, volumes: ReadonlySet<string>, field: string,
): Cause[] {
  const others = new Set([...spec.containers ?? [], ...spec.initContainers ?? []]
    .map(({ name }) => name))
  const names = new Set(others)
  return (spec.ephemeralContainers ?? []).flatMap((one, index) => {
    const at = `${field}[${index}]`
    const found = containerCauses(one as Container, volumes, at)
    if (one.image !== undefined && one.image !== one.image.trim()) {
      found.push(cause.invalid(`${at}.image`, one.image,
        'must not have leading or trailing whitespace'))
    }
    if (names.has(one.name)) found.push(cause.duplicate(`${at}.name`, one.name))
    names.add(one.name)
    const target = one.targetContainerName
    if (target && !others.has(target)) {
      found.push(cause.notFound(`${at}.targetContainerName`, target))
    }
    return [...found, ...refusedFields(one, at), ...subPathCauses(one, at)]
  })
}

function refusedFields(one: EphemeralContainer, field: string): Cause[] {
  const members = one as Readonly<Record<string, unknown>>
  return refused.filter(name => isSet(members[name]))
    .map(name => cause.forbidden(`${field}.${name}`, why))
}

const isSet = (value: unknown): boolean =>
  typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value)

function subPathCauses({ volumeMounts = [] }: EphemeralContainer, field: string): Cause[] {
  return volumeMounts.flatMap((mount, index) =>
    (['subPath', 'subPathExpr'] as const).filter(name => mount[name])
      .map(name => cause.forbidden(`${field}.volumeMounts[${index}].${name}`, why)))
}

/** Through `/ephemeralcontainers` those containers are added, and nothing else changes. */
export function keepAllButEphemeral(next: Pod, before: Stored<Pod>): void {
  const added = next.spec?.ephemeralContainers
  const { ephemeralContainers: _, ...spec } = before.spec ?? { containers: [] }
  next.spec = { ...spec, ...(added === undefined ? {} : { ephemeralContainers: added }) }
}

/** What is there stays as it is. */
export function ephemeralChanges(next: Pod, before: Stored<Pod>): Cause[] {
  const field = 'spec.ephemeralContainers'
  const now = new Map(next.spec?.ephemeralContainers?.map(one => [one.name, one]))
  return (before.spec?.ephemeralContainers ?? []).flatMap(old => {
    const kept = now.get(old.name)
    if (kept !== undefined && sameValue(kept, old)) return []
    const fault = kept === undefined ? 'removed' : 'changed'
    return [cause.forbidden(field,
      `existing ephemeral containers "${old.name}" may not be ${fault}`)]
  })
}
