import type { ResourceSpec } from '../resource.ts'
import { type Node, node } from './node.ts'
import { everyVerb, statusSubresource } from './verbs.ts'

export const nodes: ResourceSpec<Node> = {
  group: '', version: 'v1', resource: 'nodes', kind: 'Node', namespaced: false,
  singular: 'node',
  shortNames: ['no'],
  verbs: everyVerb,
  schema: node,
  subresources: [statusSubresource],
  nameRule: 'subdomain',
}
