import { ageColumn, nameColumn, textColumn, wideColumn } from '../../cells.ts'
import type { Column } from '../../resource.ts'
import type { ClusterRoleBinding, Subject } from './binding.ts'

const named = (
  kind: Subject['kind'], print: (subject: Subject) => string,
) => ({ subjects }: ClusterRoleBinding): string =>
  (subjects ?? []).filter((subject) => subject.kind === kind).map(print).join(', ')

const nameOf = ({ name }: Subject): string => name

/** Of both kinds of binding. */
export const bindingColumns: readonly Column<ClusterRoleBinding>[] = [
  nameColumn,
  textColumn('Role', 'The role that is given.',
    ({ roleRef }) => `${roleRef?.kind ?? ''}/${roleRef?.name ?? ''}`),
  ageColumn,
  wideColumn('Users', 'Users who get it.', named('User', nameOf)),
  wideColumn('Groups', 'Groups that get it.', named('Group', nameOf)),
  wideColumn('ServiceAccounts', 'Accounts that get it.', named('ServiceAccount',
    ({ namespace, name }) => (namespace ? `${namespace}/${name}` : `/${name}`))),
]
