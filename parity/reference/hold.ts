/**
 * Holds a reference open for people and scripts, with Nodes whose Leases it renews:
 *
 *   npx tsx parity/reference/hold.ts DIR [--controllers LIST|none] [--nodes N]
 *
 * Ends everything on SIGTERM or SIGINT.
 */
import { parseArgs } from 'node:util'
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { referenceBin, startReference, type Reference } from './start.ts'

/** Well inside the 40 s after which the node lifecycle controller calls a Node unreachable. */
const renewMs = 10_000

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    controllers: { type: 'string', default: '*' },
    nodes: { type: 'string', default: '2' },
  },
})
const dir = resolve(positionals[0] ?? 'reference')
const reference = await startReference({
  dir, controllers: values.controllers === 'none' ? false : values.controllers.split(','),
})
const names = Array.from({ length: Number(values.nodes) }, (_, index) => `node-${index + 1}`)
names.forEach((name, index) => createNode(reference, name, index))
const renewal = setInterval(() => names.forEach(name => renewLease(reference, name)), renewMs)
const { kubeconfig, url } = reference
process.stdout.write(`${JSON.stringify({ kubeconfig, url })}\n`)
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    clearInterval(renewal)
    void reference.stop()
  })
}

function kubectl(to: Reference, args: readonly string[], input?: object): void {
  execFileSync(join(referenceBin(), 'kubectl'), ['--kubeconfig', to.kubeconfig, ...args], {
    input: input === undefined ? '' : JSON.stringify(input), stdio: ['pipe', 'ignore', 'inherit'],
  })
}

function createNode(to: Reference, name: string, index: number): void {
  const zone = `zone-${'abc'[index % 3]}`
  kubectl(to, ['apply', '--server-side', '--force-conflicts', '-f', '-'], {
    apiVersion: 'v1', kind: 'Node',
    metadata: {
      name, labels: { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone },
    },
  })
  kubectl(to, ['apply', '--server-side', '--force-conflicts', '--subresource=status', '-f', '-'], {
    apiVersion: 'v1', kind: 'Node', metadata: { name },
    status: {
      addresses: [{ type: 'InternalIP', address: `192.0.2.${index + 10}` }],
      capacity: { cpu: '4', memory: '8Gi', pods: '110' },
      allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
      conditions: [{
        type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'held ready',
        lastHeartbeatTime: new Date().toISOString().replace(/\.\d+/, ''),
        lastTransitionTime: new Date().toISOString().replace(/\.\d+/, ''),
      }],
    },
  })
  renewLease(to, name)
}

function renewLease(to: Reference, name: string): void {
  kubectl(to, ['apply', '--server-side', '--force-conflicts', '-f', '-'], {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease' },
    spec: {
      holderIdentity: name, leaseDurationSeconds: 40,
      renewTime: new Date().toISOString().replace(/Z$/, '000Z'),
    },
  })
}
