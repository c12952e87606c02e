import { type Infer, always, bool, field, list, map, message, oneOf, string } from '../../schema.ts'
import { persistentVolumeReclaimPolicyValues } from '../core-enums.ts'
import { objectMeta } from '../meta.ts'
import { topologySelectorTerm } from '../selectors.ts'

const pkg = 'io.k8s.api.storage.v1.'

export const volumeBindingModeValues = ['Immediate', 'WaitForFirstConsumer'] as const

export const storageClass = message(`${pkg}StorageClass`, {
  metadata: field(1, objectMeta),
  provisioner: always(2, string, { required: true, doc: 'Who provides the volumes.' }),
  parameters: field(3, map(string), { doc: 'For the provisioner; immutable.' }),
  reclaimPolicy: field(4, oneOf(...persistentVolumeReclaimPolicyValues), {
    pointer: true, enum: persistentVolumeReclaimPolicyValues,
    doc: 'What becomes of a volume that is given back.',
  }),
  mountOptions: field(5, list(string), { list: 'atomic' }),
  allowVolumeExpansion: field(6, bool, { pointer: true }),
  volumeBindingMode: field(7, oneOf(...volumeBindingModeValues), {
    pointer: true, enum: volumeBindingModeValues, doc: 'Whether a volume waits for the first Pod.',
  }),
  allowedTopologies: field(8, list(topologySelectorTerm), {
    list: 'atomic', doc: 'Where volumes may be.',
  }),
}, { doc: 'How volumes are provided for claims that name it.' })
export interface StorageClass extends Infer<typeof storageClass> {}
