import type { KubeObject, Stored } from '../../object.ts'
import { longNameWarnings } from '../apps/rules.ts'
import { templateWarnings } from '../pod/warnings.ts'
import type { JobSpec } from './job.ts'

const completionsMany = 100_000
const parallelismMany = 10_000

/** Of a Job, or of the one in a CronJob's template at `path`. */
export function jobWarnings(
  spec: JobSpec | undefined, path: string, object: KubeObject, before: Stored | undefined,
): string[] {
  const name = before === undefined ? longNameWarnings(object.metadata?.name ?? '') : []
  if (spec === undefined) return name
  const changed = before === undefined
    || object.metadata?.generation !== before.metadata.generation
  const { completionMode, completions = 0, parallelism = 0 } = spec
  const many = changed && completionMode === 'Indexed' && completions > completionsMany
    && parallelism > parallelismMany
  return [
    ...name,
    ...(many ? [`${path}: In Indexed Jobs with a number of completions higher than 10^5 and a `
      + 'parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes '
      + 'when a big number of indexes fail'] : []),
    ...templateWarnings(spec.template, `${path}.template`, object, before),
  ]
}
