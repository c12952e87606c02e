import type { Service } from '@slicewise/kube'
import { type Family, familyOf } from './address.ts'

/** No cluster IP: `None`, or not (yet) given. Decides the headless label. */
export function hasNoClusterIP(service: Service): boolean {
  const ip = service.spec?.clusterIP ?? ''
  return ip === '' || ip === 'None'
}

/**
 * The families a Service has slices of, in the order of the Service. A Service without
 * `ipFamilies` (stored before they existed) has the family of its cluster IP, and both when
 * it is headless.
 */
export function familiesOf(service: Service): readonly Family[] {
  const named = service.spec?.ipFamilies ?? []
  if (named.length > 0) return named.filter(isFamily)
  if (hasNoClusterIP(service)) return ['IPv4', 'IPv6']
  const family = familyOf(service.spec?.clusterIP ?? '')
  return family === undefined ? [] : [family]
}

const isFamily = (text: string): text is Family => text === 'IPv4' || text === 'IPv6'
