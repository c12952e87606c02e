import { type Cause, StatusError } from '@slicewise/kube'

/**
 * What rules find in an object. Rules pass their findings on in ways that run out of stack or text
 * when there are hundreds of thousands; such an object is refused as too large.
 */
export function causesOf(rules: () => readonly Cause[]): readonly Cause[] {
  try {
    return rules()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new StatusError('RequestEntityTooLarge',
      'the object has more faults than can be told in one answer')
  }
}
