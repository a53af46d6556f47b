// SPDX-License-Identifier: Apache-2.0
// The kinds of disagreement that are decided: docs/cql-execution-differences.md says who is right, and by which sentence.

const isError = answer => answer?.error !== undefined;
const isNull = answer => answer?.value === 'null';
const isValue = answer => answer?.value !== undefined && answer.value !== 'null';

const kTimeUnit = /\d (years?|months?|weeks?|days?|'(a|mo|wk|d)')/;
const kNullEdge = /Interval(\[null,|\(null,|\[[^\]]*, null[\])])/;
const kTemporal = /@T?\d/;

/** The numbers of two texts, where all else is the same. */
function numbersOf(a, b) {
  const kDigits = /-?\d+(\.\d+)?/g;
  if (a.replace(kDigits, '#') !== b.replace(kDigits, '#')) return undefined;
  const left = a.match(kDigits) ?? [];
  return left.map((n, i) => [Number(n), Number(b.match(kDigits)[i])]);
}

function differInLastDigits(a, b) {
  const pairs = numbersOf(a, b);
  return pairs?.length > 0 && pairs.every(([x, y]) => Math.abs(x - y) <= 1e-8 + Math.abs(x) * 1e-9);
}

/** Integer and Date intervals with their open ends that are known written as closed ones. */
function closed(text) {
  return text
    .replace(/Interval\((-?\d+),/g, (_, n) => `Interval[${Number(n) + 1},`)
    .replace(/Interval\((@\d{4}-\d\d-\d\d),/g, (_, d) => `Interval[${nextDay(d, 1)},`)
    .replace(/, (-?\d+)\)/g, (_, n) => `, ${Number(n) - 1}]`)
    .replace(/, (@\d{4}-\d\d-\d\d)\)/g, (_, d) => `, ${nextDay(d, -1)}]`)
    .replace(/, (@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:[+-]\d\d:\d\d)?)\)/g, (_, d) => `, ${before(d)}]`);
}
const nextDay = (d, n) => '@' + new Date(Date.parse(d.slice(1) + 'T00:00:00Z') + n * 86400000).toISOString().slice(0, 10);
const before = d => '@' + new Date(Date.parse(d.slice(1, 24) + 'Z') - 1).toISOString().slice(0, 23) + d.slice(24);

