// SPDX-License-Identifier: Apache-2.0
// Compares what the two engines make of the gathered expressions and prints the disagreements by kind.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gather } from './gather.mjs';
import { loadJavascriptEngine } from './javascript_engine.mjs';
import { kindOf, kinds } from './kinds.mjs';
import { loadVigil } from './vigil_engine.mjs';

const kAtOnce = 500;  // definitions a library
const kShown = 3;     // disagreements of a kind

const { values: options } = parseArgs({
  options: {
    vigil: { type: 'string' }, packages: { type: 'string' }, root: { type: 'string' }, only: { type: 'string' },
    list: { type: 'boolean' }, expression: { type: 'string', multiple: true },
  },
});
const only = new RegExp(options.only ?? '');
const rows = options.expression ? options.expression.map(expression => ({ expression, from: 'asked' }))
                                : gather(options.root).filter(r => only.test(r.expression));
const javascript = await loadJavascriptEngine(options.packages, path.join(options.root, 'scripts/cql-execution/system-modelinfo.xml'));
const vigil = loadVigil(options.vigil);

const show = answer => answer?.value ?? (answer ? `error (${answer.error}: ${answer.message})` : 'no answer');
const agree = (a, b) => (a?.error && b?.error ? true : a?.value !== undefined && a.value === b?.value);

const found = new Map();
let compared = 0;
for (let i = 0; i < rows.length; i += kAtOnce) {
  const part = rows.slice(i, i + kAtOnce);
  const texts = part.map(r => r.expression);
  process.stderr.write(`\r${i} of ${rows.length}`);
  const theirs = await javascript.evaluate(texts);
  const ours = vigil.evaluate(texts);
  part.forEach((row, j) => {
    ++compared;
    if (options.expression) console.log(`${row.expression}\n  Vigil       ${show(ours[j])}\n  JavaScript  ${show(theirs[j])}`);
    if (agree(ours[j], theirs[j])) return;
    const kind = kindOf(row.expression, ours[j], theirs[j]);
    if (!found.has(kind)) found.set(kind, []);
    found.get(kind).push({ ...row, ours: show(ours[j]), theirs: show(theirs[j]) });
  });
}

const disagreements = [...found.values()].reduce((n, list) => n + list.length, 0);
for (const [kind, list] of [...found].sort((a, b) => b[1].length - a[1].length)) {
  console.log(`\n${kind}: ${list.length}${kinds[kind] ? ', ' + kinds[kind].title : ''}`);
  for (const d of options.list || kind === 'undecided' ? list : list.slice(0, kShown)) {
    console.log(`  ${d.expression}   (${d.from})\n    Vigil       ${d.ours}\n    JavaScript  ${d.theirs}`);
  }
}
console.log(`\n${compared} expressions compared, ${compared - disagreements} agree, ${disagreements} disagree in ${found.size} kinds`);
for (const [kind, list] of [...found].sort()) console.log(`  ${String(list.length).padStart(5)}  ${kind}`);
process.exitCode = found.has('undecided') ? 1 : 0;
