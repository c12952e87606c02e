import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Api, type KubeObject, type ResourceRef, StatusError, type Stored, resources,
} from '@slicewise/kube'
import { parse } from 'yaml'

/** One cluster as data: a header that says what has to be found, then what is in it. */
export interface Scenario {
  readonly name: string
  readonly kind: 'Service' | 'Pod'
  /** Name of the Service or Pod that is asked about, in namespace shop. */
  readonly about: string
  readonly exit: number
  /** Ids of all faults. */
  readonly findings: readonly string[]
  /** Ids of all notices; absent: not looked at. */
  readonly notices?: readonly string[]
  /** What a person reads, among other things. */
  readonly says?: string
  /** No controllers run: slices stand as they are given. */
  readonly uncontrolled: boolean
  /** Pods that are deleted once all is there. */
  readonly deleted: readonly string[]
  readonly manifests: readonly string[]
}

const folder = join(import.meta.dirname, 'scenarios')

export function readScenarios(): Scenario[] {
  return readdirSync(folder).filter((file) => file.endsWith('.yaml')).sort().map((file) => {
    const [header = '', ...manifests] = readFileSync(join(folder, file), 'utf8').split(/^---$/m)
    const { why, exit, findings, notices, says, controllers, delete: deleted } = parse(header)
    const [kind, about] = why.split('/')
    return {
      name: file.slice(0, -'.yaml'.length), kind: kind === 'svc' ? 'Service' : 'Pod', about, exit,
      findings: findings ?? [], ...(notices === null ? {} : { notices }),
      ...(says === undefined ? {} : { says }),
      uncontrolled: controllers === 'none', deleted: deleted ?? [], manifests,
    }
  })
}

type Made = KubeObject & { readonly status?: unknown }

/** Makes the objects of a scenario, their status too; then deletes what is to be on its way out. */
export async function makeScenario(api: Api, scenario: Scenario): Promise<void> {
  const uids = new Map<string, string>()
  for (const namespace of ['shop', 'backend']) await makeNamespace(api, namespace)
  for (const text of scenario.manifests) {
    const whole = text.replace(/\$(\w+\/[\w-]+)/g, (_, item) => uids.get(item) ?? item)
    const stored = await makeObject(api, parse(whole) as Made)
    uids.set(`${stored.kind}/${stored.metadata.name}`, stored.metadata.uid)
  }
  for (const name of scenario.deleted) {
    await api.delete(resources.pods, { namespace: 'shop', name }, { gracePeriodSeconds: 0 })
  }
}

async function makeObject(api: Api, { status, ...object }: Made): Promise<Stored> {
  const [group = '', version = ''] = object.apiVersion === 'v1'
    ? ['', 'v1'] : (object.apiVersion ?? '').split('/')
  const ref = Object.values(resources).find((row) => row.kind === object.kind
    && row.group === group && row.version === version) as ResourceRef | undefined
  if (ref === undefined) throw new Error(`no resource for ${object.kind}`)
  const created = await api.create(ref, object)
  if (status === undefined) return { kind: object.kind, ...created } as Stored
  const live = { ...await api.get(ref, created.metadata), status } as KubeObject
  await api.update(ref, live, { subresource: 'status' })
  return { kind: object.kind, ...created } as Stored
}

async function makeNamespace(api: Api, name: string): Promise<void> {
  await tolerate(api.create(resources.namespaces, { metadata: { name } }))
  const account = { metadata: { name: 'default', namespace: name } }
  await tolerate(api.create(resources.serviceaccounts, account))
}

/** What is there already is as good. */
async function tolerate(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!(error instanceof StatusError) || error.reason !== 'AlreadyExists') throw error
  })
}

/** Removes what a scenario made, so that the next one finds the cluster empty. */
export async function removeScenario(api: Api, { manifests }: Scenario): Promise<void> {
  const kinds = new Set(manifests.map((text) => (parse(text) as KubeObject).kind))
  for (const ref of Object.values(resources)) {
    if (!kinds.has(ref.kind) || !ref.namespaced) continue
    for (const namespace of ['shop', 'backend']) {
      const { items } = await api.list(ref as ResourceRef, { namespace })
      for (const { metadata } of items) {
        const item = { namespace, name: metadata.name }
        if (metadata.finalizers) {
          const patch = { metadata: { finalizers: null } }
          await gone(api.patch(ref as ResourceRef, item, { type: 'merge', patch }))
        }
        await gone(api.delete(ref as ResourceRef, item, { gracePeriodSeconds: 0 }))
      }
    }
  }
  if (kinds.has('Node')) await gone(api.delete(resources.nodes, { name: 'n1' }))
  for (const namespace of ['shop', 'backend']) {
    await api.deleteCollection(resources.endpointslices, { namespace })
  }
}

async function gone(write: Promise<unknown>): Promise<void> {
  await write.catch((error: unknown) => {
    if (!(error instanceof StatusError) || error.reason !== 'NotFound') throw error
  })
}
