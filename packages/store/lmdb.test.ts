import { storeConformance } from './conformance.ts'
import { openLmdbStore } from './lmdb.ts'
import { temporaryFolder, testEnv } from './test-env.ts'

storeConformance('the lmdb engine', async () => {
  const { dir, remove } = temporaryFolder()
  let store = await openLmdbStore(dir, testEnv)
  return {
    get store() {
      return store
    },
    get other() {
      return store
    },
    reopen: async () => {
      await store.close()
      store = await openLmdbStore(dir, testEnv)
      return store
    },
    end: async () => {
      await store.close()
      remove()
    },
  }
})
