import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom, silentLog } from '@slicewise/base'
import { Cache, Reflector } from '@slicewise/client'
import { type Api, type ConfigMap, type Stored, resources } from '@slicewise/kube'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeEnv } from './env-node.ts'
import { Load, load } from './test-load.ts'
import { type Connected, Program, copyProgram, startProgram, workFolder } from './test-program.ts'
import { fingerprint, untilControllersWork, untilSlicesAreRight } from './test-slices.ts'

/** More in CI and in the soak. */
const kills = Number(process.env['SLICEWISE_KILLS'] ?? 3)
const seed = Number(process.env['SLICEWISE_SEED'] ?? 20_260_101)
const flags = ['--nodes', '2', '--speed', '20']

const { folder, remove } = workFolder()
let cli: string
beforeAll(async () => {
  cli = await copyProgram(folder)
}, 60_000)
afterAll(remove)

/** An Api whose server is replaced now and then; calls go to the newest. */
class Moving {
  current: Api | undefined
  readonly api: Api = {
    list: (ref, options) => this.#now.list(ref, options),
    watch: (ref, options) => this.#now.watch(ref, options),
  } as Api

  get #now(): Api {
    if (this.current === undefined) throw new Error('there is no server')
    return this.current
  }
}

/** A client that outlives the servers: a cache of the ConfigMaps, fed by one reflector. */
class Witness {
  readonly cache: Cache<ConfigMap>
  readonly reflector: Reflector<ConfigMap>
  readonly #stop = new AbortController()
  readonly #run: Promise<void>

  constructor(moving: Moving) {
    // Its pauses are a hundredth of what they are.
    const real = nodeEnv({ log: silentLog, checked: true })
    const env = { ...real, after: (ms: number, run: () => void) => real.after(ms / 100, run) }
    this.cache = new Cache({ env })
    const { signal } = this.#stop
    const selection = { namespace: load.namespace }
    this.reflector = new Reflector({
      api: moving.api, ref: resources.configmaps, selection, env, sink: this.cache, signal,
    })
    this.#run = this.reflector.run()
  }

  async expectEqual(api: Api): Promise<void> {
    const texts = (all: Iterable<Stored<ConfigMap>>): string => [...all]
      .map(({ metadata }) => `${metadata.name} ${metadata.uid} ${metadata.resourceVersion}`)
      .sort().join('\n')
    const { items } = await api.list(resources.configmaps, { namespace: load.namespace })
    await expect.poll(() => texts(this.cache.values()), { timeout: 5_000 }).toBe(texts(items))
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('over'))
    await this.#run
  }
}

/** Loads until the seeded moment comes, then kills. */
async function killUnderLoad(
  program: Program, { api, close }: Connected, writes: Load, random: () => number,
): Promise<void> {
  const stop = new AbortController()
  let left = 20 + Math.floor(random() * 300)
  await writes.run(api, stop.signal, () => {
    if (--left === 0) void program.kill()
  })
  stop.abort()
  expect(await program.ended).toEqual({ code: null, signal: 'SIGKILL' })
  await close()
}

/** Now and then a start is killed as well, at any moment. */
async function startAgain(data: string, random: () => number): Promise<Program> {
  while (random() < 0.4) {
    const cut = new Program({ cli, data, flags })
    await new Promise((resolve) => setTimeout(resolve, random() * 700))
    await cut.kill()
  }
  return startProgram({ cli, data, flags })
}

test(`${kills} kills under load: nothing acknowledged is lost (seed ${seed})`, async () => {
  const random = seededRandom(seed)
  const data = join(folder, 'killed')
  const writes = new Load(random)
  const moving = new Moving()
  let program = await startProgram({ cli, data, flags })
  let connected = await program.connect()
  await Load.prepare(connected.api)
  moving.current = connected.api
  const witness = new Witness(moving)
  for (let kill = 0; kill < kills; kill++) {
    await killUnderLoad(program, connected, writes, random)
    program = await startAgain(data, random)
    connected = await program.connect()
    moving.current = connected.api
    await writes.verify(connected.api)
    await witness.expectEqual(connected.api)
    await untilSlicesAreRight(connected.api)
    expect(writes.faults, `seed ${seed}, kill ${kill}`).toEqual([])
  }
  await witness.stop()
  // Killed when nothing happens, and stopped: no object is written by the start that follows.
  const { port } = program
  program = await expectNoWrites(connected.api, async () => {
    await program.kill()
    return startProgram({ cli, data, flags, port })
  })
  expect((await program.stop()).code).toBe(0)
  expect(writes.answers).toBeGreaterThan(kills * 20)
}, 60_000 + kills * 20_000)

