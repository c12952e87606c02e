import { StatusError } from '@slicewise/kube'
import { expect, test } from 'vitest'
import { parseJsonBytes } from './json-text.ts'
import { type Offer, bodyTypeOf, negotiate, patchTypeOf } from './negotiate.ts'
import { booleanOf, integerOf } from './query.ts'
import { parseTarget } from './target.ts'

test.each([
  ['/api/v1/pods', ['', 'v1', '', 'pods', '', '']],
  ['/api/v1/pods/', ['', 'v1', '', 'pods', '', '']],
  ['/api/v1/namespaces', ['', 'v1', '', 'namespaces', '', '']],
  ['/api/v1/namespaces/a', ['', 'v1', '', 'namespaces', 'a', '']],
  ['/api/v1/namespaces/a/status', ['', 'v1', '', 'namespaces', 'a', 'status']],
  ['/api/v1/namespaces/a/finalize', ['', 'v1', '', 'namespaces', 'a', 'finalize']],
  ['/api/v1/namespaces/a/pods', ['', 'v1', 'a', 'pods', '', '']],
  ['/api/v1/namespaces/a/pods/b', ['', 'v1', 'a', 'pods', 'b', '']],
  ['/api/v1/namespaces/a/pods/b/status?x=y', ['', 'v1', 'a', 'pods', 'b', 'status']],
  ['/apis/apps/v1/namespaces/a/deployments/b/scale', ['apps', 'v1', 'a', 'deployments', 'b',
    'scale']],
  ['/api/v1/watch/namespaces/a/pods/b', ['', 'v1', 'a', 'pods', 'b', '']],
  ['/api/v1/watch/pods', ['', 'v1', '', 'pods', '', '']],
  ['https://host:1/api/v1/pods', ['', 'v1', '', 'pods', '', '']],
  ['/api/v1/namespaces/a/pods/%C3%BC', ['', 'v1', 'a', 'pods', 'ü', '']],
  ['/api/v1/namespaces/a/pods/b%2Fc', ['', 'v1', 'a', 'pods', 'b/c', '']],
  ['/api', undefined],
  ['/api/v1', undefined],
  ['/apis/apps/v1', undefined],
  ['/api/v1/watch', undefined],
  ['/', undefined],
  ['', undefined],
])('the path %s', (path, names) => {
  const target = parseTarget(path)?.names
  if (names === undefined) return expect(target?.about).toBe('other')
  expect(target).toMatchObject({ about: 'resource', watchPrefix: path.includes('/watch/') })
  const { group, version, namespace, resource, name, subresource } = target as never
  expect([group, version, namespace, resource, name, subresource]).toEqual(names)
})

test('a path with a broken escape names nothing', () => {
  expect(parseTarget('/api/v1/%zz')).toBeUndefined()
  expect(parseTarget('/api/v1/%ff')).toBeUndefined()
})

const item: Offer = { yaml: true, table: true, partial: 'PartialObjectMetadata' }
const watch: Offer = { yaml: false, table: true, partial: 'PartialObjectMetadata' }
const as = (kind: string, v = 'v1'): string =>
  `application/json;as=${kind};v=${v};g=meta.k8s.io`

test.each([
  [undefined, item, 'json object'],
  ['', item, 'json object'],
  ['*/*', item, 'json object'],
  ['application/*', item, 'json object'],
  ['application/yaml', item, 'yaml object'],
  ['application/yaml', watch, undefined],
  ['text/html', item, undefined],
  ['text/html, */*;q=0.1', item, 'json object'],
  ['application/yaml;q=0.5, application/json;q=0.4', item, 'yaml object'],
  ['application/yaml;q=0.5, application/json', item, 'json object'],
  ['application/yaml;q=0', item, undefined],
  ['application/vnd.kubernetes.protobuf', item, 'json object'],
  ['application/vnd.kubernetes.protobuf,application/yaml', item, 'yaml object'],
  [`${as('Table')},${as('Table', 'v1beta1')},application/json`, item, 'json table'],
  [`${as('Table', 'v1beta1')},application/json`, item, 'json object'],
  [`${as('Foo')},application/json`, item, 'json object'],
  [as('PartialObjectMetadata'), item, 'json partial'],
  [as('PartialObjectMetadataList'), item, undefined],
  ['application/vnd.kubernetes.protobuf;as=Table;v=v1;g=meta.k8s.io', item, undefined],
  ['application/json;stream=watch', watch, 'json object'],
  [';;,,;q=', item, undefined],
])('Accept: %s', (accept, offer, form) => {
  const found = negotiate(accept, offer)
  expect(found && `${found.format} ${found.as}`).toBe(form)
})

test('content types', () => {
  expect(bodyTypeOf(undefined)).toBe('json')
  expect(bodyTypeOf('Application/JSON; charset=utf-8')).toBe('json')
  expect(bodyTypeOf('application/vnd.kubernetes.protobuf')).toBe('protobuf')
  for (const type of ['text/plain', '__proto__', 'constructor', 'application/cbor']) {
    expect(bodyTypeOf(type)).toBeUndefined()
    expect(patchTypeOf(type)).toBeUndefined()
  }
  expect(patchTypeOf('application/json')).toBeUndefined()
  expect(patchTypeOf('application/apply-patch+yaml; charset=utf-8')).toBe('apply')
})

test.each([
  ['{"a":1,"b":{"a":2}}', undefined],
  ['{"a":":","b":"\\":","c":["x:",{"d":"{}"}]}', undefined],
  ['{"a":1,"a":2}', ['duplicate field "a"']],
  ['{"a" : 1 , "a": 2, "a":3}', ['duplicate field "a"']],
  ['{"x":[{"a":1},{"a":[],"a":"]}"}]}', ['duplicate field "x[1].a"']],
  ['{"x":{"y":{"a":1,"\\u0061":2}}}', ['duplicate field "x.y.a"']],
  ['{"__proto__":1,"__proto__":2}', ['duplicate field "__proto__"']],
])('repeated members of %s', (text, findings) => {
  const parsed = parseJsonBytes(Buffer.from(text))
  expect(parsed.value).toEqual(JSON.parse(text))
  expect(parsed.findings).toEqual(findings)
})

test.each(['', '{', '{"a"}', 'nope', '[1,]', '"\xff"'])('not JSON: %s', (text) => {
  expect(() => parseJsonBytes(Buffer.from(text, 'latin1'))).toThrow(StatusError)
})

test('query values', () => {
  const query = new URLSearchParams('a&b=0&c=false&d=no&e=-7&f=x&g=&h=9007199254740993')
  expect(['a', 'b', 'c', 'd', 'z'].map((name) => booleanOf(query, name)))
    .toEqual([true, false, false, true, undefined])
  expect(integerOf(query, 'e')).toBe(-7)
  expect(integerOf(query, 'z')).toBeUndefined()
  for (const name of ['f', 'g', 'h']) expect(() => integerOf(query, name)).toThrow('strconv')
})
