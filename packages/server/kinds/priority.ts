import type { KubeObject, ObjectMeta, Pod, PodSpec } from '@slicewise/kube'
import type { Attempt } from '../behaviour.ts'
import type { Core } from '../core.ts'
import { forbidden } from '../refusals.ts'

interface PriorityClass extends KubeObject {
  readonly value?: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: PodSpec['preemptionPolicy']
}

/** Turns a Pod's priority class into the number that the scheduler compares. */
export function admitPriority(
  { core, spec: row }: Attempt, { metadata, spec }: Pod & { metadata: ObjectMeta; spec: PodSpec },
): void {
  const named = spec.priorityClassName ?? ''
  const found = named === '' ? defaultClass(core) : findClass(core, named)
  if (found === undefined && named !== '') {
    throw forbidden(row, metadata.name ?? '', `no PriorityClass with name ${named} was found`)
  }
  if (found?.metadata?.name !== undefined) spec.priorityClassName = found.metadata.name
  const priority = found?.value ?? 0
  if (spec.priority !== undefined && spec.priority !== priority) {
    throw forbidden(row, metadata.name ?? '', `the integer value of priority (${spec.priority}) `
      + 'must not be provided in pod spec; priority admission controller computed '
      + `${priority} from the given PriorityClass name`)
  }
  spec.priority = priority
  const policy = found?.preemptionPolicy ?? 'PreemptLowerPriority'
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw forbidden(row, metadata.name ?? '', `the string value of PreemptionPolicy `
      + `(${spec.preemptionPolicy}) must not be provided in pod spec; priority admission `
      + `controller computed ${policy} from the given PriorityClass name`)
  }
  spec.preemptionPolicy = policy
}

function findClass(core: Core, name: string): PriorityClass | undefined {
  const row = core.rows.find('scheduling.k8s.io', 'priorityclasses')
  if (row === undefined) return undefined
  const { collection } = core.cache.of(row)
  return collection.get(collection.keyOf('', name))?.object()
}

/** The lowest of the classes that say they are for everybody. */
function defaultClass(core: Core): PriorityClass | undefined {
  const row = core.rows.find('scheduling.k8s.io', 'priorityclasses')
  let found: PriorityClass | undefined
  if (row === undefined) return undefined
  core.cache.of(row).collection.walk({ namespace: '', from: '' }, cached => {
    const one: PriorityClass = cached.object()
    if (one.globalDefault === true && (one.value ?? 0) < (found?.value ?? Infinity)) found = one
  })
  return found
}
