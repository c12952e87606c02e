import { invalidAll } from '../../causes.ts'
import { pathSegmentFaults } from '../../names.ts'
import { type Cause, cause } from '../../status.ts'
import type { CrossVersionObjectReference } from './metrics.ts'

/** `version`: how much of apiVersion is checked: nothing, its form, or that a group is there. */
export function referenceCauses(
  { kind, name, apiVersion = '' }: CrossVersionObjectReference, at: string,
  version: 'nothing' | 'form' | 'group',
): Cause[] {
  const found: Cause[] = []
  for (const [field, text] of [[`${at}.kind`, kind], [`${at}.name`, name]] as const) {
    if (text === '') found.push(cause.required(field))
    else found.push(...invalidAll(field, text, pathSegmentFaults(text)))
  }
  if (version === 'nothing') return found
  const slashes = apiVersion.split('/').length - 1
  if (slashes > 1) {
    found.push(cause.invalid(`${at}.apiVersion`, apiVersion,
      `unexpected GroupVersion string: ${apiVersion}`))
  } else if (version === 'group' && !/^[^/]+\//.test(apiVersion)) {
    found.push(cause.invalid(`${at}.apiVersion`, apiVersion, 'apiVersion must specify API group'))
  }
  return found
}
