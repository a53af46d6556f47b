// SPDX-License-Identifier: Apache-2.0
// Expressions → what @cqframework/cql and cql-execution make of them, as canonical text.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const kNow = '2026-11-22T09:30:00.000+00:00';

/** Loads the packages installed in a folder and gives the engine: evaluate(expressions) → answers in the same order. */
export async function loadJavascriptEngine(packages, systemModel) {
  const require = createRequire(packages + '/package.json');
  const translator = await import(pathToFileURL(require.resolve('@cqframework/cql/cql-to-elm')).href);
  const execution = require('cql-execution');
  const ucum = require('@lhncbc/ucum-lhc').UcumLhcUtils.getInstance();
  const model = fs.readFileSync(systemModel, 'utf8');
  return { evaluate: expressions => evaluate(expressions, { translator, execution, ucum, model }) };
}

function makeLibraryManager({ translator, ucum, model }) {
  const models = new translator.ModelManager(undefined, false);
  models.modelInfoLoader.registerModelInfoProvider(
    translator.createModelInfoProvider(id => (id === 'System' ? translator.stringAsSource(model) : null))
  );
  const convert = (value, from, to) => {
    const result = ucum.convertUnitTo(from, Number(value), to);
    if (result.status !== 'succeeded') throw new Error(`no conversion from ${from} to ${to}`);
    return String(result.toVal);
  };
  const validate = unit => (ucum.validateUnitString(unit).status === 'valid' ? null : `${unit} is no UCUM unit`);
  const none = () => {
    throw new Error('not needed to translate');
  };
  const units = translator.createUcumService(convert, validate, none, none);
  return new translator.LibraryManager(models, new translator.CqlCompilerOptions(), undefined, units);
}

// What cql-execution works at until memory is used up.
const kNeverEnds = [/^expand .* per (0|0\.0|0 '.*'|-.*)$/, /^expand .*Interval.*(null|maximum|minimum)/];

/** The translator refuses a library as a whole when one definition cannot be parsed, so those it names are left out. */
function translate(expressions, engine) {
  const answers = expressions.map(e => (kNeverEnds.some(never => never.test(e)) ? { error: 'no end', message: 'not run: it never ends' } : undefined));
  for (;;) {
    const { text, lines } = libraryOf(expressions, answers);
    const translation = engine.translator.CqlTranslator.fromText(text, makeLibraryManager(engine));
    const elm = JSON.parse(translation.toJson());
    const errors = (elm.library.annotation ?? []).filter(a => a.errorSeverity === 'error');
    if (errors.length === 0) return { answers, elm };
    let found = false;
    for (const error of errors) {
      const index = lines[error.startLine];
      if (index === undefined || answers[index]) continue;
      answers[index] = { error: 'translator', message: error.message };
      found = true;
    }
    if (!found) throw new Error('translator: ' + errors[0].message + ' at line ' + errors[0].startLine);
  }
}

/** A library of one definition an expression, but of those answered already; and which line belongs to which. */
export function libraryOf(expressions, answers) {
  let text = "library Compared\n";
  const lines = [];
  let line = 2;
  expressions.forEach((expression, index) => {
    if (answers[index]) return;
    const definition = `define "x${index}": (\n${expression}\n)\n`;
    for (const end = line + definition.split('\n').length - 1; line < end; ++line) lines[line] = index;
    text += definition;
  });
  return { text, lines };
}

async function evaluate(expressions, engine) {
  const { answers, elm } = translate(expressions, engine);
  const { execution } = engine;
  const library = new execution.Library(elm);
  const codes = new execution.CodeService({});
  const now = execution.DateTime.parse(kNow);
  const quiet = new execution.ConsoleMessageListener(false);
  quiet.onMessage = () => {};
  for (const [name, definition] of Object.entries(library.expressions)) {
    const index = Number(name.slice(1));
    if (answers[index]) continue;
    const context = new execution.PatientContext(library, null, codes, {}, now, quiet);
    try {
      answers[index] = { value: textOf(await definition.execute(context), execution) };
    } catch (error) {
      const message = /Error Message:\s*(.*)/.exec(error.message)?.[1] ?? error.message;
      answers[index] = { error: 'run', message };
    }
  }
  return answers;
}

const pad = (n, width = 2) => String(n).padStart(width, '0');

/** 1e21 and 1e-7 without an exponent; at most 8 fraction digits are shown apart from what the engine really holds. */
function numberText(n) {
  if (!Number.isFinite(n)) return String(n);
  const text = String(n);
  if (!text.includes('e')) return text;
  return n.toLocaleString('en-US', { useGrouping: false, maximumFractionDigits: 20 });
}

function temporalText(t) {
  if (t.isTime?.()) return '@T' + timeText(t);
  let text = '@' + pad(t.year, 4);
  if (t.month != null) text += '-' + pad(t.month);
  if (t.day != null) text += '-' + pad(t.day);
  if (!t.isDateTime) return text;
  text += 'T' + timeText(t);
  return t.hour != null && t.timezoneOffset ? text + offsetText(t.timezoneOffset) : text;
}

function timeText(t) {
  let text = '';
  if (t.hour != null) text += pad(t.hour);
  if (t.minute != null) text += ':' + pad(t.minute);
  if (t.second != null) text += ':' + pad(t.second);
  if (t.millisecond != null) text += '.' + pad(t.millisecond, 3);
  return text;
}

function offsetText(hours) {
  const minutes = Math.round(Math.abs(hours) * 60);
  return (hours < 0 ? '-' : '+') + pad(Math.floor(minutes / 60)) + ':' + pad(minutes % 60);
}

export function stringText(s) {
  const escapes = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t', '\f': '\\f' };
  return "'" + s.replace(/[\\'\n\r\t\f]/g, c => escapes[c]) + "'";
}

/** A value of cql-execution as the text `vigil eval` would write, numbers in their shortest form. */
function textOf(value, execution) {
  const inner = v => textOf(v, execution);
  const members = pairs => pairs.filter(([, v]) => v != null).map(([k, v]) => `${k}: ${inner(v)}`).join(', ');
  if (value == null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return value.length ? `{ ${value.map(inner).join(', ')} }` : '{}';
  if (value.isUncertainty) return value.isPoint() ? inner(value.low) : `Interval[${inner(value.low)}, ${inner(value.high)}]`;
  if (value.isDateTime || value.isDate) return temporalText(value);
  if (value.isInterval) {
    return (value.lowClosed ? 'Interval[' : 'Interval(') + `${inner(value.low)}, ${inner(value.high)}` + (value.highClosed ? ']' : ')');
  }
  if (value.isQuantity) return `${inner(value.value)} '${(value.unit || '1').replace(/^(year|month|week|day|hour|minute|second|millisecond)s$/, '$1')}'`;
  if (value.isRatio) return `${inner(value.numerator)}:${inner(value.denominator)}`;
  if (value.isCode) return `Code { ${members([['code', value.code], ['system', value.system], ['version', value.version], ['display', value.display]])} }`;
  if (value.isConcept) return `Concept { ${members([['codes', value.codes], ['display', value.display]])} }`;
  return `Tuple { ${Object.entries(value).map(([k, v]) => `${k}: ${inner(v)}`).join(', ')} }`;
}
