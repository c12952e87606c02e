import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../reference/processes.ts'
import { type Reference, startControllers } from '../reference/start.ts'

/** Families that have to be as the reference has them, when it has them. */
const compared = [
  /^endpoint_slice_controller_/, /^endpoint_slice_mirroring_controller_/, /^workqueue_/,
  /^rest_client_requests_total$/, /^rest_client_request_duration_seconds$/,
  /^leader_election_/, /^process_(cpu_seconds_total|resident_memory_bytes|start_time_seconds)$/,
]

interface Family {
  readonly type: string
  readonly labels: ReadonlySet<string>
  readonly bounds: ReadonlySet<string>
}

/** What a kube-controller-manager with the three controllers serves after it has done something. */
export async function referenceMetrics(reference: Reference, scratch: string): Promise<string> {
  const [port = 0] = await freePorts(1)
  const controllers = [
    'endpointslice-controller', 'endpointslice-mirroring-controller', 'endpoints-controller',
  ]
  const running = await startControllers(
    reference.kubeconfig, controllers, join(scratch, 'metrics.log'), [
      `--secure-port=${port}`, '--bind-address=127.0.0.1', `--cert-dir=${scratch}`,
      '--authorization-always-allow-paths=/metrics,/healthz', '--leader-elect=true',
    ])
  try {
    for (let tries = 0; tries < 200; tries++) {
      const text = await read(port).catch(() => '')
      const isDone = text.includes('endpoint_slice_controller_syncs{') &&
        text.includes('endpoint_slice_mirroring_controller_endpoints_sync_duration_count')
      if (isDone) return text
      await sleep(100)
    }
    throw new Error('the reference serves no metrics of its controllers')
  } finally {
    await running.end()
  }
}

/** What differs, one line each. */
export function compareMetrics(reference: string, ours: string): string[] {
  const [theirs, found] = [familiesOf(reference), familiesOf(ours)]
  const faults: string[] = []
  for (const [name, family] of theirs) {
    if (!compared.some((one) => one.test(name))) continue
    const own = found.get(name)
    if (own === undefined) {
      faults.push(`${name}: missing`)
      continue
    }
    if (own.type !== family.type) faults.push(`${name}: ${own.type}, there ${family.type}`)
    // A family without a sample on one side has no labels to compare.
    if (own.labels.size === 0 || family.labels.size === 0) continue
    const [a, b] = [[...own.labels].sort().join(), [...family.labels].sort().join()]
    if (a !== b) faults.push(`${name}: labels ${a}, there ${b}`)
    const [c, d] = [[...own.bounds].join(), [...family.bounds].join()]
    if (c !== d) faults.push(`${name}: bounds ${c}, there ${d}`)
  }
  return faults
}

function familiesOf(text: string): Map<string, Family> {
  const families = new Map<string, Family & { labels: Set<string>; bounds: Set<string> }>()
  for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    families.set(name, { type, labels: new Set(), bounds: new Set() })
  }
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
    const own = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ''))
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
      own?.labels.add(label)
      if (label === 'le') own?.bounds.add(value)
    }
  }
  return families
}

function read(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ rejectUnauthorized: false })
    const asked = request({ host: '127.0.0.1', port, path: '/metrics', agent }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      answer.on('end', () => (answer.statusCode === 200
        ? resolve(text) : reject(new Error(`answers ${answer.statusCode}`))))
    })
    asked.on('error', reject)
    asked.end()
  })
}
