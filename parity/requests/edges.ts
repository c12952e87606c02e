/** Single corners that were once answered otherwise. */
import { at, get, patch, post, put, remove, type Group } from '../script.ts'
import { changed, service } from './objects.ts'

const job = {
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } } },
}

const jobs: Group = {
  name: 'jobs-replaced',
  steps: [
    post('made', at('jobs'), job, { silent: true }),
    put('without a selector', at('jobs', 'j'), job),
    put('with another selector', at('jobs', 'j'), changed(job, {
      'spec/selector': { matchLabels: { a: 'b' } },
    })),
    put('chosen by hand', at('jobs', 'j'), changed(job, { 'spec/manualSelector': true })),
  ],
}

const autoscaling = '/apis/autoscaling/v1/namespaces/<<ns>>/horizontalpodautoscalers'
const status = `${autoscaling}/h/status`
const newer = at('horizontalpodautoscalers', 'h')
const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' }

const autoscalers: Group = {
  name: 'autoscalers-v1',
  steps: [
    post('made', at('horizontalpodautoscalers'), {
      apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'h' },
      spec: {
        scaleTargetRef: target, maxReplicas: 3, behavior: { scaleDown: { selectPolicy: 'Max' } },
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: {
            type: 'Utilization', averageUtilization: 50 } } },
          { type: 'Pods', pods: { metric: { name: 'm' }, target: {
            type: 'AverageValue', averageValue: '1' } } },
        ],
      },
    }),
    get('in the old version', `${autoscaling}/h`, { save: { rv: 'metadata.resourceVersion' } }),
    put('its status', status, {
      apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata: { name: 'h' },
      spec: { scaleTargetRef: target, maxReplicas: 9 },
      status: { currentReplicas: 2, desiredReplicas: 3 },
    }),
    get('with all its metrics', newer),
    patch('merge', 'its status patched', status, { status: { currentReplicas: 1 } }),
    get('with its metrics still', newer),
    patch('merge', 'conditions in the new version', `${newer}/status`, {
      status: {
        currentReplicas: 1, desiredReplicas: 1,
        conditions: [{
          type: 'AbleToScale', status: 'True', reason: 'r', message: 'm',
          lastTransitionTime: '2020-01-01T00:00:00Z',
        }],
      },
    }),
    put('its spec in the old one', `${autoscaling}/h`, {
      apiVersion: 'autoscaling/v1', kind: 'HorizontalPodAutoscaler', metadata: { name: 'h' },
      spec: { scaleTargetRef: target, maxReplicas: 5, targetCPUUtilizationPercentage: 60 },
    }),
    get('keeps the conditions', newer),
  ],
}

const selectors: Group = {
  name: 'selectors-broken',
  steps: [
    'a in', 'a in b', 'a notin', 'a in (', 'a in (b', 'a in (b c)', '!', 'a!', 'a,', ',a', 'a=b,,c',
    'a in ()', 'a=(b)', 'a>b', 'a in (b),', 'a in(b) c', '! a', 'a = ', '(a)', 'a b',
  ].map(text => get(text, `${at('configmaps')}?labelSelector=${encodeURIComponent(text)}`, {
    pick: answer => {
      const { code, reason, message } = answer as Record<string, unknown>
      return { code, reason, said: String(message ?? '') }
    },
  })),
}

const serviceCidr = (name: string, ...cidrs: string[]) => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name }, spec: { cidrs },
})

const ranges: Group = {
  name: 'service-ranges',
  alone: true,
  steps: [
    post('a second range', at('servicecidrs'), serviceCidr('extra', '10.200.0.0/28')),
    post('an address of it', at('services'), changed(service('a'), {
      'spec/clusterIP': '10.200.0.5',
    })),
    get('the address', at('ipaddresses', '10.200.0.5')),
    post('its broadcast address', at('services'), changed(service('b'), {
      'spec/clusterIP': '10.200.0.15',
    })),
    post('its first address', at('services'), changed(service('c'), {
      'spec/clusterIP': '10.200.0.0',
    })),
    post('outside of all', at('services'), changed(service('d'), {
      'spec/clusterIP': '10.201.0.5',
    })),
    post('an overlapping range', at('servicecidrs'), serviceCidr('inner', '10.200.0.0/29')),
    post('a range twice', at('servicecidrs'), serviceCidr('again', '10.200.0.0/28')),
    post('two of one family', at('servicecidrs'), serviceCidr('pair', '10.202.0.0/28', '10.203.0.0/28')),
    patch('merge', 'another spec', at('servicecidrs', 'extra'), {
      spec: { cidrs: ['10.204.0.0/28'] },
    }),
    post('held', at('servicecidrs'), changed(serviceCidr('held', '10.205.0.0/28'), {
      'metadata/finalizers': ['example.com/hold'],
    }), { silent: true }),
    remove('marked as deleted', at('servicecidrs', 'held'), undefined, { silent: true }),
    post('an address of a range that goes', at('services'), changed(service('e'), {
      'spec/clusterIP': '10.205.0.5',
    })),
    patch('merge', 'let go', at('servicecidrs', 'held'), { metadata: { finalizers: null } }),
    remove('a range in use', at('servicecidrs', 'extra')),
    patch('merge', 'a Service of it goes on', at('services', 'a'), {
      metadata: { labels: { a: 'b' } },
    }),
    post('no more of it', at('services'), changed(service('f'), {
      'spec/clusterIP': '10.200.0.6',
    })),
    remove('the Service goes', at('services', 'a'), undefined, { silent: true }),
    get('and its address', at('ipaddresses', '10.200.0.5'), { until: 404 }),
  ],
}

export const edges: readonly Group[] = [jobs, autoscalers, selectors, ranges]
