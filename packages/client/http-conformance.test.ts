import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultConfig } from '@slicewise/system'
import { type System, startSystem } from '@slicewise/system/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type Reference, referenceIsBuilt, startReference,
} from '../../parity/reference/start.ts'
import { apiConformance } from './conformance.ts'
import type { ApiSubject } from './conformance-subject.ts'
import { HttpApi } from './http-api.ts'
import { httpTransport } from './node/http-transport.ts'
import { parseKubeconfig, readKubeconfig } from './node/kubeconfig.ts'
import type { ClusterAccess } from './node/kubeconfig.ts'

/** One connection pool for each case, as separate clients have. */
const subjectOf = (access: ClusterAccess): ApiSubject => {
  const transport = httpTransport(access)
  const api = new HttpApi({ transport, userAgent: 'conformance/1' })
  return { api, close: () => transport.close() }
}

let system: System
let access: ClusterAccess
beforeAll(async () => {
  const config = {
    ...defaultConfig, listen: { host: '127.0.0.1', port: 0 }, data: 'memory', kubeconfig: undefined,
  }
  system = await startSystem({ config, loops: false, checked: true })
  access = await parseKubeconfig(system.kubeconfig, '.')
})
afterAll(() => system.close())

apiConformance('the server over HTTPS', async () => subjectOf(access))

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

test('a server whose certificate nobody vouches for is not talked to', async () => {
  const { api, close } = subjectOf({ ...access, ca: undefined as never })
  await expect(api.get({
    group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespaced: false,
  }, { name: 'default' })).rejects.toThrow(/certificate|self-signed/)
  await close()
})
