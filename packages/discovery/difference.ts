import type { Endpoint, EndpointPort } from '@slicewise/kube'

/**
 * How slices can differ from what should stand in them: a closed list. What `matters` reaches those
 * who read slices, or is put right by the controller; the rest is another packing of the same.
 */
export const differenceTable = {
  EndpointMissing: { matters: true, meaning: 'an endpoint stands in no slice' },
  EndpointExtra: { matters: true, meaning: 'a slice holds an endpoint that nothing stands for' },
  EndpointTwice: { matters: true, meaning: 'an endpoint stands twice, and not alike' },
  AddressStale: { matters: true, meaning: 'the addresses are not those of the Pod' },
  ReadyWrong: { matters: true, meaning: 'the ready condition is wrong' },
  ServingWrong: { matters: true, meaning: 'the serving condition is wrong' },
  TerminatingWrong: { matters: true, meaning: 'the terminating condition is wrong' },
  PortsWrong: { matters: true, meaning: 'it stands in a slice of other ports' },
  NodeWrong: { matters: true, meaning: 'nodeName is not the Node of the Pod' },
  ZoneWrong: { matters: true, meaning: 'the zone is not that of the Node' },
  HostnameWrong: { matters: true, meaning: 'the hostname is wrong' },
  PodWrong: { matters: true, meaning: 'targetRef names an earlier Pod of that name' },
  HintsWrong: { matters: true, meaning: 'the hints are not those that the Service asks for' },
  SliceNotOwned: { matters: true, meaning: 'the slice belongs to an earlier Service of that name' },
  SliceOfOtherFamily: { matters: true, meaning: 'the Service does not have the family' },
  LabelsWrong: { matters: true, meaning: 'the labels are not those of the Service' },
  HeadlessLabelWrong: { matters: true, meaning: 'the headless label makes proxies misread it' },
  EndpointRepeated: { matters: false, meaning: 'an endpoint stands twice, alike' },
  SliceMissing: { matters: false, meaning: 'no slice at all, where an empty one is usual' },
  SliceEmpty: { matters: false, meaning: 'a slice is empty beside others' },
  SlicesMany: { matters: false, meaning: 'fewer slices would hold the same endpoints' },
  SliceLarge: { matters: false, meaning: 'a slice holds more endpoints than the limit' },
} as const satisfies Record<string, { readonly matters: boolean; readonly meaning: string }>

export type DifferenceId = keyof typeof differenceTable

export interface Difference {
  readonly id: DifferenceId
  readonly matters: boolean
  /** The addressType of the slices that it is about. */
  readonly family: string
  /** The slice that it stands in; absent for what stands in none. */
  readonly slice?: string
  /** Pod of the endpoint; absent for slices as a whole and for endpoints made by hand. */
  readonly pod?: string
  /** Addresses of the endpoint, with commas. */
  readonly address?: string
  /** What should stand there and what does, as short texts; absent where the id says it all. */
  readonly expected?: string
  readonly found?: string
}

/** One endpoint where it stands. */
export interface Place {
  readonly slice: string
  readonly ports: readonly EndpointPort[]
  readonly portsKey: string
  readonly endpoint: Endpoint
}

export function makeDifference(
  id: DifferenceId, rest: Omit<Difference, 'id' | 'matters'>,
): Difference {
  return { id, matters: differenceTable[id].matters, ...rest }
}
