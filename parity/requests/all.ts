/** Every script, by file. Files run one after the other, the groups of one file side by side. */
import type { Group } from '../script.ts'
import { defaults } from './defaults.ts'
import { discoveryRefusals } from './refusals-discovery.ts'
import { otherRefusals } from './refusals-others.ts'
import { workloadRefusals } from './refusals-workloads.ts'
import { services } from './services.ts'

export const requestFiles: Readonly<Record<string, readonly Group[]>> = {
  defaults, services, discoveryRefusals, workloadRefusals, otherRefusals,
}
