/** The Kubernetes files: valid for Kubernetes' own schemas, with probes, a disruption budget and a restricted container. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';

const file = resolve(import.meta.dirname, '../../deploy/kubernetes/postern.yaml');
const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS());
const objectOf = (kind: string) => objects.find((object) => object.kind === kind);

test.each([
  ['Deployment', Deployment],
  ['NetworkPolicy', NetworkPolicy],
  ['PodDisruptionBudget', PodDisruptionBudget],
  ['Service', Service],
])('%s is valid, and a wrong field is not', (kind, Model) => {
  const object = objectOf(kind);
  expect(() => new Model(object).validate()).not.toThrow();
  expect(() =>
    new Model({ ...object, spec: { ...object.spec, ports: 7, replicas: 'x', podSelector: 7, selector: 7 } }).validate(),
  ).toThrow();
});

test('the container is alive by /livez, ready by /readyz, and restricted', () => {
  const { spec } = objectOf('Deployment').spec.template;
  expect(spec).toMatchObject({
    terminationGracePeriodSeconds: 30,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        livenessProbe: { httpGet: { path: '/livez' } },
        readinessProbe: { httpGet: { path: '/readyz' } },
        securityContext: {
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        },
      },
    ],
  });
  expect(objectOf('PodDisruptionBudget').spec.maxUnavailable).toBe(1);
});
