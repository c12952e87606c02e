import { labelCauses, optionalEnumCauses } from '../../causes.ts'
import { compareQuantities } from '../../quantity.ts'
import { type Cause, cause } from '../../status.ts'
import { hostPathTypeValues } from '../core-enums.ts'
import { localPathCauses } from './container-rules.ts'
import type { KeyToPath, ProjectedVolumeSource, Volume } from './volume.ts'

/** Volumes of a Pod: the causes, and the names that containers may mount. */
export function volumesCauses(
  volumes: readonly Volume[], field: string,
): { causes: Cause[]; names: Set<string> } {
  const names = new Set<string>()
  const causes: Cause[] = []
  for (const [index, volume] of volumes.entries()) {
    const at = `${field}[${index}]`
    const found = sourceCauses(volume, at)
    found.push(...(volume.name
      ? labelCauses(`${at}.name`, volume.name) : [cause.required(`${at}.name`)]))
    if (names.has(volume.name)) found.push(cause.duplicate(`${at}.name`, volume.name))
    if (found.length === 0) names.add(volume.name)
    causes.push(...found)
  }
  return { causes, names }
}

function sourceCauses(volume: Volume, field: string): Cause[] {
  const { name: _name, ...sources } = volume
  const [first, ...rest] = Object.keys(sources).filter(
    (key) => sources[key as keyof typeof sources] !== undefined)
  if (first === undefined) return [cause.required(field, 'must specify a volume type')]
  return [
    ...commonSourceCauses(volume, field),
    ...rest.map((key) =>
      cause.forbidden(`${field}.${key}`, 'may not specify more than 1 volume type')),
  ]
}

/** The sources that everyday manifests use; the others are only counted. */
function commonSourceCauses(volume: Volume, field: string): Cause[] {
  const { emptyDir, hostPath, secret, configMap, persistentVolumeClaim: claim, projected } = volume
  const found: Cause[] = []
  if (emptyDir?.sizeLimit !== undefined && compareQuantities(emptyDir.sizeLimit, '0') < 0) {
    found.push(cause.forbidden(`${field}.emptyDir.sizeLimit`,
      'SizeLimit field must be a valid resource quantity'))
  }
  if (hostPath !== undefined) {
    if (!hostPath.path) found.push(cause.required(`${field}.hostPath.path`))
    else if (hostPath.path.split('/').includes('..')) {
      found.push(cause.invalid(`${field}.hostPath.path`, hostPath.path, 'must not contain \'..\''))
    }
    found.push(...optionalEnumCauses(`${field}.hostPath.type`, hostPath.type, hostPathTypeValues))
  }
  if (secret !== undefined) {
    const at = `${field}.secret`
    if (!secret.secretName) found.push(cause.required(`${at}.secretName`))
    found.push(...modeCauses(`${at}.defaultMode`, secret.defaultMode),
      ...itemsCauses(secret.items, `${at}.items`))
  }
  if (configMap !== undefined) {
    const at = `${field}.configMap`
    if (!configMap.name) found.push(cause.required(`${at}.name`))
    found.push(...modeCauses(`${at}.defaultMode`, configMap.defaultMode),
      ...itemsCauses(configMap.items, `${at}.items`))
  }
  if (claim !== undefined && !claim.claimName) {
    found.push(cause.required(`${field}.persistentVolumeClaim.claimName`))
  }
  if (projected !== undefined) found.push(...projectedCauses(projected, `${field}.projected`))
  if (volume.nfs !== undefined) {
    if (!volume.nfs.server) found.push(cause.required(`${field}.nfs.server`))
    if (!volume.nfs.path) found.push(cause.required(`${field}.nfs.path`))
    else if (!volume.nfs.path.startsWith('/')) {
      found.push(cause.invalid(`${field}.nfs.path`, volume.nfs.path, 'must be an absolute path'))
    }
  }
  if (volume.csi !== undefined && !volume.csi.driver) {
    found.push(cause.required(`${field}.csi.driver`))
  }
  return found
}

function projectedCauses(projected: ProjectedVolumeSource, field: string): Cause[] {
  const found = modeCauses(`${field}.defaultMode`, projected.defaultMode)
  for (const [index, source] of (projected.sources ?? []).entries()) {
    const at = `${field}.sources[${index}]`
    const kinds = Object.values(source).filter((one) => one !== undefined).length
    // Without any there is a warning.
    if (kinds > 1) {
      found.push(cause.forbidden(at, 'may not specify more than 1 volume type per source'))
    }
    for (const kind of ['secret', 'configMap'] as const) {
      if (source[kind] === undefined) continue
      if (!source[kind].name) found.push(cause.required(`${at}.${kind}.name`))
      found.push(...itemsCauses(source[kind].items, `${at}.${kind}.items`))
    }
    const token = source.serviceAccountToken
    if (token === undefined) continue
    const seconds = token.expirationSeconds ?? 3600
    if (seconds < 600) {
      found.push(cause.invalid(`${at}.serviceAccountToken.expirationSeconds`, seconds,
        'may not specify a duration less than 10 minutes'))
    }
    if (!token.path) found.push(cause.required(`${at}.serviceAccountToken.path`))
  }
  return found
}

function itemsCauses(items: readonly KeyToPath[] | undefined, field: string): Cause[] {
  return (items ?? []).flatMap((item, index) => {
    const at = `${field}[${index}]`
    return [
      ...(item.key ? [] : [cause.required(`${at}.key`)]),
      ...(item.path ? localPathCauses(`${at}.path`, item.path) : [cause.required(`${at}.path`)]),
      ...modeCauses(`${at}.mode`, item.mode),
    ]
  })
}

function modeCauses(field: string, mode: number | undefined): Cause[] {
  return mode === undefined || (mode >= 0 && mode <= 0o777) ? [] : [cause.invalid(field, mode,
    'must be a number between 0 and 0777 (octal), both inclusive')]
}
