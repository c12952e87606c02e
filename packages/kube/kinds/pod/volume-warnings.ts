import { canonicalQuantity, isWholeQuantity } from '../../quantity.ts'
import type { Volume } from './volume.ts'

/** Kinds of volumes that do nothing any more, as the reference words it. */
const old: Readonly<Record<string, string>> = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
}
/** The reference calls one by its Go name. */
const shown: Readonly<Record<string, string>> = { storageos: 'storageOS' }

export function volumeWarnings(volumes: readonly Volume[], field: string): string[] {
  return volumes.flatMap((volume, n) => {
    const at = `${field}[${n}]`
    const claim = volume.ephemeral?.volumeClaimTemplate?.spec
    return [
      ...Object.keys(volume).filter(name => name in old && volume[name as 'rbd'] !== undefined)
        .map(name => `${at}.${shown[name] ?? name}: ${old[name]}`),
      ...claimWarnings(claim?.resources, `${at}.ephemeral.volumeClaimTemplate.spec`),
      ...overlapWarnings(volume),
    ]
  })
}

interface Amounts {
  readonly limits?: Readonly<Record<string, string>>
  readonly requests?: Readonly<Record<string, string>>
}

/** Memory and storage have whole bytes. */
export function fractions(
  amounts: Readonly<Record<string, string>> | undefined, field: string,
  names: readonly string[] = ['memory', 'ephemeral-storage'],
): string[] {
  return names.flatMap(name => {
    const amount = amounts?.[name]
    if (amount === undefined || isWholeQuantity(amount)) return []
    return [`${field}[${name}]: fractional byte value "${canonicalQuantity(amount)}" is invalid, `
      + 'must be an integer']
  })
}

/** Of the resources of a claim; `field` is its spec. */
export function claimWarnings(resources: Amounts | undefined, field: string): string[] {
  return (['requests', 'limits'] as const).flatMap(kind =>
    fractions(resources?.[kind], `${field}.resources.${kind}`, ['storage']))
}

interface Source {
  readonly path: string
  readonly from: string
}

type Items = readonly { readonly path: string }[] | undefined

function overlapWarnings({ name, configMap, secret, downwardAPI, projected }: Volume): string[] {
  const warn = (kind: string, text: string): string =>
    `volume "${name}" (${kind}): overlapping paths: ${text}`
  const single = (kind: string, items: Items): string[] =>
    overlaps(sources(items, '').map(one => [one])).map(text => warn(kind, text))
  const found = [
    ...single(`ConfigMap "${configMap?.name ?? ''}"`, configMap?.items),
    ...single(`Secret "${secret?.secretName ?? ''}"`, secret?.items),
    ...single('DownwardAPI', downwardAPI?.items),
  ]
  const all: Source[][] = []
  for (const source of projected?.sources ?? []) {
    if (Object.keys(source).length === 0) {
      found.push(`volume "${name}" (Projected) has no sources provided`)
    } else all.push(projectedSources(source))
  }
  return [...found, ...overlaps(all).map(text => warn('Projected', text))]
}

type Projection = NonNullable<NonNullable<Volume['projected']>['sources']>[number]

function projectedSources(source: Projection): Source[] {
  const { configMap, secret, downwardAPI, serviceAccountToken, clusterTrustBundle } = source
  if (configMap?.items) return sources(configMap.items, `ConfigMap "${configMap.name ?? ''}"`)
  if (secret?.items) return sources(secret.items, `Secret "${secret.name ?? ''}"`)
  if (downwardAPI?.items) return sources(downwardAPI.items, 'DownwardAPI')
  if (serviceAccountToken) return [{ path: serviceAccountToken.path, from: 'ServiceAccountToken' }]
  if (!clusterTrustBundle) return []
  const named = clusterTrustBundle.name ?? clusterTrustBundle.signerName ?? ''
  return [{ path: clusterTrustBundle.path, from: `ClusterTrustBundle "${named}"` }]
}

const sources = (items: Items, from: string): Source[] =>
  (items ?? []).map(({ path }) => ({ path, from }))

/** What lies at or within the path of an earlier one, or the other way round. */
function overlaps(groups: readonly (readonly Source[])[]): string[] {
  const known: Source[] = []
  return groups.flat().flatMap(({ path, from }) => {
    const one = { path: path.replace(/\/+$/, ''), from }
    const found = one.path === '' ? [] : known.filter(other => other.path !== ''
      && (lies(other.path, one.path) || lies(one.path, other.path)))
    known.push(one)
    return found.map(other => `${shownSource(one)} with ${shownSource(other)}`)
  })
}

const lies = (path: string, within: string): boolean =>
  `${path}/`.startsWith(`${within}/`)

const shownSource = ({ path, from }: Source): string =>
  (from === '' ? `"${path}"` : `"${path}" (${from})`)
