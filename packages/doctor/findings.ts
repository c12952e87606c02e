import { type DifferenceId, differenceTable } from '@slicewise/discovery'

/** `fault`: the Service lacks what it should have. `notice`: worth knowing, nothing is missing. */
export type Severity = 'fault' | 'notice'

interface Row {
  readonly severity: Severity
  readonly meaning: string
  readonly remedy: string
}

const fault = (meaning: string, remedy: string): Row => ({ severity: 'fault', meaning, remedy })
const notice = (meaning: string, remedy: string): Row => ({ severity: 'notice', meaning, remedy })

const services = {
  ServiceMissing: fault('There is no such Service.',
    'Check the name and the namespace; Services of that name elsewhere are listed.'),
  ServiceUnread: fault('The Service could not be read.',
    'Ask for the right to get services in the namespace.'),
  ExternalName: notice('The Service is an alias in DNS and has no endpoints.',
    'Nothing; drop the type if it should send traffic to Pods.'),
  NoSelector: notice('The Service has no selector: its endpoints are kept by hand.',
    'Nothing; give it a selector if Pods should be found for it.'),
  NoPodsMatch: fault('No Pod of the namespace has the labels that the selector asks for.',
    'Make the selector and the labels of the Pods equal.'),
  ScaledToZero: notice('What makes the Pods of the Service is scaled to zero.',
    'Scale it up when traffic should be served again.'),
  WorkloadMakesNoPods: fault('What should make the Pods of the Service has made none.',
    'Read its conditions and Events: quota, admission, a missing account.'),
  PublishesNotReady: notice('Pods count as ready whether they are or not.',
    'Unset publishNotReadyAddresses unless peers have to find each other before they are ready.'),
  ServiceTerminating: notice('The Service is being deleted.',
    'See its finalizers when it does not go.'),
  NamespaceTerminating: notice('The namespace is being deleted: nothing new is made in it.',
    'Use another namespace.'),
  PodsUnread: fault('The Pods of the namespace could not be read, so nothing can be explained.',
    'Ask for the right to list pods in the namespace.'),
} as const

const pods = {
  LabelsDiffer: fault('A Pod nearly has the labels that the selector asks for.',
    'Correct the label or the selector, in the template that makes the Pod.'),
  OtherNamespace: fault('A Pod with these labels runs in another namespace.',
    'Make the Service where its Pods are; a selector never leaves its namespace.'),
  PodFinished: fault('A Pod has run to its end and takes no traffic.',
    'See why it ended; a server has to keep running.'),
  NoPodIP: fault('A Pod has no address yet.',
    'See why it does not start: its Events, its Node, the network plugin.'),
  NoAddressOfFamily: fault('A Pod has no address of a family that the Service has.',
    'Give the cluster network both families, or the Service one.'),
  NodeMissing: fault('The Node that a Pod names does not exist.',
    'Delete the Pod, or bring the Node back; endpoints need their Node.'),
  PodTerminating: fault('A Pod is being deleted and takes no new traffic.',
    'Wait for its replacement, or see its finalizers when it does not go.'),
  NotScheduled: fault('No Node was found for a Pod.',
    'Read the message of the scheduler: resources, taints, volumes, affinity.'),
  ImageMissing: fault('The image of a container cannot be pulled.',
    'Check the name of the image, its tag, and the pull secret.'),
  ContainerCrashes: fault('A container ends again and again.',
    'Read the logs of the last run with kubectl logs --previous.'),
  ContainerMisconfigured: fault('A container cannot be made from its configuration.',
    'Make the Secret, ConfigMap or volume that it names.'),
  ContainerStarts: fault('A container has not started yet.',
    'Wait; if it stays so, read the Events of the Pod.'),
  ContainerEnded: fault('A container has ended and is not started again.',
    'See its exit code and its logs.'),
  InitContainersRun: fault('Init containers have not finished.',
    'Read the logs of the init container that is named.'),
  StartupProbeFails: fault('A container runs and has not passed its startup probe.',
    'Check what the probe asks, and give it time enough.'),
  ReadinessProbeFails: fault('A container runs and does not pass its readiness probe.',
    'Ask what the probe asks from within the Pod; read the Events for the answer it got.'),
  ReadinessGateUnmet: fault('A readiness gate of a Pod has not been met.',
    'See who sets the condition of that name, such as a load balancer controller.'),
  NodeUnreachable: fault('Nothing has been heard of the Node for a while.',
    'See the Node; its Pods count as not ready until it reports.'),
  PodNotReady: fault('A Pod is not ready, and its status does not say why.',
    'Read the conditions and Events of the Pod.'),
} as const

