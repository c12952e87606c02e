import { storeConformance } from './conformance.ts'
import { openMemoryStore } from './memory.ts'
import { testEnv } from './test-env.ts'

storeConformance('the memory engine', async () => {
  const store = openMemoryStore(testEnv)
  return { store, other: store, end: () => store.close() }
})
