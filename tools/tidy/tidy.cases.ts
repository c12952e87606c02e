/** A file, and what the rules say about it: `<line> <message>`. Nothing means that it is fine. */
export interface Case {
  readonly path: string
  readonly text: string
  readonly finds?: readonly string[]
}

const browser = 'here: this file has to run in a browser too'
const env = 'here: it comes in through Env'
/** Spelt in pieces, because the rules read this file as well. */
const place = '/wo' + 'rk/x'
const host = 'registry.npm' + 'js.org'

export const cases: readonly Case[] = [
  // layers
  { path: 'packages/kube/a.ts', text: `import { a } from '@slicewise/base'` },
  { path: 'packages/server/a.ts', text: `import { a } from '@slicewise/store/lmdb'` },
  {
    path: 'packages/kube/a.ts',
    text: `\nimport type { a } from '@slicewise/store'`,
    finds: ['2 kube may not import store (imports point down, never sideways)'],
  },
  {
    path: 'packages/controllers/a.ts',
    text: `import {\n  a,\n} from '@slicewise/server'`,
    finds: ['3 controllers may not import server (imports point down, never sideways)'],
  },
  {
    path: 'packages/nodes/a.ts',
    text: `const a = await import('@slicewise/controllers')`,
    finds: ['1 nodes may not import controllers (imports point down, never sideways)'],
  },
  {
    path: 'packages/nodes/a.ts',
    text: `type A = import('@slicewise/controllers').A`,
    finds: ['1 nodes may not import controllers (imports point down, never sideways)'],
  },
  {
    path: 'packages/kube/index.ts',
    text: `export * from '@slicewise/client'`,
    finds: ['1 kube may not import client (imports point down, never sideways)'],
  },
  {
    path: 'packages/kube/a.ts',
    text: `export { a } from '@slicewise/client'`,
    finds: ['1 kube may not import client (imports point down, never sideways)'],
  },
  { path: 'packages/kube/a.test.ts', text: `import { a } from '@slicewise/server'` },
  { path: 'packages/store/conformance.ts', text: `import { test } from 'vitest'` },
  {
    path: 'packages/server/a.ts',
    text: `import { a } from '@slicewise/store/memory'`,
    finds: [`1 '@slicewise/store/memory' is not among the exports of store/package.json`],
  },
  {
    path: 'packages/server/a.test.ts',
    text: `import { a } from '@slicewise/nothing'`,
    finds: [`1 no such package: '@slicewise/nothing'`],
  },
  {
    path: 'packages/server/a.ts',
    text: `import { a } from '../store/memory.ts'`,
    finds: [`1 '../store/memory.ts' leaves the package server`],
  },
  { path: 'bench/a.bench.ts', text: `import { a } from '../packages/store/memory.ts'` },
  { path: 'packages/server/a.test.ts', text: `import { a } from '../store/memory.ts'` },
  { path: 'parity/a.ts', text: `import { a } from '@slicewise/store/lmdb'` },
  {
    path: 'packages/server/a.ts',
    text: `import { a } from './b.test.ts'`,
    finds: [`1 shipped code imports the test file './b.test.ts'`],
  },
  {
    path: 'packages/server/a.ts',
    text: `import { a } from '@slicewise/server/http'`,
    finds: [`1 import of the own package by name: '@slicewise/server/http'`],
  },
  // what only looks like an import
  { path: 'packages/kube/a.ts', text: `// import { a } from '@slicewise/server'` },
  { path: 'packages/kube/a.ts', text: "const a = `import '@slicewise/server'`" },
  { path: 'packages/kube/a.ts', text: `const a = { from: '@slicewise/server' }` },
  { path: 'packages/kube/a.ts', text: `list.import('@slicewise/server')` },
  { path: 'packages/kube/a.ts', text: `const a = "from '@slicewise/server'"` },
  // Node.js
  {
    path: 'packages/server/registry.ts',
    text: `import { join } from 'node:path'`,
    finds: [`1 'node:path' ${browser}`],
  },
  { path: 'packages/server/http.ts', text: `import { join } from 'node:path'` },
  { path: 'packages/server/http/tls.ts', text: `import { join } from 'node:path'` },
  { path: 'packages/store/lmdb-folder.ts', text: `Buffer.from('a')` },
  { path: 'packages/client/node/exec.ts', text: `process.env` },
  { path: 'packages/cli/main.ts', text: `import { join } from 'node:path'` },
  { path: 'tools/a.ts', text: `import { join } from 'node:path'` },
  {
    path: 'packages/kube/a.ts',
    text: `const a = Buffer.from(b)\nconst c = process.env`,
    finds: [`1 Buffer ${browser}`, `2 process ${browser}`],
  },
  { path: 'packages/kube/a.ts', text: `const a = { process: 1, b: c.process, Buffer: 2 }` },
  { path: 'packages/kube/a.ts', text: `/** Buffer and process */ const a = 'Buffer'` },
  // time and chance
  {
    path: 'packages/controllers/a.ts',
    text: 'const a = Date.now()\nsetTimeout(b, 1)\nMath . random()\n`${new Date()}`',
    finds: [
      `1 Date.now ${env}`,
      `2 setTimeout ${env}`,
      `3 Math . random ${env}`,
      `4 new Date ${env}`,
    ],
  },
  {
    path: 'packages/cli/a.ts',
    text: `globalThis.setInterval(a)\nperformance.now()\ncrypto.randomUUID()\nnew Date`,
    finds: [
      `1 globalThis.setInterval ${env}`,
      `2 performance.now ${env}`,
      `3 crypto.randomUUID ${env}`,
      `4 new Date ${env}`,
    ],
  },
  { path: 'packages/system/env-node.ts', text: `Date.now(), setTimeout(a), Math.random()` },
  { path: 'packages/system/env-browser.ts', text: `performance.now()` },
  { path: 'packages/kube/a.ts', text: `new Date(ms), socket.setTimeout(5), Date.parse(a)` },
  { path: 'packages/kube/a.ts', text: `const clock = { setTimeout: run } // Date.now()` },
  { path: 'packages/kube/a.ts', text: `const a = /Date.now()/.test('setTimeout(x)')` },
  { path: 'packages/kube/a.test.ts', text: `Date.now()` },
  { path: 'sim/main.ts', text: `Date.now()` },
  // exports, syntax and names
  { path: 'packages/kube/a.ts', text: `export default 1`, finds: ['1 a default export'] },
  { path: 'packages/kube/a.ts', text: `export { a as default }`, finds: ['1 a default export'] },
  { path: 'vitest.config.ts', text: `export default {}` },
  { path: 'packages/kube/a.ts', text: `const a = { default: 1 }` },
  {
    path: 'packages/kube/a.ts',
    text: `export * from './b.ts'`,
    finds: ['1 export * outside of index.ts'],
  },
  { path: 'packages/kube/index.ts', text: `export * from './b.ts'` },
  {
    path: 'packages/kube/a.ts',
    text: `export const enum A { b }\nnamespace C {}`,
    finds: ['1 enum: types must be erasable', '2 namespace: types must be erasable'],
  },
  { path: 'packages/kube/a.ts', text: `const namespace = 'a'\nconst b = { enum: [1], namespace }` },
  {
    path: 'packages/kube/pod-utils.ts',
    text: `class PodManager {}\ninterface FieldManager {}`,
    finds: [
      '0 a file is named after the noun that it owns',
      '1 PodManager: name it after what it is or does',
    ],
  },
  { path: 'packages/kube/podList.ts', text: ``, finds: ['0 file names are kebab-case'] },
  { path: 'packages/kube/pod-list.test.ts', text: `` },
  // dependencies
  { path: 'packages/cli/a.ts', text: `import { Command } from 'commander'` },
  {
    path: 'packages/cli/a.ts',
    text: `import a from 'leftpad/b'`,
    finds: ['1 the dependency leftpad has no row in tools/dependencies.ts'],
  },
  {
    path: 'packages/client/a.ts',
    text: `import { WebSocket } from 'ws'`,
    finds: ['1 ws does not run in a browser, client has to'],
  },
  { path: 'packages/client/node/a.ts', text: `import { WebSocket } from 'ws'` },
  { path: 'packages/kube/a.test.ts', text: `import fc from 'fast-check'` },
  // words, in any file
  {
    path: 'docs/a.md',
    text: `see ${place}`,
    finds: [`1 '${place.slice(0, -1)}': a path of one machine`],
  },
  { path: 'a.json', text: `\n${host}`, finds: [`2 '${host}': a host of the package registry`] },
  { path: 'docs/a.md', text: `see ./framework/x and kubernetes.io` },
]
