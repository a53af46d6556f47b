// SPDX-License-Identifier: Apache-2.0
// The page of the service: what is active, what is on trial, and a form to try it. What comes from the service is set as text, never as HTML.
'use strict';

const byId = (id) => document.getElementById(id);
let services = [];
let examples = [];

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** What the hook library demands of each hook's context; of what the example lacks, as little as makes a call. */
function makeContext(hook, patient, resources, drafts, asBundle) {
  const ofPatient = {reference: `Patient/${patient.id}`};
  const first = (type, otherwise) => resources.find((one) => one.resourceType === type) || {resourceType: type, ...otherwise};
  const context = {userId: 'Practitioner/example', patientId: patient.id};
  if (hook === 'order-sign' || hook === 'order-select') context.draftOrders = asBundle(drafts);
  if (hook === 'order-select') context.selections = drafts.map((one) => `${one.resourceType}/${one.id}`);
  if (hook === 'order-review') context.orders = asBundle(drafts);
  if (hook === 'medication-refill' || hook === 'medication-prescribe') context.medications = asBundle(drafts);
  if (hook === 'medication-verify') context.medication = first('MedicationRequest', {subject: ofPatient});
  if (hook.startsWith('encounter-')) context.encounterId = first('Encounter', {id: 'example'}).id;
  if (hook === 'problem-list-item-create') context.conditions = asBundle([first('Condition', {subject: ofPatient})]);
  if (hook === 'allergyintolerance-create')
    context.allergyIntolerance = first('AllergyIntolerance', {patient: ofPatient});
  if (hook === 'appointment-book') context.appointments = asBundle([first('Appointment', {status: 'proposed'})]);
  if (hook === 'order-dispatch') {
    const orders = resources.filter((one) => one.intent === 'order');
    context.dispatchedOrders = orders.map((one) => `${one.resourceType}/${one.id}`);
    context.performer = 'Organization/example';
  }
  return context;
}

/** A call as an EHR would make it: drafts in the context, the rest as the service's templates ask for it. */
function makeCall(service, bundle) {
  const resources = bundle.entry.map((entry) => entry.resource);
  const patient = resources.find((one) => one.resourceType === 'Patient');
  const drafts = resources.filter((one) => one.status === 'draft');
  const asBundle = (list) => ({resourceType: 'Bundle', type: 'searchset', entry: list.map((resource) => ({resource}))});
  const prefetch = {};
  for (const [key, template] of Object.entries(service.prefetch || {})) {
    const type = template.match(/^\w+/)[0];
    const found = resources.filter((one) => one.resourceType === type && !drafts.includes(one));
    prefetch[key] = type === 'Patient' ? patient : asBundle(found);
  }
  const context = makeContext(service.hook, patient, resources, drafts, asBundle);
  return {hook: service.hook, hookInstance: crypto.randomUUID ? crypto.randomUUID() : 'example', context, prefetch};
}

function fillRequest() {
  const service = services[byId('service').selectedIndex];
  const example = examples[byId('example').selectedIndex];
  if (service && example) byId('request').value = JSON.stringify(makeCall(service, example.bundle), null, 2);
}

function showCard(card) {
  const box = element('article', undefined, `card ${card.indicator}`);
  box.append(element('h3', card.summary));
  box.append(element('p', `${card.indicator}; source: ${card.source.label}`, 'said'));
  if (card.detail) box.append(element('pre', card.detail));
  for (const suggestion of card.suggestions || []) box.append(element('p', `Suggestion: ${suggestion.label}`));
  for (const link of card.links || []) box.append(element('p', `Link: ${link.label}, ${link.url}`));
  const rules = ((card.extension || {})['vigil.rules'] || {}).rules || [];
  if (rules.length) box.append(element('p', `Rules: ${rules.map((rule) => rule.name).join(', ')}`, 'said'));
  return box;
}

async function send(event) {
  event.preventDefault();
  const service = services[byId('service').selectedIndex];
  const target = byId('answer');
  target.replaceChildren(element('p', 'Sending …'));
  try {
    const begin = performance.now();
    const response = await fetch(`/cds-services/${encodeURIComponent(service.id)}`,
      {method: 'POST', headers: {'Content-Type': 'application/json'}, body: byId('request').value});
    const body = await response.json();
    const time = (performance.now() - begin).toFixed(0);
    target.replaceChildren(element('p', `Status ${response.status}, ${time} ms`, 'said'));
    if (response.status !== 200) {
      for (const issue of body.issue || []) target.append(element('p', issue.diagnostics));
    } else if (body.cards.length === 0) {
      target.append(element('p', 'No cards: every rule was checked and found nothing.'));
    } else {
      for (const card of body.cards) target.append(showCard(card));
    }
  } catch (error) {
    target.replaceChildren(element('p', `There was no answer: ${error.message}`));
  }
  showStatus();
}

