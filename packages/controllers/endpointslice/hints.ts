import type { FamilyPlan, HintRefusal } from '@slicewise/discovery'
import type { PlannedEvent } from '@slicewise/engine'
import type { ServiceState } from './service-state.ts'

const refusals: Readonly<Record<HintRefusal, string>> = {
  NodeInformation: 'the CPU or the zone of a ready Node is unknown, or there are fewer than two '
    + 'zones',
  TooFewEndpoints: 'there are fewer ready endpoints than zones',
  Overload: 'no zone can have enough ready endpoints without overloading another',
  NoZone: 'a ready endpoint has no zone',
  NothingAllocated: 'no endpoint can be assigned to a zone',
}

/** Events about hints by topology that a look at a Service gives. Read before `rememberHints`. */
export function hintEvents(state: ServiceState, families: readonly FamilyPlan[]): PlannedEvent[] {
  return families.flatMap(({ family, hints: { given, refusal } }) => {
    const had = state.memory.given.has(family)
    if (refusal !== undefined) {
      const { reason, ready, zones } = refusal
      const counted = reason === 'TooFewEndpoints' || reason === 'Overload'
      const counts = counted ? ` (${ready} endpoints, ${zones} zones)` : ''
      return [disabled(state, `${refusals[reason]}${counts}`, family)]
    }
    if (given !== undefined && !had) return [enabled(state, family)]
    if (given === undefined && had) return [disabled(state, 'nobody asks for them', family)]
    return []
  })
}

/** Keeps which hints a Service was given, also when the writes fail later. */
export function rememberHints(state: ServiceState, families: readonly FamilyPlan[]): void {
  const { given } = state.memory
  const known = new Map(families.map(({ family, hints }) => [family, hints.given]))
  for (const family of given.keys()) if (known.get(family) === undefined) given.delete(family)
  for (const [family, counts] of known) if (counts !== undefined) given.set(family, counts)
}

function enabled(state: ServiceState, family: string): PlannedEvent {
  const message = 'Hints by topology are given to endpoints'
  return event(state, 'Normal', 'TopologyAwareHintsEnabled', message, family)
}

function disabled(state: ServiceState, because: string, family: string): PlannedEvent {
  const message = `No hints by topology: ${because}`
  return event(state, 'Warning', 'TopologyAwareHintsDisabled', message, family)
}

function event(
  state: ServiceState, type: 'Normal' | 'Warning', reason: string, message: string, family: string,
): PlannedEvent {
  return {
    regarding: state.service, regardingKind: 'Service', regardingApiVersion: 'v1',
    type, reason, message: `${message}, addressType: ${family}`,
  }
}
