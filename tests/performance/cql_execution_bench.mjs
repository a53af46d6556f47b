// SPDX-License-Identifier: Apache-2.0
// The 20 rules of bench20 by cql-execution, for scripts/bench: how many questions it answers in a CPU second.
//   node cql_execution_bench.mjs PACKAGES BENCH20 POPULATION PATIENTS
// A question is all 20 definitions for one patient at one instant: the times of the patient's orders, and twice each begin
// of an encounter, as `vigil replay` asks. Each time it is given the whole record; what was known then it does not work
// out. Prints JSON. Loading, translation and one round to warm up are not counted.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [packages, data, population, wanted] = process.argv.slice(2);
const require = createRequire(path.resolve(packages, 'package.json'));
const translator = await import(pathToFileURL(require.resolve('@cqframework/cql/cql-to-elm')).href);
const execution = require('cql-execution');
const fhir = require('cql-exec-fhir');
const modelInfos = path.join(path.dirname(require.resolve('cql-exec-fhir')), 'modelInfos');
const fhirModel = fs.readFileSync(path.join(modelInfos, 'fhir-modelinfo-4.0.1.xml'), 'utf8');
const systemModel = fs.readFileSync(new URL('../../scripts/cql-execution/system-modelinfo.xml', import.meta.url), 'utf8');

/** What the model says is converted by FHIRHelpers: primitives by their value, the few others the rules need by hand. */
function fhirHelpers() {
  const lines = ["library FHIRHelpers version '4.0.1'", "using FHIR version '4.0.1'"];
  for (const [, name, from, to] of fhirModel.matchAll(/functionName="FHIRHelpers\.(\w+)" fromType="(FHIR\.[\w.]+)" toType="([^"]+)"/g)) {
    if (/^System\.(String|Decimal|Boolean|Time|Date|DateTime|Integer)$/.test(to))
      lines.push(`define function ${name}(value ${from.replace(/^FHIR\.(.*)$/, 'FHIR."$1"')}): value.value`);
  }
  lines.push(
    'define function ToCode(coding FHIR.Coding): if coding is null then null else System.Code { code: coding.code.value, ' +
      'system: coding.system.value, version: coding.version.value, display: coding.display.value }',
    'define function ToConcept(concept FHIR.CodeableConcept): if concept is null then null else System.Concept { codes: ' +
      'concept.coding C return ToCode(C), display: concept.text.value }',
    'define function ToQuantity(quantity FHIR.Quantity): if quantity is null then null else System.Quantity { value: ' +
      'quantity.value.value, unit: quantity.unit.value }'
  );
  return lines.join('\n');
}

function translate() {
  const models = new translator.ModelManager(undefined, false);
  models.modelInfoLoader.registerModelInfoProvider(
    translator.createModelInfoProvider(id => (id === 'System' ? translator.stringAsSource(systemModel) : id === 'FHIR' ? translator.stringAsSource(fhirModel) : null))
  );
  const none = () => {
    throw new Error('not needed to translate');
  };
  const units = translator.createUcumService(none, () => null, none, none);
  const libraries = new translator.LibraryManager(models, new translator.CqlCompilerOptions(), undefined, units);
  const helpers = fhirHelpers();
  libraries.librarySourceLoader.registerProvider(
    translator.createLibrarySourceProvider(id => (id === 'FHIRHelpers' ? translator.stringAsSource(helpers) : null))
  );
  const elm = text => {
    const made = JSON.parse(translator.CqlTranslator.fromText(text, libraries).toJson());
    const errors = (made.library.annotation ?? []).filter(a => a.errorSeverity === 'error');
    if (errors.length > 0) throw new Error(`${made.library.identifier?.id}: ${errors[0].message} at line ${errors[0].startLine}`);
    return made;
  };
  return [elm(fs.readFileSync(path.join(data, 'CdsRules.cql'), 'utf8')), elm(helpers)];
}

function valueSets() {
  const sets = {};
  for (const file of fs.readdirSync(path.join(data, 'valuesets'))) {
    const set = JSON.parse(fs.readFileSync(path.join(data, 'valuesets', file), 'utf8'));
    sets[set.url] = { '': (set.expansion?.contains ?? []).map(({ system, code, display }) => ({ system, code, display })) };
  }
  return sets;
}

/** The first patients of the population, each as a Bundle, with the instants to ask at. */
function readPatients(count) {
  const patients = new Map();
  const lines = file => fs.readFileSync(path.join(population, file), 'utf8').split('\n').filter(line => line !== '');
  for (const line of lines('Patient.000.ndjson').slice(0, count)) {
    const resource = JSON.parse(line);
    patients.set(resource.id, { bundle: { resourceType: 'Bundle', type: 'collection', entry: [{ resource }] }, instants: [] });
  }
  for (const file of fs.readdirSync(population).sort()) {
    if (/^(Patient|Practitioner)/.test(file)) continue;
    for (const line of lines(file)) {
      const resource = JSON.parse(line);
      const patient = patients.get((resource.subject ?? resource.patient)?.reference?.replace(/^Patient\//, ''));
      if (!patient) continue;
      patient.bundle.entry.push({ resource });
      if (resource.resourceType === 'MedicationRequest' && resource.authoredOn) patient.instants.push(resource.authoredOn);
      if (resource.resourceType === 'Encounter' && resource.period?.start)
        patient.instants.push(resource.period.start, resource.period.start);
    }
  }
  return [...patients.values()];
}

const [rules, helpers] = translate();
const library = new execution.Library(rules, new execution.Repository([rules, helpers]));
const codes = new execution.CodeService(valueSets());
const names = Object.keys(library.expressions).filter(name => /^R\d\d$/.test(name));
const executor = new execution.Executor(library, codes);
const patients = readPatients(Number(wanted));

async function askAll() {
  let questions = 0;
  let met = 0;
  for (const { bundle, instants } of patients)
    for (const instant of instants) {
      const source = fhir.PatientSource.FHIRv401();
      source.loadBundles([bundle]);
      const now = execution.DateTime.parse(instant.replace(/Z$/, '+00:00'));
      const results = await executor.exec(source, now);
      const answers = Object.values(results.patientResults)[0];
      met += names.filter(name => answers[name] === true).length;
      ++questions;
    }
  return { questions, met };
}

if (names.length !== 20) throw new Error(`${names.length} rules instead of 20`);
await askAll();
const before = process.cpuUsage();
const { questions, met } = await askAll();
const used = process.cpuUsage(before);
const seconds = (used.user + used.system) / 1e6;
console.log(JSON.stringify({ patients: patients.length, questions, met, cpu_seconds: seconds, a_cpu_second: questions / seconds }));