const ports = {
  PortNameMissing: fault('No container of a Pod has a port of the name that the Service targets.',
    'Name the port in the container, or target its number.'),
  PortProtocolDiffers: fault('The port of that name has another protocol.',
    'Make the protocols of the Service port and the container port equal.'),
  PortInInitContainer: fault('Only an init container that ends has a port of that name.',
    'Name the port in a container that keeps running.'),
  PortNotDeclared: notice('No container declares the port number that the Service targets.',
    'Fine when the program listens there all the same; else correct targetPort.'),
} as const

const standing = {
  NoSlices: fault('No EndpointSlice was made, although there are endpoints.',
    'See whether the endpointslice controller runs, and whether its writes are refused.'),
  SlicesFrozen: fault('Slices from the time when there was a selector stand there unattended.',
    'Delete them, or give the Service its selector back.'),
  SlicesByOthers: notice('Somebody else keeps slices of the Service too; consumers join all.',
    'Nothing, if they are meant to be there.'),
  SlicesUnread: notice('The EndpointSlices could not be read: what stands there is unknown.',
    'Ask for the right to list endpointslices in the namespace.'),
  MirrorMissing: fault('Addresses of the Endpoints object stand in no mirrored slice.',
    'See whether the endpointslice mirroring controller runs.'),
  MirrorExtra: fault('A mirrored slice holds addresses that the Endpoints object does not.',
    'See whether the endpointslice mirroring controller runs.'),
  MirrorSkipped: notice('The Endpoints object asks not to be mirrored.',
    'Make slices by hand, or remove the label endpointslice.kubernetes.io/skip-mirror.'),
  MirrorLeft: fault('Mirrored slices stand there although the Service has a selector.',
    'See whether the endpointslice mirroring controller runs; delete them if it is gone.'),
  EndpointsDiffer: notice('The classic Endpoints object says something else than it should.',
    'Only old clients read it; see whether the endpoints controller runs.'),
  EndpointsTruncated: notice('The classic Endpoints object holds a part of the addresses only.',
    'Read EndpointSlices instead: Endpoints end at 1000 addresses.'),
} as const

const forPods = {
  PodMissing: fault('There is no such Pod.', 'Check the name and the namespace.'),
  NoServiceSelects: fault('No Service selects the Pod.',
    'Make the selector of a Service and the labels of the Pod equal.'),
} as const

const slices = Object.fromEntries(Object.entries(differenceTable)
  .filter(([, { matters }]) => matters)
  .map(([id, { meaning }]) => [id, fault(sentence(meaning),
    'See who wrote the slice last, and whether the endpointslice controller runs.')]),
) as Readonly<Record<DifferenceId, Row>>

function sentence(text: string): string {
  return `In the slices, ${text}.`
}

/** Every reason the doctor can give, by id. Ids are stable; programs may rely on them. */
export const findingTable = {
  ...services, ...pods, ...ports, ...standing, ...forPods, ...slices,
} as const

export type FindingId = keyof typeof services | keyof typeof pods | keyof typeof ports
  | keyof typeof standing | keyof typeof forPods | DifferenceId


type FindingGroup = readonly [title: string, rows: Readonly<Record<string, Row>>]
/** The groups of the table, in the order of the documents. */
export const findingGroups: readonly FindingGroup[] = [
  ['The Service', services], ['Pods', pods], ['Ports', ports], ['What stands there', standing],
  ['Slices against what should stand in them', slices], ['Asked about a Pod', forPods],
]

/** One thing the doctor found. */
export interface Finding {
  readonly id: FindingId
  readonly severity: Severity
  /** What it is about: `pod/web-a`, `port http`, `slice web-x2k`, `service web`. */
  readonly about: string
  /** A clause in plain words that goes after `about`; equal clauses can be told together. */
  readonly text: string
  /** When it began (RFC 3339), where the cluster says so. */
  readonly since?: string
  /** The same for programs. */
  readonly details?: Readonly<Record<string, string | number>>
}

export function makeFinding(
  id: FindingId, about: string, text: string, rest: Partial<Finding> = {},
): Finding {
  return { id, severity: findingTable[id].severity, about, text, ...rest }
}
