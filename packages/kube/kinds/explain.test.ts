import { expect, test } from 'vitest'
import type { AnyType, MessageType } from '../schema.ts'
import { resources } from '../resources.ts'

/** Every field that somebody may ask of: the kind, its spec and status, and what is under them. */
const depth: Readonly<Record<string, number>> = {
  services: 9, endpointslices: 9, endpoints: 9, ingresses: 9,
  deployments: 2, replicasets: 2, statefulsets: 2, daemonsets: 2, pods: 1, nodes: 2,
}

/** Stands in its parent, or belongs to device plugins. */
const left = new Set([
  'IngressRule.ingressRuleValue', 'PodStatus.extendedResourceClaimStatus',
  'PodStatus.nodeAllocatableResourceClaimStatuses',
])

function withoutText(message: MessageType<unknown>, deeper: number, seen: Set<string>): string[] {
  if (seen.has(message.name)) return []
  seen.add(message.name)
  const name = message.name.slice(message.name.lastIndexOf('.') + 1)
  return Object.entries(message.fields).flatMap(([field, { doc, type }]) => {
    const inner = messageOf(type)
    const told = doc !== undefined || inner?.doc !== undefined || left.has(`${name}.${field}`)
    const below = inner === undefined || deeper === 0 ? [] : withoutText(inner, deeper - 1, seen)
    return [...(told ? [] : [`${name}.${field}`]), ...below]
  })
}

function messageOf(type: AnyType): MessageType<unknown> | undefined {
  if (type.kind === 'message') return type
  return type.kind === 'list' || type.kind === 'map' ? messageOf(type.of as AnyType) : undefined
}

test.each(Object.entries(depth))('explain says something of every field of %s', (name, deeper) => {
  const row = resources[name as keyof typeof resources]
  expect(withoutText(row.schema as MessageType<unknown>, deeper, new Set())).toEqual([])
})
