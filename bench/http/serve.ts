/** The server under measurement, in a process of its own: tells its parent how to reach it. */
import { resourceTable } from '@slicewise/kube'
import { openRegistry } from '@slicewise/server'
import { prepareCredentials, startHttpServer } from '@slicewise/server/http'
import { openLmdbStore } from '@slicewise/store/lmdb'
import { nodeEnv } from '@slicewise/system/node'

const folder = process.argv[2] ?? 'bench-data'
const env = nodeEnv()
const store = await openLmdbStore(folder, env)
const registry = await openRegistry({ env, store, resources: resourceTable })
const credentials = await prepareCredentials({ env, hosts: [] })
const server = await startHttpServer({ env, registry, credentials, host: '127.0.0.1', port: 0 })
process.send?.({
  url: server.url, token: credentials.adminToken, ca: credentials.authority, pid: process.pid,
})
process.once('SIGTERM', async () => {
  await server.close()
  await registry.close()
  await store.close()
  process.exit(0)
})
