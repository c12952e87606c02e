import { describe, expect, test } from 'vitest'
import { openApiOf } from './openapi.ts'
import { resourceTable } from './resources.ts'

interface Operation {
  readonly parameters?: readonly { readonly name: string }[]
  readonly requestBody?: { readonly content: object }
  readonly 'x-kubernetes-action': string
  readonly 'x-kubernetes-group-version-kind': object
}
interface Document {
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Component> }
}
interface Component {
  readonly properties?: Record<string, object>
  readonly required?: readonly string[]
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly kind: string }[]
}

const openApi = openApiOf(resourceTable, '1.36')
const documents = Object.fromEntries(Object.keys(openApi.index().paths)
  .map((path) => [path, JSON.parse(openApi.document(path)!.text) as Document]))
const schema = (path: string, name: string): Component =>
  documents[path]!.components.schemas[`io.k8s.${name}`]!
const undescribed = (value: unknown): unknown => JSON.parse(JSON.stringify(value,
  (key, one: unknown) => (key === 'description' && typeof one === 'string' ? undefined : one)))

describe('the index', () => {
  test('has every group version with the hash of its document', () => {
    for (const [path, { serverRelativeURL }] of Object.entries(openApi.index().paths)) {
      expect(serverRelativeURL).toBe(`/openapi/v3/${path}?hash=${openApi.document(path)?.hash}`)
    }
    expect(Object.keys(documents)).toContain('apis/discovery.k8s.io/v1')
    expect(openApi.document('apis/none/v1')).toBeUndefined()
  })
  test('is the same for the same table, and hashes follow the text', () => {
    expect(openApiOf(resourceTable, '1.36').index()).toEqual(openApi.index())
    const other = openApiOf(resourceTable, '1.37')
    expect(other.document('api/v1')?.hash).not.toBe(openApi.document('api/v1')?.hash)
    const hashes = Object.keys(documents).map((path) => openApi.document(path)?.hash)
    expect(new Set(hashes).size).toBe(hashes.length)
  })
})

test.each(Object.entries(documents))('%s refers only to schemas it has', (_, document) => {
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    expect(document.components.schemas).toHaveProperty([name!])
  }
})

const patchable = resourceTable.filter((row) => row.verbs.includes('patch'))
test.each(patchable)('kubectl can check and patch $kind of $group', (row) => {
  const { group, version, kind } = row
  const document = documents[group === '' ? `api/${version}` : `apis/${group}/${version}`]!
  const patches = Object.values(document.paths).flatMap((path) => path['patch'] ?? [])
    .filter((one) => JSON.stringify(one['x-kubernetes-group-version-kind'])
      === JSON.stringify({ group, version, kind }))
  expect(patches.length).toBeGreaterThan(0)
  for (const one of patches) {
    expect(one['x-kubernetes-action']).toBe('patch')
    expect(one.parameters?.map(({ name }) => name)).toContain('fieldValidation')
    expect(one.requestBody?.content).toHaveProperty(['application/strategic-merge-patch+json'])
  }
  expect(document.components.schemas[row.schema.name]?.['x-kubernetes-group-version-kind'])
    .toEqual([{ group, kind, version }])
})

const core = '#/components/schemas/io.k8s.api.core.v1.'
test.each([
  ['api/v1', 'api.core.v1.ServiceSpec', 'ports', {
    type: 'array', items: { default: {}, allOf: [{ $ref: `${core}ServicePort` }] },
    'x-kubernetes-list-map-keys': ['port', 'protocol'], 'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'port', 'x-kubernetes-patch-strategy': 'merge',
  }],
  ['api/v1', 'api.core.v1.ServiceSpec', 'ipFamilies', {
    type: 'array', items: { type: 'string', default: '', enum: ['', 'IPv4', 'IPv6'] },
    'x-kubernetes-list-type': 'atomic',
  }],
  ['api/v1', 'api.core.v1.PodSpec', 'volumes', {
    type: 'array', items: { default: {}, allOf: [{ $ref: `${core}Volume` }] },
    'x-kubernetes-list-map-keys': ['name'], 'x-kubernetes-list-type': 'map',
    'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-patch-strategy': 'merge,retainKeys',
  }],
  ['api/v1', 'api.core.v1.Volume', 'name', { type: 'string', default: '' }],
  ['api/v1', 'api.core.v1.Volume', 'emptyDir', {
    allOf: [{ $ref: `${core}EmptyDirVolumeSource` }],
  }],
  ['api/v1', 'api.core.v1.ContainerPort', 'protocol', {
    type: 'string', default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'],
  }],
  ['api/v1', 'api.core.v1.ConfigMap', 'binaryData', {
    type: 'object', additionalProperties: { type: 'string', format: 'byte' },
  }],
  ['api/v1', 'api.core.v1.ResourceRequirements', 'limits', {
    type: 'object', additionalProperties: {
      $ref: '#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity',
    },
  }],
  ['apis/apps/v1', 'api.apps.v1.DeploymentSpec', 'strategy', {
    default: {}, 'x-kubernetes-patch-strategy': 'retainKeys',
    allOf: [{ $ref: '#/components/schemas/io.k8s.api.apps.v1.DeploymentStrategy' }],
  }],
  ['apis/discovery.k8s.io/v1', 'api.discovery.v1.EndpointSlice', 'metadata', {
    default: {},
    allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }],
  }],
])('%s %s.%s', (path, name, property, expected) => {
  expect(undescribed(schema(path, name).properties?.[property])).toEqual(expected)
})

test('required, atomic and the kinds of lists stand at the schema', () => {
  expect(schema('apis/discovery.k8s.io/v1', 'api.discovery.v1.EndpointSlice').required)
    .toEqual(['addressType'])
  expect(schema('api/v1', 'apimachinery.pkg.apis.meta.v1.OwnerReference'))
    .toMatchObject({ 'x-kubernetes-map-type': 'atomic' })
  expect(schema('api/v1', 'api.core.v1.PodList')['x-kubernetes-group-version-kind'])
    .toEqual([{ group: '', kind: 'PodList', version: 'v1' }])
  expect(schema('api/v1', 'api.core.v1.PodTemplateSpec').properties).not.toHaveProperty('kind')
})

test('operations have the ids of the reference', () => {
  const { paths } = documents['apis/apps/v1']!
  const base = '/apis/apps/v1/namespaces/{namespace}/deployments'
  expect(paths['/apis/apps/v1/deployments']!['get'])
    .toHaveProperty('operationId', 'listAppsV1DeploymentForAllNamespaces')
  expect(paths[base]!['delete'])
    .toHaveProperty('operationId', 'deleteAppsV1CollectionNamespacedDeployment')
  expect(paths[`${base}/{name}/scale`]!['put']).toMatchObject({
    operationId: 'replaceAppsV1NamespacedDeploymentScale',
    'x-kubernetes-group-version-kind': { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  })
})
