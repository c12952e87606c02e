import type { SubresourceSpec, Verb } from '../resource.ts'
import { scale } from './scale.ts'

export const everyVerb: readonly Verb[] = [
  'create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch',
]
export const createOnly: readonly Verb[] = ['create']

export const statusSubresource: SubresourceSpec = {
  name: 'status', verbs: ['get', 'patch', 'update'],
}
export const scaleSubresource: SubresourceSpec = {
  name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', schema: scale,
  verbs: ['get', 'patch', 'update'],
}
