import { resources } from '@slicewise/kube'
import { expect } from 'vitest'
import { type OpenApi, type Scene, refusal, scene } from './conformance-subject.ts'

const { configmaps, secrets } = resources

/** Leaves out what a cluster puts into every namespace by itself. */
const own = { labelSelector: 'suite' }

async function make({ configMap }: Scene, names: readonly string[]): Promise<void> {
  for (const name of names) await configMap(name, {}, { labels: { suite: 'x', name } })
}

export function readingCases(open: OpenApi): void {
  listsAndSelections(open)
  pagesAndRevisions(open)
}

function listsAndSelections(open: OpenApi): void {
  scene(open, 'a list is complete, sorted, and knows its revision', async given => {
    const { api, namespace } = given
    await make(given, ['c', 'a', 'b'])
    const list = await api.list(configmaps, { namespace, ...own })
    expect(list.items.map(one => one.metadata.name)).toEqual(['a', 'b', 'c'])
    expect(list.metadata.resourceVersion).toMatch(/^[1-9][0-9]*$/)
    expect(list.metadata.continue ?? '').toBe('')
    const everywhere = await api.list(configmaps, own)
    expect(everywhere.items.filter(one => one.metadata.namespace === namespace)).toHaveLength(3)
    const nowhere = await api.list(configmaps, { namespace: `${namespace}-not` })
    expect(nowhere.items).toEqual([])
  })

  scene(open, 'labels select', async given => {
    const { api, namespace } = given
    await make(given, ['a', 'b', 'c'])
    const names = async (labelSelector: string): Promise<string[]> =>
      (await api.list(configmaps, { namespace, labelSelector })).items
        .map(one => one.metadata.name)
    expect(await names('suite,name=a')).toEqual(['a'])
    expect(await names('suite,name!=a')).toEqual(['b', 'c'])
    expect(await names('name in (a, c)')).toEqual(['a', 'c'])
    expect(await names('suite,name notin (a)')).toEqual(['b', 'c'])
    expect(await names('suite,!other')).toEqual(['a', 'b', 'c'])
    expect(await refusal(names('a=b=c'))).toMatchObject({ reason: 'BadRequest', code: 400 })
  })

  scene(open, 'fields select', async given => {
    const { api, namespace } = given
    await make(given, ['a', 'b'])
    await api.create(secrets, { metadata: { name: 's', namespace }, type: 'example.com/t' })
    await api.create(secrets, { metadata: { name: 't', namespace } })
    const list = await api.list(configmaps, { namespace, fieldSelector: 'metadata.name=b' })
    expect(list.items.map(one => one.metadata.name)).toEqual(['b'])
    const typed = await api.list(secrets, { namespace, fieldSelector: 'type=example.com/t' })
    expect(typed.items.map(one => one.metadata.name)).toEqual(['s'])
    const unknown = api.list(configmaps, { namespace, fieldSelector: 'data.k=v' })
    expect(await refusal(unknown)).toMatchObject({ reason: 'BadRequest', code: 400 })
  })
}

function pagesAndRevisions(open: OpenApi): void {
  scene(open, 'pages show one state', async given => {
    const { api, namespace } = given
    await make(given, ['a', 'b', 'c', 'd', 'e'])
    const first = await api.list(configmaps, { namespace, limit: 2, ...own })
    expect(first.items.map(one => one.metadata.name)).toEqual(['a', 'b'])
    await api.delete(configmaps, { namespace, name: 'c' })
    await make(given, ['bb', 'f'])
    const token = first.metadata.continue ?? ''
    const second = await api.list(configmaps, { namespace, limit: 2, continue: token, ...own })
    expect(second.items.map(one => one.metadata.name)).toEqual(['c', 'd'])
    expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
    const rest = { namespace, limit: 2, continue: second.metadata.continue ?? '', ...own }
    const third = await api.list(configmaps, rest)
    expect(third.items.map(one => one.metadata.name)).toEqual(['e'])
    expect(third.metadata.continue ?? '').toBe('')
    expect(await refusal(api.list(configmaps, { namespace, continue: 'x' })))
      .toMatchObject({ code: 400 })
  })

  scene(open, 'an exact revision shows the past', async given => {
    const { api, namespace } = given
    await make(given, ['a', 'b'])
    const { resourceVersion } = (await api.list(configmaps, { namespace })).metadata
    await api.delete(configmaps, { namespace, name: 'a' })
    await make(given, ['c'])
    const asked = { namespace, resourceVersion, ...own }
    const then = await api.list(configmaps, { ...asked, resourceVersionMatch: 'Exact' })
    expect(then.items.map(one => one.metadata.name)).toEqual(['a', 'b'])
    expect(then.metadata.resourceVersion).toBe(resourceVersion)
    const now = await api.list(configmaps, { ...asked, resourceVersionMatch: 'NotOlderThan' })
    expect(now.items.map(one => one.metadata.name)).toEqual(['b', 'c'])
    const future = api.list(configmaps, { namespace, resourceVersion: '999999999999' })
    expect(await refusal(future)).toMatchObject({ reason: 'Timeout', code: 504 })
    const matchOnly = api.list(configmaps, { namespace, resourceVersionMatch: 'Exact' })
    expect(await refusal(matchOnly)).toMatchObject({ reason: 'Invalid', code: 422 })
  })

  scene(open, 'what is not there is not found', async ({ api, namespace }) => {
    const error = await refusal(api.get(configmaps, { namespace, name: 'a' }))
    expect(error).toMatchObject({ reason: 'NotFound', code: 404 })
    expect(error.message).toContain('configmaps "a" not found')
  })
}
