/** Every script, by file. Files run one after the other, the groups of one file side by side. */
import type { Group } from '../script.ts'
import { applies } from './applies.ts'
import { controllerDisruption } from './controllers/disruption.ts'
import { controllerSlices } from './controllers/slices.ts'
import { controllerWorkloads } from './controllers/workloads.ts'
import { budgets } from './budgets.ts'
import { cluster } from './cluster.ts'
import { content } from './content.ts'
import { defaults } from './defaults.ts'
import { deletes } from './deletes.ts'
import { discovery } from './discovery.ts'
import { lists } from './lists.ts'
import { patches } from './patches.ts'
import { edges } from './edges.ts'
import { discoveryRefusals } from './refusals-discovery.ts'
import { otherRefusals } from './refusals-others.ts'
import { workloadRefusals } from './refusals-workloads.ts'
import { podParts } from './pod-parts.ts'
import { services } from './services.ts'
import { subresources } from './subresources.ts'
import { tables } from './tables.ts'
import { warnings } from './warnings.ts'
import { watches } from './watches.ts'

export const requestFiles: Readonly<Record<string, readonly Group[]>> = {
  defaults, services, discoveryRefusals, workloadRefusals, otherRefusals, patches, applies, deletes,
  lists, watches, tables, content, subresources, budgets, podParts, warnings, edges, discovery, cluster,
}

/** Scripts that need controllers running on both sides. */
export const controllerFiles: Readonly<Record<string, readonly Group[]>> = {
  slices: controllerSlices, workloads: controllerWorkloads, disruption: controllerDisruption,
}
