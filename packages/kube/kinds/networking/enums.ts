/** Allowed values of enumerated fields, sorted as OpenAPI lists them. */
export const pathTypeValues = ['Exact', 'ImplementationSpecific', 'Prefix'] as const
export const policyTypeValues = ['Egress', 'Ingress'] as const
