/**
 * What ownership costs a write: a create of a 5 KB Pod, a status patch of one by the manager that
 * owns the values already, and by another; an apply of a Deployment. Run with
 * `npx tsx bench/managed-fields.bench.ts`; prints microseconds, median of the rounds.
 */
import { applyConfiguration } from '../packages/kube/apply/apply.ts'
import { fieldSetOf } from '../packages/kube/apply/fields.ts'
import { type Write, trackUpdate } from '../packages/kube/apply/track.ts'
import { decodeObject } from '../packages/kube/decode.ts'
import { deployment } from '../packages/kube/kinds/apps/deployment.ts'
import { pod } from '../packages/kube/kinds/pod/pod.ts'
import type { KubeObject } from '../packages/kube/object.ts'
import { samplePod } from './samples.ts'

const rounds = 25, perRound = 400
const write: Write = {
  schema: pod, manager: 'kubelet', apiVersion: 'v1', subresource: 'status',
  now: '2026-01-01T00:00:00Z', ignored: fieldSetOf([['spec']]),
}
const { kind: _, apiVersion: __, ...plainPod } = samplePod() as KubeObject
const notStatus = fieldSetOf([['status']])
const bare = decodeObject(pod, structuredClone(plainPod), 'Ignore').value as KubeObject
const made = withFields(bare, trackUpdate({
  ...write, manager: 'kube-controller-manager', subresource: '', ignored: notStatus,
  before: undefined, after: bare,
}))
const { status, ...pending } = structuredClone(made) as KubeObject & { status: object }
const before = withFields(made, trackUpdate({
  ...write, before: { ...pending, status: {} } as KubeObject, after: made,
}))
type WithConditions = KubeObject & { status: { conditions: { status: string }[] } }
const after = structuredClone(before) as WithConditions
after.status.conditions[2]!.status = 'False'
after.status.conditions[3]!.status = 'False'
const late = { ...write, now: '2026-01-01T00:01:00Z' }

const container = { name: 'web', image: 'web:1', ports: [{ containerPort: 80 }] }
const config = {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3, selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
  },
}
const applying: Write = {
  schema: deployment, manager: 'kubectl', apiVersion: 'apps/v1', subresource: '',
  now: '2026-01-01T00:00:00Z', ignored: fieldSetOf([['status']]),
}
const live = applyConfiguration({ ...applying, live: undefined, config, force: false })
const changed = structuredClone(config)
changed.spec.template.spec.containers[0]!.image = 'web:2'

console.log(`Pod ${JSON.stringify(before).length} bytes, ${
  before.metadata?.managedFields?.length} managers, status ${JSON.stringify(status).length} bytes`)
report('create', () => trackUpdate({
  ...write, subresource: '', ignored: notStatus, before: undefined, after: bare,
}))
report('status patch by the owner', () => trackUpdate({ ...late, before, after }))
report('status patch by another', () => trackUpdate({ ...late, manager: 'other', before, after }))
report('write that changes nothing', () => trackUpdate({ ...late, before, after: before }))
report('apply of a changed Deployment',
  () => applyConfiguration({ ...applying, live, config: changed, force: false }))

function withFields(object: KubeObject, managedFields: unknown): KubeObject {
  return { ...object, metadata: { ...object.metadata, managedFields } } as KubeObject
}

function report(name: string, run: () => unknown): void {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint()
    for (let at = 0; at < perRound; at++) run()
    times.push(Number(process.hrtime.bigint() - start) / 1000 / perRound)
  }
  times.sort((a, b) => a - b)
  console.log(`${name}: ${times[rounds >> 1]!.toFixed(1)} µs`)
}
