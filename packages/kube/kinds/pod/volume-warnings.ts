import { limits } from '../../limits.ts'
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

/** One place in the tree of paths, with the numbers of the sources there and further in. */
class Place {
  readonly here: number[] = []
  readonly within: number[] = []
  readonly parts = new Map<string, Place>()
}

/** What lies at or within the path of an earlier one, or the other way round. */
function overlaps(groups: readonly (readonly Source[])[]): string[] {
  const root = new Place()
  const known: Source[] = []
  const found: string[] = []
  let parts = 0
  for (const { path, from } of groups.flat()) {
    const one = { path: withoutEndSlashes(path), from }
    if (one.path === '') continue
    const names = one.path.split('/')
    parts += names.length
    // So much is told at most, and so much is read for it.
    if (found.length >= limits.causesMax || parts > limits.volumePathPartsMax) break
    for (const other of enter(root, names, known.length).slice(0, limits.causesMax)) {
      found.push(`${shownSource(one)} with ${shownSource(known[other]!)}`)
    }
    known.push(one)
  }
  return found
}

/** Numbers of those that were entered before and overlap with it, in order. */
function enter(root: Place, names: readonly string[], number: number): number[] {
  const others: number[] = []
  let at = root
  for (const name of names) {
    others.push(...at.here)
    at.within.push(number)
    let next = at.parts.get(name)
    if (next === undefined) at.parts.set(name, next = new Place())
    at = next
  }
  others.push(...at.here, ...at.within)
  if (at.here.length < limits.causesMax) at.here.push(number)
  return others.sort((a, b) => a - b)
}

function withoutEndSlashes(path: string): string {
  let end = path.length
  while (path[end - 1] === '/') end--
  return path.slice(0, end)
}

const shownSource = ({ path, from }: Source): string =>
  (from === '' ? `"${path}"` : `"${path}" (${from})`)
