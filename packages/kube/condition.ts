interface Condition {
  readonly type: string
}

/**
 * The first condition of this type in the status of an object. Statuses of foreign servers may hold
 * null where the API has a list, or among its items: that must not stop those who read all objects.
 */
export function conditionOf<C extends Condition>(
  object: { readonly status?: { readonly conditions?: readonly C[] } } | undefined, type: string,
): C | undefined {
  return object?.status?.conditions?.find((one: C | null) => one?.type === type)
}
