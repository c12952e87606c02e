/** Allowed values of enumerated fields, sorted as OpenAPI lists them. */
export const completionModeValues = ['Indexed', 'NonIndexed'] as const
export const concurrencyPolicyValues = ['Allow', 'Forbid', 'Replace'] as const
export const podFailurePolicyActionValues = ['Count', 'FailIndex', 'FailJob', 'Ignore'] as const
export const podFailurePolicyOnExitCodesOperatorValues = ['In', 'NotIn'] as const
export const podReplacementPolicyValues = ['Failed', 'TerminatingOrFailed'] as const
