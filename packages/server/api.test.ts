import { apiConformance } from '../client/conformance.ts'
import { createApi } from './api.ts'
import { openTestRegistry } from './test-env.ts'

apiConformance('the registry in process', async () => {
  const registry = await openTestRegistry()
  const api = createApi(registry, { name: 'tester', groups: ['system:masters'] })
  return { api, close: () => registry.close() }
})
