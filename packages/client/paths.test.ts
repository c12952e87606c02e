import { resources } from '@slicewise/kube'
import { expect, test } from 'vitest'
import {
  collectionPath, deleteBody, itemPath, listQuery, queryText, watchQuery, writeQuery,
} from './paths.ts'

const { endpointslices, nodes, pods } = resources

test.each([
  [collectionPath(pods, undefined), '/api/v1/pods'],
  [collectionPath(pods, 'a'), '/api/v1/namespaces/a/pods'],
  [collectionPath(nodes, 'a'), '/api/v1/nodes'],
  [collectionPath(endpointslices, 'a'),
    '/apis/discovery.k8s.io/v1/namespaces/a/endpointslices'],
  [collectionPath(pods, 'a/../b'), '/api/v1/namespaces/a%2F..%2Fb/pods'],
  [itemPath(pods, { namespace: 'a', name: 'b' }), '/api/v1/namespaces/a/pods/b'],
  [itemPath(pods, { namespace: 'a', name: 'b' }, 'status'), '/api/v1/namespaces/a/pods/b/status'],
  [itemPath(nodes, { name: 'a?b#c' }), '/api/v1/nodes/a%3Fb%23c'],
  [queryText({}), ''],
  [queryText({ a: undefined, b: false, c: '', d: 0, e: true }), '?d=0&e=true'],
  [queryText({ a: 'x y&z' }), '?a=x+y%26z'],
  [listQuery({ labelSelector: 'a in (b, c)', limit: 5, continue: 'x=' }),
    '?labelSelector=a+in+%28b%2C+c%29&limit=5&continue=x%3D'],
  [listQuery({ resourceVersion: '7', resourceVersionMatch: 'Exact' }),
    '?resourceVersion=7&resourceVersionMatch=Exact'],
  [watchQuery({ resourceVersion: '7', allowWatchBookmarks: true, timeoutSeconds: 300 }),
    '?watch=true&resourceVersion=7&allowWatchBookmarks=true&timeoutSeconds=300'],
  [watchQuery({ sendInitialEvents: true }),
    '?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan'],
  [writeQuery({ fieldManager: 'me', fieldValidation: 'Strict', dryRun: true }, true),
    '?fieldManager=me&fieldValidation=Strict&dryRun=All&force=true'],
  [writeQuery({ dryRun: false }, false), ''],
])('path or query %#: %s', (made, expected) => {
  expect(made).toBe(expected)
})

test('options of a deletion travel in its body', () => {
  expect(deleteBody(undefined)).toBeUndefined()
  expect(deleteBody({ gracePeriodSeconds: 0, preconditions: { uid: 'u' } })).toEqual({
    kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0, preconditions: { uid: 'u' },
  })
})