/** Compares the revisions of all objects before and after a replacement of the program. */
async function expectNoWrites(
  api: Api, replace: () => Promise<Program>,
): Promise<Program> {
  await untilSlicesAreRight(api)
  const before = await fingerprint(api)
  const program = await replace()
  const connected = await program.connect()
  await untilControllersWork(connected.api, `probe-${program.pid}`)
  const after = await fingerprint(connected.api)
  const changed = [...before].filter(([name, state]) => after.get(name) !== state)
  expect(changed).toEqual([])
  expect(before.size).toBeGreaterThan(10)
  await connected.close()
  return program
}

test('a newer build takes the folder over and writes nothing that has not changed', async () => {
  const data = join(folder, 'replaced')
  const newer = await copyProgram(folder, '99.0.0')
  let program = await startProgram({ cli, data, flags })
  const { api, close } = await program.connect()
  await Load.prepare(api)
  const writes = new Load(seededRandom(seed))
  const stop = new AbortController()
  await writes.run(api, stop.signal, () => writes.answers >= 200 && stop.abort())
  const { port } = program
  program = await expectNoWrites(api, async () => {
    expect((await program.stop()).code).toBe(0)
    return startProgram({ cli: newer, data, flags, port })
  })
  await close()
  await program.stop()
}, 60_000)

/** Mounts a small disk on `dir`; false, loudly, where that is not allowed. */
function mountSmallDisk(dir: string, size: string): boolean {
  mkdirSync(dir, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', dir], { stdio: 'pipe' })
    return true
  } catch {
    console.warn('SKIPPED: no right to mount a small disk, so a full one was not tried')
    return false
  }
}

test('on a full disk writes are refused with a clear Status, and reads go on', async (context) => {
  const disk = join(folder, 'disk')
  if (!mountSmallDisk(disk, '8m')) return context.skip()
  let program: Program | undefined
  try {
    program = await startProgram({ cli, data: join(disk, 'data'), flags })
    const { api, close } = await program.connect()
    const made = await fill(api)
    for (let again = 0; again < 3; again++) {
      expect(made.refusal).toMatchObject({ code: 503, reason: 'ServiceUnavailable' })
      expect(String(made.refusal)).toMatch(/nothing can be written at present, reads go on: .*full/)
      const { items } = await api.list(resources.configmaps, { namespace: 'default' })
      const names = new Set(items.map((one) => one.metadata.name))
      expect(made.names.filter((name) => !names.has(name))).toEqual([])
      await fill(api, made)
    }
    execFileSync('mount', ['-o', 'remount,size=64m', disk])
    await expect.poll(() => api.create(resources.configmaps, {
      metadata: { name: 'room', namespace: 'default' },
    }).then((one) => one.metadata.name, String), { timeout: 10_000 }).toBe('room')
    await untilRunning(api)
    expect((await program.stop()).code).toBe(0)
    await close()
  } finally {
    await program?.kill()
    execFileSync('umount', [disk])
  }
}, 60_000)

interface Filled {
  readonly names: string[]
  refusal: unknown
}

/** Creates objects of some 200 KB until one is refused. */
async function fill(api: Api, filled: Filled = { names: [], refusal: undefined }): Promise<Filled> {
  const noise = seededRandom(seed)
  const text = Array.from({ length: 20_000 }, () => noise().toString(36).slice(2)).join('')
  for (;;) {
    const name = `full-${filled.names.length}`
    const filler = text.slice(filled.names.length * 7)
    try {
      await api.create(resources.configmaps, {
        metadata: { name, namespace: 'default' }, data: { filler },
      })
      filled.names.push(name)
    } catch (error) {
      filled.refusal = error
      return filled
    }
  }
}

/** The controllers and simulated Nodes came through it too. */
async function untilRunning(api: Api): Promise<void> {
  await api.create(resources.pods, {
    metadata: { name: 'after', namespace: 'default' },
    spec: { containers: [{ name: 'a', image: 'a:1' }] },
  })
  const phase = async (): Promise<string | undefined> =>
    (await api.get(resources.pods, { namespace: 'default', name: 'after' })).status?.phase
  await expect.poll(phase, { timeout: 20_000 }).toBe('Running')
}
