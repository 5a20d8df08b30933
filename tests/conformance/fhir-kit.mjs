// fhir-kit-client does what it is made for, against the server that is told on standard input.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Client } from 'fhir-kit-client';

const { base, authorization, person } = JSON.parse(readFileSync(0, 'utf8'));
const client = new Client({ baseUrl: base, customHeaders: { authorization } });
const goal = (text) => ({
  resourceType: 'Goal', lifecycleStatus: 'proposed', description: { text }, subject: { reference: person },
});
const version = (resource) => ({ headers: { 'If-Match': `W/"${resource.meta.versionId}"` } });

const statement = await client.capabilityStatement();
assert.equal(statement.fhirVersion, '4.0.1');

const made = await client.create({ resourceType: 'Goal', body: goal('first') });
const read = await client.read({ resourceType: 'Goal', id: made.id });
assert.deepEqual(read, made);

const changed = await client.update({
  resourceType: 'Goal', id: made.id, body: { ...made, lifecycleStatus: 'active' }, options: version(made),
});
assert.equal(changed.meta.versionId, '2');
const patched = await client.patch({
  resourceType: 'Goal', id: made.id, jsonPatch: [{ op: 'add', path: '/startDate', value: '2026-11-22' }],
  options: { headers: { ...version(changed).headers, 'Content-Type': 'application/json-patch+json' } },
});
assert.equal(patched.startDate, '2026-11-22');
assert.equal((await client.vread({ resourceType: 'Goal', id: made.id, version: '1' })).lifecycleStatus, 'proposed');
assert.equal((await client.history({ resourceType: 'Goal', id: made.id })).total, 3);
assert.equal((await client.typeHistory({ resourceType: 'Goal' })).type, 'history');
assert.equal((await client.systemHistory()).type, 'history');

for (const text of ['second', 'third']) await client.create({ resourceType: 'Goal', body: goal(text) });
let page = await client.search({ resourceType: 'Goal', searchParams: { patient: person, _count: 1 } });
let seen = 0;
while (page) {
  seen += page.entry?.length ?? 0;
  page = await client.nextPage({ bundle: page });
}
assert.equal(seen, 3);

const answered = await client.transaction({
  body: {
    resourceType: 'Bundle', type: 'transaction',
    entry: [{ resource: goal('fourth'), request: { method: 'POST', url: 'Goal' } }],
  },
});
assert.equal(answered.type, 'transaction-response');
const batched = await client.batch({
  body: { resourceType: 'Bundle', type: 'batch', entry: [{ request: { method: 'GET', url: person } }] },
});
assert.equal(batched.entry[0].resource.resourceType, 'Patient');

// What is there already is not created again; an update by criteria finds it.
const known = { ...goal('fifth'), identifier: [{ system: 'https://fhir-kit.example', value: person }] };
const criteria = { identifier: `https://fhir-kit.example|${person}` };
const ifNoneExist = { headers: { 'If-None-Exist': new URLSearchParams(criteria).toString() } };
const once = await client.create({ resourceType: 'Goal', body: known, options: ifNoneExist });
const again = await client.create({ resourceType: 'Goal', body: known, options: ifNoneExist });
assert.equal(again.id, once.id);
assert.equal(Client.httpFor(again).response.status, 200);
const byCriteria = await client.update({
  resourceType: 'Goal', searchParams: criteria, body: { ...known, lifecycleStatus: 'active' },
});
assert.deepEqual([byCriteria.id, byCriteria.meta.versionId], [once.id, '2']);
const compartment = { resourceType: 'Patient', id: person.split('/')[1] };
const inCompartment = await client.search({ resourceType: 'Goal', compartment, searchParams: { _total: 'accurate' } });
assert.equal(inCompartment.total, 5);
const posted = await client.search({
  resourceType: 'Goal', searchParams: { patient: person, _summary: 'count' }, options: { postSearch: true },
});
assert.equal(posted.total, 5);
const smart = await client.smartAuthMetadata();
assert.equal(smart.tokenUrl?.protocol ?? 'http:', 'http:');

const everything = await client.operation({ name: 'everything', resourceType: 'Patient', id: person.split('/')[1], method: 'GET' });
assert.equal(everything.entry.length, 6);
await client.delete({ resourceType: 'Goal', id: made.id, options: version(patched) });
await assert.rejects(client.read({ resourceType: 'Goal', id: made.id }), ({ response }) => response.status === 410);
console.log('all passed');
