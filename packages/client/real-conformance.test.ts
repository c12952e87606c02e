import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resources } from '@slicewise/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Reference, referenceIsBuilt, startReference,
} from '../../parity/reference/start.ts'
import { startServing } from '../../tools/testkit/serving.ts'
import { apiConformance } from './conformance.ts'
import type { ApiSubject } from './conformance-subject.ts'
import { HttpApi } from './http-api.ts'
import { httpTransport } from './node/http-transport.ts'
import { type ClusterAccess, readKubeconfig } from './node/kubeconfig.ts'

/** One connection pool for each case, as separate clients have. */
const subjectOf = (access: ClusterAccess): ApiSubject => {
  const transport = httpTransport(access)
  const api = new HttpApi({ transport, userAgent: 'conformance/1' })
  return { api, close: () => transport.close() }
}

if (referenceIsBuilt()) {
  const dir = mkdtempSync(join(tmpdir(), 'conformance-'))
  let reference: Reference
  let real: ClusterAccess
  beforeAll(async () => {
    reference = await startReference({ dir, unsafeNoFsync: true })
    real = await readKubeconfig(reference.kubeconfig)
  }, 60_000)
  afterAll(async () => {
    await reference.stop()
    rmSync(dir, { recursive: true, force: true })
  })
  apiConformance('the real kube-apiserver', async () => subjectOf(real))
} else {
  test.skip('the real kube-apiserver: its binaries are not built (parity/reference/build.sh)')
  console.warn('SKIPPED: the real kube-apiserver is not built, so nothing was compared with it')
}

test('a server is talked to only when its certificate is vouched for', async () => {
  const serving = await startServing()
  const { url: server } = serving.server
  const { adminToken: token, authority: ca } = serving.credentials
  const asked = async (access: ClusterAccess): Promise<string> => {
    const { api, close } = subjectOf(access)
    return api.get(resources.namespaces, { name: 'default' })
      .then((one) => one.metadata.name, (error: Error) => `${error.name} ${error.message}`)
      .finally(close)
  }
  expect(await asked({ server, token, ca })).toBe('default')
  expect(await asked({ server, token, insecure: true })).toBe('default')
  expect(await asked({ server, token })).toMatch(/certificate|self-signed/)
  expect(await asked({ server, ca, token: 'wrong' })).toBe('StatusError Unauthorized')
  await serving.close()
})

test('a connection that ends in the middle of a watch is an error, not an end', async () => {
  const serving = await startServing()
  const { adminToken: token, authority: ca } = serving.credentials
  const { api, close } = subjectOf({ server: serving.server.url, token, ca })
  const events = api.watch(resources.namespaces, { resourceVersion: '0' })
  const iterator = events[Symbol.asyncIterator]()
  expect((await iterator.next()).value).toMatchObject({ type: 'ADDED' })
  const next = iterator.next()
  await close()
  await expect(next).rejects.toThrow()
  await serving.close()
})
