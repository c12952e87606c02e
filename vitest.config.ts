import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages', 'tools', 'sim', 'parity', 'examples'].map((dir) => `${dir}/**/*.test.ts`),
    exclude: ['**/node_modules/**', '**/dist/**'],
    pool: 'threads',
    isolate: false,
    testTimeout: 20_000,
  },
})