function showRules(packs) {
  const wanted = byId('search').value.toLowerCase();
  const rows = [];
  for (const pack of packs) {
    for (const rule of pack.rules) {
      const evidence = [...rule.cites, ...rule.evidence.map((one) => `${one.attribute}: ${one.value}`)].join('; ');
      const text = [rule.name, rule.category, rule.hooks.join(', '), evidence];
      if (wanted && !text.join(' ').toLowerCase().includes(wanted)) continue;
      const row = element('tr');
      const head = element('th', rule.name);
      head.scope = 'row';
      row.append(head);
      for (const part of text.slice(1)) row.append(element('td', part));
      for (const outcome of ['fired', 'suppressed', 'not-met', 'unknown', 'error'])
        row.append(element('td', String(rule.counts[outcome] || 0), 'count'));
      rows.push(row);
    }
  }
  byId('rules').replaceChildren(...rows);
}

/** A pack that is tried: how, on whom, and where it would have said something else. */
function describeCandidate(candidate) {
  const times = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;
  const terms = [];
  if (candidate.stage === 'shadow') {
    terms.push('evaluates calls after their answers, and nobody sees what it says');
    terms.push(`${times(candidate.disagreements, 'disagreement')} with the active pack since the start`);
    if (candidate.notComparable) terms.push(`${times(candidate.notComparable, 'result')} not comparable`);
  } else {
    if (candidate.sharePercent) terms.push(`answers for ${candidate.sharePercent} % of patients`);
    if (candidate.clients.length) terms.push(`answers for ${candidate.clients.join(', ')}`);
  }
  return `${candidate.title} (${candidate.id} ${candidate.version}), ${candidate.stage}: ${terms.join('; ')}. ` +
    `Digest ${candidate.rulesDigest}`;
}

async function showStatus() {
  try {
    const status = await (await fetch('/page-status.json')).json();
    byId('ready').textContent = status.ready ? 'Ready.' : 'Not ready.';
    byId('packs').replaceChildren(...status.packs.map((pack) => element('p',
      `${pack.title} (${pack.id}${pack.version ? ' ' + pack.version : ''}): ${pack.rules.length} rules, digest ` +
      `${pack.rulesDigest}, knowledge ${pack.knowledgeDigest}`)));
    const candidates = status.candidates.map((one) => element('li', describeCandidate(one)));
    byId('candidates').replaceChildren(...(candidates.length ? candidates : [element('li', 'None.')]));
    showRules(status.packs);
  } catch (error) {
    byId('ready').textContent = 'Not reachable.';
  }
}

async function start() {
  showStatus();
  setInterval(showStatus, 5000);
  byId('search').addEventListener('input', showStatus);
  byId('try').addEventListener('submit', send);
  byId('service').addEventListener('change', fillRequest);
  byId('example').addEventListener('change', fillRequest);
  const discovery = await fetch('/cds-services');
  if (!discovery.ok) {
    byId('answer').replaceChildren(element('p', 'Calls need a token here, which a browser does not have: the form is off.'));
    byId('try').hidden = true;
    return;
  }
  services = (await discovery.json()).services;
  examples = await (await fetch('/page-examples.json')).json();
  byId('service').replaceChildren(...services.map((one) => element('option', `${one.id}: ${one.description}`)));
  byId('example').replaceChildren(...examples.map((one) => element('option', one.name)));
  // A link may name what to try: /?hook=order-sign&example=ibuprofen-on-warfarin&send=1
  const asked = new URLSearchParams(location.search);
  const choose = (id, index) => {
    if (index >= 0) byId(id).selectedIndex = index;
  };
  choose('service', services.findIndex((one) => one.hook === (asked.get('hook') || 'order-sign')));
  choose('example', examples.findIndex((one) => one.name === asked.get('example')));
  fillRequest();
  if (asked.get('send') === '1') byId('try').requestSubmit();
}

start();
