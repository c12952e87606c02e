/** Allowed values of enumerated fields, sorted as OpenAPI lists them. */
export const addressTypeValues = ['FQDN', 'IPv4', 'IPv6'] as const
export const appArmorProfileTypeValues = ['Localhost', 'RuntimeDefault', 'Unconfined'] as const
export const azureDataDiskCachingModeValues = ['None', 'ReadOnly', 'ReadWrite'] as const
export const azureDataDiskKindValues = ['Dedicated', 'Managed', 'Shared'] as const
export const claimResourceStatusValues = [
  'ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress',
  'NodeResizeInfeasible', 'NodeResizePending',
] as const
export const dnsPolicyValues = [
  'ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None',
] as const
export const hostPathTypeValues = [
  '', 'BlockDevice', 'CharDevice', 'Directory', 'DirectoryOrCreate', 'File', 'FileOrCreate',
  'Socket',
] as const
export const ipFamilyPolicyValues = ['PreferDualStack', 'RequireDualStack', 'SingleStack'] as const
export const ipFamilyValues = ['', 'IPv4', 'IPv6'] as const
export const mountPropagationModeValues = ['Bidirectional', 'HostToContainer', 'None'] as const
export const namespacePhaseValues = ['Active', 'Terminating'] as const
export const nodeInclusionPolicyValues = ['Honor', 'Ignore'] as const
export const nodePhaseValues = ['Pending', 'Running', 'Terminated'] as const
export const nodeSelectorOperatorValues = [
  'DoesNotExist', 'Exists', 'Gt', 'In', 'Lt', 'NotIn',
] as const
export const persistentVolumeAccessModeValues = [
  'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod',
] as const
export const persistentVolumeClaimModifyVolumeStatusValues = [
  'InProgress', 'Infeasible', 'Pending',
] as const
export const persistentVolumeClaimPhaseValues = ['Bound', 'Lost', 'Pending'] as const
export const persistentVolumeModeValues = ['Block', 'Filesystem'] as const
export const persistentVolumePhaseValues = [
  'Available', 'Bound', 'Failed', 'Pending', 'Released',
] as const
export const persistentVolumeReclaimPolicyValues = ['Delete', 'Recycle', 'Retain'] as const
export const podFSGroupChangePolicyValues = ['Always', 'OnRootMismatch'] as const
export const podPhaseValues = ['Failed', 'Pending', 'Running', 'Succeeded', 'Unknown'] as const
export const podQOSClassValues = ['BestEffort', 'Burstable', 'Guaranteed'] as const
export const preemptionPolicyValues = ['Never', 'PreemptLowerPriority'] as const
export const procMountTypeValues = ['Default', 'Unmasked'] as const
export const protocolValues = ['SCTP', 'TCP', 'UDP'] as const
export const pullPolicyValues = ['Always', 'IfNotPresent', 'Never'] as const
export const resourceQuotaScopeValues = [
  'BestEffort', 'CrossNamespacePodAffinity', 'NotBestEffort', 'NotTerminating', 'PriorityClass',
  'Terminating', 'VolumeAttributesClass',
] as const
export const restartPolicyValues = ['Always', 'Never', 'OnFailure'] as const
export const scopeSelectorOperatorValues = ['DoesNotExist', 'Exists', 'In', 'NotIn'] as const
export const seccompProfileTypeValues = ['Localhost', 'RuntimeDefault', 'Unconfined'] as const
export const serviceAffinityValues = ['ClientIP', 'None'] as const
export const serviceExternalTrafficPolicyValues = ['Cluster', 'Local'] as const
export const serviceInternalTrafficPolicyValues = ['Cluster', 'Local'] as const
export const serviceTypeValues = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'] as const
export const signalValues = [
  'SIGABRT', 'SIGALRM', 'SIGBUS', 'SIGCHLD', 'SIGCLD', 'SIGCONT', 'SIGFPE', 'SIGHUP', 'SIGILL',
  'SIGINT', 'SIGIO', 'SIGIOT', 'SIGKILL', 'SIGPIPE', 'SIGPOLL', 'SIGPROF', 'SIGPWR', 'SIGQUIT',
  'SIGRTMAX', 'SIGRTMAX-1', 'SIGRTMAX-10', 'SIGRTMAX-11', 'SIGRTMAX-12', 'SIGRTMAX-13',
  'SIGRTMAX-14', 'SIGRTMAX-2', 'SIGRTMAX-3', 'SIGRTMAX-4', 'SIGRTMAX-5', 'SIGRTMAX-6',
  'SIGRTMAX-7', 'SIGRTMAX-8', 'SIGRTMAX-9', 'SIGRTMIN', 'SIGRTMIN+1', 'SIGRTMIN+10',
  'SIGRTMIN+11', 'SIGRTMIN+12', 'SIGRTMIN+13', 'SIGRTMIN+14', 'SIGRTMIN+15', 'SIGRTMIN+2',
  'SIGRTMIN+3', 'SIGRTMIN+4', 'SIGRTMIN+5', 'SIGRTMIN+6', 'SIGRTMIN+7', 'SIGRTMIN+8',
  'SIGRTMIN+9', 'SIGSEGV', 'SIGSTKFLT', 'SIGSTOP', 'SIGSYS', 'SIGTERM', 'SIGTRAP', 'SIGTSTP',
  'SIGTTIN', 'SIGTTOU', 'SIGURG', 'SIGUSR1', 'SIGUSR2', 'SIGVTALRM', 'SIGWINCH', 'SIGXCPU',
  'SIGXFSZ',
] as const
export const supplementalGroupsPolicyValues = ['Merge', 'Strict'] as const
export const taintEffectValues = ['NoExecute', 'NoSchedule', 'PreferNoSchedule'] as const
export const terminationMessagePolicyValues = ['FallbackToLogsOnError', 'File'] as const
export const tolerationOperatorValues = ['Equal', 'Exists', 'Gt', 'Lt'] as const
export const unsatisfiableConstraintActionValues = ['DoNotSchedule', 'ScheduleAnyway'] as const
export const uriSchemeValues = ['HTTP', 'HTTPS'] as const
