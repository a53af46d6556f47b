// SPDX-License-Identifier: Apache-2.0
// Expressions → what the vigil program makes of them, as canonical text.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { libraryOf } from './javascript_engine.mjs';

const kNow = '2026-11-22T09:30:00.000Z';

export function loadVigil(program) {
  return { evaluate: expressions => evaluate(expressions, program) };
}

function evaluate(expressions, program) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'vigil-compare-'));
  const file = path.join(folder, 'Compared.cql');
  const run = (...options) => spawnSync(program, options, { encoding: 'utf8', maxBuffer: 1 << 30 });
  const answers = new Array(expressions.length);
  try {
    for (;;) {
      const { text, lines } = libraryOf(expressions, answers);
      fs.writeFileSync(file, text);
      const errors = JSON.parse(run('check', file, '--format', 'json').stdout).filter(d => d.severity === 'error');
      if (errors.length === 0) break;
      let found = false;
      for (const { code, message, range } of errors) {
        const index = lines[range.start.line];
        if (index === undefined || answers[index]) continue;
        answers[index] = { error: 'compile', message: `${message} [${code}]` };
        found = true;
      }
      if (!found) throw new Error('vigil check: ' + errors[0].message);
    }
    const { stdout } = run('eval', file, '--now', kNow);
    for (const line of stdout.split('\n')) {
      const match = /^x(\d+) = (.*)$/s.exec(line);
      if (!match) continue;
      const failed = /^\(failed: (.*)\)$/.exec(match[2]);
      answers[match[1]] = failed ? { error: 'run', message: failed[1] } : { value: canonical(match[2]) };
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  return answers;
}

const kToken = /'(?:\\.|[^'\\])*'|@[0-9T:.\-]+(?:Z|\+\d\d:\d\d)?|[A-Za-z_]\w*|-?\d+(?:\.\d+)?L?|\s\?|./gs;

/** Numbers in their shortest form and without L, offset zero left out, calendar units in quotes. */
function canonical(text) {
  const value = text.replace(/  \(undetermined\)$/, '');
  const out = value.match(kToken) ?? [];
  return out
    .map(token => {
      if (/^-?\d/.test(token)) {
        const plain = token.replace(/L$/, '');
        return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
      }
      if (token[0] === '@') return token.replace(/(Z|\+00:00)$/, '');
      if (/^(year|month|week|day|hour|minute|second|millisecond)s?$/.test(token)) return `'${token.replace(/s$/, '')}'`;
      return token;
    })
    .join('');
}
