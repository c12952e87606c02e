import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HttpApi, type Transport } from '@slicewise/client'
import { httpTransport, readKubeconfig } from '@slicewise/client/node'
import { type Api, type Pod, type Service, resources } from '@slicewise/kube'
import { type Reference, startReference } from '../../parity/reference/start.ts'
import { copyProgram, workFolder } from '../system/test-program.ts'

/** The real components, and the built program beside them. */
export interface RealCluster {
  readonly reference: Reference
  readonly api: Api
  readonly transport: Transport
  /** Runs `slicewise` with these words against the cluster. */
  slicewise(...words: readonly string[]): Promise<Answer>
  /** The same with another kubeconfig. */
  slicewiseAs(kubeconfig: string, ...words: readonly string[]): Promise<Answer>
  /** Starts `slicewise` with these words, for commands that go on. */
  start(...words: readonly string[]): Lasting
  /** Ends kube-controller-manager; the API server stays. */
  stopControllers(): Promise<void>
  close(): Promise<void>
}

/** A command that goes on until it is told to end. */
export interface Lasting {
  /** Resolves when it has printed this since it was asked last. */
  printed(text: string): Promise<void>
  /** Sends SIGTERM; resolves with the exit status. */
  end(): Promise<number | null>
}

export interface Answer {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

/** What the shadow can be compared with. */
export const sliceControllers = [
  'endpointslice-controller', 'endpointslice-mirroring-controller', 'endpoints-controller',
]

export async function startRealCluster(controllers: readonly string[]): Promise<RealCluster> {
  const dir = mkdtempSync(join(tmpdir(), 'doctor-'))
  const work = workFolder()
  const cli = await copyProgram(work.folder)
  const reference = await startReference({ dir, unsafeNoFsync: true, controllers })
  const transport = httpTransport(await readKubeconfig(reference.kubeconfig))
  const api = new HttpApi({ transport, userAgent: 'test' })
  return {
    reference, api, transport,
    slicewise: (...words) => run(cli, [...words, '--kubeconfig', reference.kubeconfig]),
    start: (...words) => start(cli, [...words, '--kubeconfig', reference.kubeconfig]),
    slicewiseAs: (kubeconfig, ...words) => run(cli, [...words, '--kubeconfig', kubeconfig]),
    stopControllers: async () => {
      const pid = reference.pids['kube-controller-manager']
      if (pid === undefined) throw new Error('no kube-controller-manager runs')
      process.kill(pid, 'SIGTERM')
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 50))
    },
    close: async () => {
      await transport.close()
      await reference.stop()
      await work.remove()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function start(cli: string, words: readonly string[]): Lasting {
  const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => { child.once('exit', resolve) })
  let heard = ''
  child.stdout.on('data', (bytes) => { heard += bytes })
  return {
    printed: async (text) => {
      for (const untilMs = Date.now() + 30_000; !heard.includes(text);) {
        if (Date.now() > untilMs) throw new Error(`waited for "${text}" in vain: ${heard}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      heard = ''
    },
    end: () => {
      child.kill('SIGTERM')
      return ended
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function run(cli: string, words: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...words], { timeout: 90_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code
      resolve({ exit: typeof code === 'number' ? code : -1, stdout, stderr })
    })
  })
}

/** A kubeconfig of an account that may read one namespace, and nothing else. */
export async function namespaceReader(cluster: RealCluster, namespace: string): Promise<string> {
  const { api, reference } = cluster
  await api.create(resources.serviceaccounts, { metadata: { name: 'reader', namespace } })
  await api.create(resources.roles, {
    metadata: { name: 'reader', namespace },
    rules: [{
      apiGroups: ['', 'discovery.k8s.io', 'apps'],
      resources: ['services', 'pods', 'endpoints', 'endpointslices', 'deployments'],
      verbs: ['get', 'list', 'watch'],
    }],
  })
  await api.create(resources.rolebindings, {
    metadata: { name: 'reader', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'reader', namespace }],
  })
  const response = await cluster.transport.request({
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/reader/token`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1',
      spec: { expirationSeconds: 3_600 },
    }),
  })
  const { status } = JSON.parse(await response.text()) as { status: { token: string } }
  const config = JSON.parse(readFileSync(reference.kubeconfig, 'utf8'))
  config.users[0].user = { token: status.token }
  const file = `${reference.kubeconfig}-reader`
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
  return file
}

/** Services with so many Pods each on two Nodes, ready or (every seventh) not. */
export async function makeServices(api: Api, count: number, podsEach: number): Promise<void> {
  const namespace = 'default'
  await api.create(resources.serviceaccounts, { metadata: { name: 'default', namespace } })
  for (const [name, zone] of [['m1', 'a'], ['m2', 'b']] as const) {
    await api.create(resources.nodes, {
      metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
    })
  }
  for (let s = 0; s < count; s++) {
    const app = `app-${s}`
    await api.create<Service>(resources.services, {
      metadata: { name: app, namespace, labels: { app } },
      spec: {
        selector: { app }, ports: [{ name: 'http', port: 80, targetPort: 'http' }],
        ...(s % 3 === 0 ? { clusterIP: 'None' } : {}),
        ...(s % 4 === 1 ? { trafficDistribution: 'PreferSameZone' } : {}),
      },
    })
    await Promise.all(Array.from({ length: podsEach }, (_, p) => makePod(api, app, s, p)))
  }
}

async function makePod(api: Api, app: string, s: number, p: number): Promise<void> {
  const pod = await api.create<Pod>(resources.pods, {
    metadata: { name: `${app}-${p}`, namespace: 'default', labels: { app } },
    spec: {
      nodeName: p % 2 === 0 ? 'm1' : 'm2',
      containers: [{
        name: 'a', image: 'a',
        ports: [{ name: 'http', containerPort: p % 5 === 0 ? 9090 : 8080 }],
      }],
    },
  })
  const ip = `10.${s}.${p >> 8}.${(p & 255) + 1}`
  await api.update(resources.pods, { ...pod, status: {
    phase: 'Running', podIP: ip, podIPs: [{ ip }],
    conditions: [{
      type: 'Ready', status: p % 7 === 0 ? 'False' : 'True', lastProbeTime: null,
      lastTransitionTime: '2026-03-01T09:00:00Z',
    }],
  } } as Pod, { subresource: 'status' })
}
