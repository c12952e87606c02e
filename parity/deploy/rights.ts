/** What of a Role or ClusterRole is read and changed here. */
export interface Role {
  readonly kind: string
  readonly rules: readonly Rule[]
}

interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

/** One verb on one resource, by the place of its rule. */
export interface Right {
  readonly rule: number
  readonly verb: string
  readonly resource: string
}

export function rightsOf({ rules }: Role): Right[] {
  return rules.flatMap(({ verbs, resources }, rule) =>
    verbs.flatMap((verb) => resources.map((resource) => ({ rule, verb, resource }))))
}

/** The role with everything but one right. */
export function withoutRight(role: Role, { rule, verb, resource }: Right): Role {
  const rules = role.rules.flatMap((one, at) => {
    if (at !== rule) return [one]
    return one.resources.map((its) => ({
      ...one, resources: [its], verbs: one.verbs.filter((v) => its !== resource || v !== verb),
    })).filter(({ verbs }) => verbs.length > 0)
  })
  return { ...role, rules }
}
