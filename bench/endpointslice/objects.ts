import type { Node, Pod, Service } from '@slicewise/kube'

export const namespace = 'bench'

/** A Pod as small ones are: what a Deployment makes and a kubelet reports. */
export function podObject(index: number, ready: boolean, since = '2026-03-01T09:00:00Z'): Pod {
  const ip = `10.${64 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}`
  return {
    metadata: {
      name: `web-${String(index).padStart(6, '0')}`, namespace,
      labels: { app: 'web', 'pod-template-hash': '5d4f8c7b9d' },
    },
    spec: {
      nodeName: `node-${index % 10}`,
      containers: [{
        name: 'main', image: 'registry.example/web:1',
        ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      }],
    },
    status: {
      phase: 'Running', podIP: ip, podIPs: [{ ip }],
      conditions: [{
        type: 'Ready', status: ready ? 'True' : 'False', lastProbeTime: null,
        lastTransitionTime: since,
      }],
    },
  }
}

export const serviceObject: Service = {
  metadata: { name: 'web', namespace },
  spec: {
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
  },
}

export const nodeObjects: readonly Node[] = Array.from({ length: 10 }, (_, index) => ({
  metadata: {
    name: `node-${index}`, labels: { 'topology.kubernetes.io/zone': `zone-${'abc'[index % 3]}` },
  },
}))

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export const rounded = (value: number, digits = 1): number => Number(value.toFixed(digits))
export const heapMiB = (): number => {
  globalThis.gc?.()
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20)
}
/** CPU time of this process, user and system, in milliseconds. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
