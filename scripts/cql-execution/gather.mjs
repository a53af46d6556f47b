// SPDX-License-Identifier: Apache-2.0
// The expressions to compare: the tables of tests/conformance, HL7's tests, and operators over pools of values.
import fs from 'node:fs';
import path from 'node:path';
import { generatedExpressions } from './generated.mjs';

/** Each expression once, with where it is from. */
export function gather(root) {
  const all = new Map();
  const add = (from, expressions) => expressions.forEach(e => all.has(e) || all.set(e, from));
  add('tests/conformance', tableExpressions(path.join(root, 'tests/conformance')));
  add('HL7 cql-tests', suiteExpressions(process.env.VIGIL_SHARED_DATA ?? path.join(root, '../shared/data')));
  add('generated', generatedExpressions());
  return [...all].map(([expression, from]) => ({ expression, from }));
}

/** Rows {"expression", "expected"} of tables checked without a patient or declarations: those end in `check(kTable);`. */
function tableExpressions(folder) {
  const found = [];
  for (const file of fs.readdirSync(folder).filter(f => f.endsWith('_test.cpp')).sort()) {
    for (const table of fs.readFileSync(path.join(folder, file), 'utf8').split('TEST_CASE(').slice(1)) {
      if (!table.includes('check(kTable);')) continue;
      for (const [, row] of table.matchAll(/^ {6}\{((?:.|\n)*?)\},$/gm)) {
        const expression = firstString(row);
        if (expression !== undefined) found.push(expression);
      }
    }
  }
  return found;
}

/** The C++ string a row begins with, adjacent pieces joined. */
function firstString(row) {
  const kPiece = /^\s*(?:R"\(((?:.|\n)*?)\)"|"((?:\\.|[^"\\])*)")/;
  let rest = row, text;
  for (let match; (match = kPiece.exec(rest)); rest = rest.slice(match[0].length)) {
    text = (text ?? '') + (match[1] ?? unescape(match[2]));
  }
  return text;
}

/** The text of a C++ string literal; \xNN are bytes of UTF-8. */
function unescape(literal) {
  const named = { n: '\n', t: '\t', r: '\r', f: '\f', 0: '\0' };
  return literal
    .replace(/(?:\\x[0-9a-f]{2})+/gi, bytes => Buffer.from(bytes.replace(/\\x/g, ''), 'hex').toString('utf8'))
    .replace(/\\u([0-9a-f]{4})/gi, (_, code) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\(.)/gs, (_, c) => named[c] ?? c);
}

function suiteExpressions(data) {
  const folder = path.join(data, 'cql-tests');
  if (!fs.existsSync(folder)) {
    console.log(`HL7's tests are not at ${folder}: left out`);
    return [];
  }
  const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };
  const found = [];
  for (const file of fs.readdirSync(folder).filter(f => f.endsWith('.xml')).sort()) {
    for (const [, text] of fs.readFileSync(path.join(folder, file), 'utf8').matchAll(/<expression[^>]*>([^]*?)<\/expression>/g)) {
      found.push(text.replace(/<!\[CDATA\[([^]*?)\]\]>/g, '$1').replace(/&(lt|gt|quot|apos|amp);/g, e => entities[e]).trim());
    }
  }
  return found;
}