export const kinds = {
  'no-long': { title: 'Long is not supported', when: e => /\dL\b|\bLong\b|ToLong/.test(e) },
  'not-implemented': {
    title: 'functions that are missing',
    when: (e, a, b) => isError(b) && /Unimplemented|operator (Slice|ToList|ToTime) |not supported|no UCUM unit|ambiguous|only valid in/.test(b.message)
      || (isNull(b) && /^(LowBoundary|HighBoundary|ToChars)\(|\b(div|mod)\b.*'/.test(e)),
  },
  'never-ends': { title: 'expand that does not come to an end', when: (e, a, b) => b?.error === 'no end' },
  'days-across-offsets': { title: 'days between instants of unlike offsets', when: e => /^days between @.*Z and @.*\+\d\d:\d\d/.test(e) },
  'unlike-tuples': { title: 'tuples of different elements', when: (e, a) => a?.error === 'compile' && /^Tuple .* ~ Tuple/.test(e) },
  'definite-durations-moved': {
    title: "a date and a duration in 'mo' or 'a'",
    when: (e, a) => isError(a) && /^\(?@.*[+-] \(?\d+ '(mo|a)'/.test(e),
  },
  'logarithm-and-exponential': { title: 'Ln and Exp of what has no representable result', when: (e, a) => isError(a) && /^(Ln|Exp|Log)\(/.test(e) },
  'point-from': { title: 'point from a unit interval', when: (e, a, b) => /^point from/.test(e) && isNull(b) && !isError(a) },
  'sort-drops-duplicates': { title: 'sort without return', when: e => /[A-Za-z] sort (asc|desc)$/.test(e) },
  'constructors-with-null': { title: 'Date, DateTime and Time of missing components', when: e => /^(Date|DateTime|Time)\(.*null/.test(e) },
  'whole-hours-of-imprecise-times': { title: 'hours between times of hours and of seconds', when: e => /^hours between @T06/.test(e) },
  'precise-open-ends': { title: 'membership in an open interval down to a precision', when: e => /\bin (year|month|day|hour|minute|second) of Interval(\(|.*\)$)/.test(e) },
  'run-error-is-null': {
    title: 'what must be an error is null or a value',
    when: (e, a, b) => isError(a) && !isError(b) && /successor|predecessor|point from|out of range|low end lies above|[Mm]essage `|does not fit|the date/.test(a.message + e),
  },
  'literal-out-of-range': { title: 'a number that does not fit its type', when: (e, a) => a?.error === 'compile' },
  'no-fhir-model': {
    title: 'FHIR types where the translator is given no model of FHIR',
    when: (e, a, b) => isError(b) && /Could not resolve model with namespace http:\/\/hl7.org\/fhir/.test(b.message),
  },
  'types-of-values': { title: 'what type a tuple, a list or a count within a range is of', when: e => / as Any\) is /.test(e) },
  'javascript-fails': {
    title: 'the engine fails on null',
    when: (e, a, b) => isError(b) && /Cannot read properties|Expected an expression|Invalid unit/.test(b.message),
  },
  'not-a-number': { title: 'results that are no number', when: (e, a, b) => /NaN|Infinity/.test(b?.value ?? '') },
  'steps-of-decimals': {
    title: 'the step of a Decimal that happens to be whole',
    when: e => /^(successor|predecessor) of \(?-?\d+\.\d+|^(start|end) of Interval[[(]\d+(\.\d+)?[ ,'a-z]+.*\)$|^start of Interval\(|^Size\(Interval\[\d+\.\d|\d\.\d.* except .*\d\.\d/.test(e),
  },
  'decimal-digits': {
    title: 'Decimal has eight fraction digits and is not binary',
    when: (e, a, b) => isValue(a) && isValue(b) && differInLastDigits(a.value, b.value) || /^0\.1 \+ 0\.2 = 0\.3$/.test(e) || /^\(.*\.\d+\)? mod/.test(e),
  },
  'decimal-equivalence': { title: '`~` on decimals looks at the fewer digits', when: e => /^\(?-?\d+\.\d+\)? !?~ \(?-?\d+\.\d+\)?$/.test(e) },
  'same-points': {
    title: 'the same interval with its end written open or closed',
    when: (e, a, b) => isValue(a) && isValue(b) && closed(a.value) === closed(b.value) || isValue(a) && isValue(b) && / except /.test(e),
  },
  'overflow-is-null': {
    title: 'an Integer beyond its range',
    when: (e, a, b) => isNull(a) && /(?:^|\[|, )-?\d{10,}/.test(b?.value ?? '') && !/e\+/.test(b.value),
  },
  'large-decimal-is-null': { title: 'Decimals of many digits', when: (e, a, b) => isNull(b) && /^-?\d{10,}(\.\d+)?$/.test(a?.value ?? '') },
  'calendar-and-definite': {
    title: 'years and months against days and UCUM durations',
    when: e => kTimeUnit.test(e) && !kTemporal.test(e),
  },
  'quantities-not-comparable': {
    title: '`~` of quantities with unlike units',
    when: (e, a, b) => /!?~/.test(e) && /'[a-zA-Z1]+'/.test(e) && isNull(b),
  },
  'arbitrary-units': { title: 'units that ucum-lhc does not convert', when: e => /'(\[[A-Za-z]+\]|bpm|lbs)'/.test(e) },
  'fraction-of-a-duration': { title: 'decimals of a duration above seconds', when: e => /^\(?@.*[+-] \(?\d+\.\d+ (day|month|year|week|hour)s?/.test(e) },
  'finer-than-the-date': { title: 'a duration finer than the date', when: e => /^\(?@[\dT:.+-]*\)? [+-] \(?\d+ (days?|weeks?|hours?|minutes?|months?|seconds?)\)?$/.test(e) && !/^\(?@T/.test(e) },
  'time-of-day-wraps': { title: 'a Time past midnight', when: e => /^\(?@T[\d:.]+\)? [+-] /.test(e) },
  'leap-day-birthdays': { title: 'a year from 29 February', when: e => /02-29/.test(e) },
  'offsets-of-partial-dates': { title: 'an offset beside a date without hours', when: e => /\+02:00/.test(e) && /@\d{4}(-\d\d){0,2}T\)/.test(e) },
  'seconds-and-milliseconds': {
    title: 'seconds without milliseconds',
    when: e => /milliseconds?( of)?/.test(e) && /:\d\d\)?(\s|$)|:\d\d\]|(\d|T)\)/.test(e) || /:\d\d(?![.:\d])/.test(e) && /:\d\d\.\d/.test(e),
  },
  'null-boundary': { title: 'intervals with a null boundary', when: e => kNullEdge.test(e) },
  'lists-with-null': { title: 'lists that hold null', when: e => /\{[^}]*null[^}]*\}.*(=|!=|union|intersect|except|includ|contains|~| in )|(=|!=|union|intersect|except|includ|contains|~| in ) *\(?\{[^}]*null/.test(e) || /^null as List|\(null as List/.test(e) },
  'open-ends-of-relations': {
    title: 'relations of intervals with open ends',
    when: e => /^collapse .*(Interval\(|\d\))|^\(?Interval\(.* (starts|ends) /.test(e),
  },
  'false-beside-null': {
    title: 'a conjunction with a false part',
    when: (e, a, b) => a?.value === 'false' && isNull(b) && /starts|ends|overlaps|meets|includ|during|=|between/.test(e),
  },
  'proper-point': { title: 'a point properly in an interval or list', when: e => /proper/.test(e) },
  'undecided-by-precision': {
    title: 'dates of unequal precision',
    when: (e, a, b) => kTemporal.test(e) && (isNull(a) || isNull(b)),
  },
  'precision-of-intervals': { title: 'interval relations down to a precision', when: e => /(overlaps|included in|starts|ends|meets|includes|before|after) (year|month|day|hour) of|in (month|year|day) of|(before|after) start of/.test(e) },
  'text-conversion': { title: 'what a text can be converted from', when: e => /\b(Converts)?To[A-Z]\w*\(/.test(e) },
  'matches-a-part': { title: '`Matches` and where it looks', when: e => /Matches/.test(e) },
  'mode-of-many': { title: 'the mode of values that are equally frequent', when: e => /^Mode/.test(e) },
  'flatten-null': { title: 'flatten of a list that holds null', when: e => /^flatten/.test(e) },
  'null-separator': { title: 'Combine with a null separator', when: e => /^Combine\(.*null as String\)$/.test(e) },
  'case-of-letters': { title: 'Upper of letters without a capital', when: e => /^(Upper|Lower)\(/.test(e) },
  'months-from-the-31st': { title: 'months from the last day of a longer month', when: e => /^months between @\d{4}-\d\d-31/.test(e) },
  'rounding-of-negatives': { title: 'Round of negative halves', when: e => /^Round\(-/.test(e) },
  'ratio-equality': { title: '`=` of ratios', when: e => /\d:\d/.test(e) && /[^T\d]\d+:\d+ (=|!=) /.test(' ' + e) },
  'empty-text': { title: 'text functions on the empty text', when: e => /''/.test(e) },
  'expand-of-a-point-list': { title: 'expand of one interval gives points', when: e => /^expand/.test(e) },
  'aggregates': { title: 'aggregates', when: e => /^(Sum|Product|Avg|Min|Max|Median|StdDev|Variance|Population|Geometric|AllTrue|AnyTrue|Count)/.test(e) },
  'granular-unit': { title: 'the unit of a sum', when: e => /'(mg|g)'.* [+-] .*'(mg|g)'/.test(e) },
};

/** The first kind that an expression and its two answers belong to, or 'undecided'. */
export function kindOf(expression, ours, theirs) {
  const found = Object.entries(kinds).find(([, kind]) => kind.when(expression, ours, theirs));
  return found ? found[0] : 'undecided';
}
