import type { Finding, FindingId } from './findings.ts'
import type { PodReport } from './why-pod.ts'
import type { ServiceReport } from './why-service.ts'

type Command = (finding: Finding, name: string) => string

const describe: Command = ({ about }) => `describe ${about}`
const podYaml: Command = ({ about }) => `get ${about} -o yaml`
const labels: Command = ({ about }) =>
  (about.startsWith('pod/') ? 'get pods --show-labels' : `get ${about} -o yaml`)
const slice: Command = ({ about }) =>
  (about.startsWith('slice ') ? `get endpointslice ${about.slice(6)} -o yaml --show-managed-fields`
    : '')
const slices: Command = (_, name) =>
  `get endpointslices -l kubernetes.io/service-name=${name}`

/** The command that shows more about a finding, without `kubectl -n NAMESPACE`. */
const commands: Readonly<Partial<Record<FindingId, Command>>> = {
  NoPodsMatch: () => 'get pods --show-labels',
  LabelsDiffer: labels,
  NoServiceSelects: () => 'get services -o wide',
  WorkloadMakesNoPods: describe,
  ScaledToZero: ({ about }) => `scale ${about} --replicas=1`,
  PortNameMissing: podYaml, PortProtocolDiffers: podYaml, PortInInitContainer: podYaml,
  ContainerCrashes: ({ about }) => `logs ${about} --previous --all-containers`,
  ContainerEnded: ({ about }) => `logs ${about} --all-containers`,
  InitContainersRun: ({ about }) => `logs ${about} --all-containers`,
  NoSlices: slices, EndpointMissing: slices, ServiceMissing: () => 'get services',
  PodMissing: () => 'get pods',
}
const aboutPods = new Set<FindingId>([
  'NoPodIP', 'NotScheduled', 'ImageMissing', 'ContainerMisconfigured', 'ContainerStarts',
  'StartupProbeFails', 'ReadinessProbeFails', 'ReadinessGateUnmet', 'NodeUnreachable',
  'PodNotReady', 'PodTerminating', 'PodFinished', 'NodeMissing', 'NoAddressOfFamily',
])
const commandsMax = 3

/** What to run next: at most three commands, each for another cause, the nearest first. */
export function nextCommands(report: ServiceReport | PodReport): string[] {
  const found = new Set<string>()
  const causes = new Set<string>()
  for (const finding of report.findings) {
    if (finding.severity !== 'fault' && finding.id !== 'ScaledToZero') continue
    const cause = `${finding.id} ${finding.text}`
    if (causes.has(cause)) continue
    causes.add(cause)
    const command = commands[finding.id] ?? (aboutPods.has(finding.id) ? describe : slice)
    const text = command(finding, report.name)
    const namespace = finding.details?.['namespace'] ?? report.namespace
    if (text !== '' && !text.startsWith('describe slice')) {
      found.add(`kubectl -n ${namespace} ${text}`)
    }
    if (found.size === commandsMax) break
  }
  return [...found]
}
