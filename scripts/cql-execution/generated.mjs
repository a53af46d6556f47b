// SPDX-License-Identifier: Apache-2.0
// Operators over pools of values that lie at the edges: each operator with every combination of operands.

const kNumbers = {
  Integer: ['-7', '0', '3', '10', '2147483647', 'null as Integer'],
  Decimal: ['-2.5', '0.0', '0.1', '3.0', '7.25', 'null as Decimal'],
};
const kPools = {
  ...kNumbers,
  Boolean: ['true', 'false', 'null as Boolean'],
  String: ["''", "'abc'", "'abd'", "'Abc'", 'null as String'],
  Date: ['@2026', '@2026-05', '@2026-05-10', '@2026-05-31', '@2027-01', 'null as Date'],
  DateTime: ['@2026-05-10T', '@2026T', '@2026-05-10T10', '@2026-05-10T10:30:00', '@2026-05-10T10:30:00.000+02:00',
             '@2026-05-11T00:30:00.000+02:00', 'null as DateTime'],
  Time: ['@T10', '@T10:30', '@T10:30:00', '@T10:30:00.500', '@T23:59:59.999', 'null as Time'],
  Quantity: ["1 'g'", "1000 'mg'", "1 'mL'", "0 'g'", "5 '1'", "1 year", "1 'a'", '12 months', '365 days', 'null as Quantity'],
  IntegerInterval: ['Interval[1, 10]', 'Interval[5, 15]', 'Interval[1, 5]', 'Interval[6, 10]', 'Interval(5, 7)', 'Interval[11, 11]',
                    'Interval[5, null]', 'Interval[5, null)', 'Interval(null, 5]', 'Interval[null, 5]', 'null as Interval<Integer>'],
  DateInterval: ['Interval[@2026-01-01, @2026-12-31]', 'Interval[@2026-05-01, @2026-06-30)', 'Interval[@2026, @2027]',
                 'Interval[@2026-06-30, @2027-02-01]', 'Interval[@2026-05-10, null]', 'Interval(null, @2026-05-10)'],
  DateTimeInterval: ['Interval[@2026-05-10T00:00:00.000, @2026-05-10T23:59:59.999]', 'Interval[@2026-05-10T10:00:00.000, @2026-05-11T10:00:00.000)',
                     'Interval[@2026-05-09T, @2026-05-10T]', 'Interval[@2026-05-11T00:00:00.000, null]'],
  IntegerList: ['{}', '{ 1, 2, 3 }', '{ 3, 2, 1 }', '{ 2, 2 }', '{ 1, null }', '{ null, 4 }', 'null as List<Integer>'],
};
const kPrecisions = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];
const kSets = ['=', '!=', '~', '!~'];
const kOrders = ['<', '<=', '>', '>='];
const kTimings = ['before', 'after', 'on or before', 'on or after', 'overlaps', 'overlaps before', 'overlaps after', 'meets',
                  'meets before', 'meets after', 'starts', 'ends', 'includes', 'included in', 'properly includes',
                  'properly included in', '=', '~', 'union', 'intersect', 'except'];

export function generatedExpressions() {
  const found = [];
  const pairs = (left, operators, right = left) => {
    for (const a of left) for (const o of operators) for (const b of right) found.push(`(${a}) ${o} (${b})`);
  };
  const calls = (names, values) => names.forEach(n => values.forEach(v => found.push(`${n}(${v})`)));
  pairs(kPools.Boolean, ['and', 'or', 'xor', 'implies', ...kSets]);
  for (const type of ['Integer', 'Decimal', 'String', 'Date', 'DateTime', 'Time', 'Quantity']) {
    pairs(kPools[type], [...kSets, ...kOrders]);
  }
  numbers(found, pairs, calls);
  dates(found, pairs);
  intervals(found, pairs);
  lists(found, pairs, calls);
  texts(found, calls);
  return found;
}

function numbers(found, pairs, calls) {
  for (const pool of Object.values(kNumbers)) {
    pairs(pool, ['+', '-', '*', '/', 'div', 'mod', '^']);
    calls(['Abs', 'Ceiling', 'Floor', 'Truncate', 'Round', 'Ln', 'Exp', 'successor of ', 'predecessor of ', '-', 'ToString', 'Precision',
           'LowBoundary', 'HighBoundary'].filter(n => pool === kNumbers.Decimal || !/Precision|Boundary|Round/.test(n)), pool);
  }
  pairs(kPools.Quantity, ['+', '-', '*', '/']);
  for (const value of ['-1.5', '-0.5', '0.5', '1.5', '2.5', '3.14159']) for (const places of [0, 1, 2]) found.push(`Round(${value}, ${places})`);
}

function dates(found, pairs) {
  const spans = ['1 year', '1 month', '3 weeks', '30 days', '25 hours', '90 minutes', "1 'mo'", "2.5 days"];
  pairs(kPools.Date, ['+', '-'], spans.filter(s => !/hour|minute/.test(s)));
  pairs(kPools.DateTime, ['+', '-'], spans);
  pairs(kPools.Time, ['+', '-'], ['25 hours', '90 minutes', '1500 milliseconds']);
  for (const type of ['Date', 'DateTime', 'Time']) {
    const fit = kPrecisions.filter(p => (type === 'Date' ? kPrecisions.indexOf(p) < 3 : type === 'Time' ? kPrecisions.indexOf(p) > 2 : true));
    for (const precision of fit) {
      pairs(kPools[type], [`same ${precision} as`, `same ${precision} or before`, `before ${precision} of`]);
      for (const a of kPools[type]) {
        found.push(`${precision} from (${a})`);
        for (const b of kPools[type]) {
          found.push(`${precision}s between (${a}) and (${b})`, `difference in ${precision}s between (${a}) and (${b})`);
        }
      }
    }
  }
  for (const a of kPools.DateTime) found.push(`date from (${a})`, `time from (${a})`, `timezoneoffset from (${a})`, `ToString(${a})`, `weeks between (${a}) and @2026-06-15T00:00:00.0`);
}

function intervals(found, pairs) {
  pairs(kPools.IntegerInterval, kTimings);
  pairs(kPools.DateInterval, kTimings);
  pairs(kPools.DateTimeInterval, kTimings);
  pairs(['5', '0', '11', 'null as Integer'], ['in', 'properly included in', 'before', 'after', 'starts', 'ends'].slice(0, 4), kPools.IntegerInterval);
  for (const interval of kPools.IntegerInterval) {
    for (const f of ['start of', 'end of', 'width of', 'Size', 'point from']) found.push(f === 'Size' ? `Size(${interval})` : `${f} (${interval})`);
    // Without an end, the JavaScript engine would write out two thousand million points.
    if (!interval.includes('null')) found.push(`expand { ${interval} } per 2`, `expand { ${interval} }`);
    for (const other of kPools.IntegerInterval) found.push(`collapse { ${interval}, ${other} }`);
  }
  for (const d of kPools.Date) for (const i of kPools.DateInterval) {
    found.push(`(${d}) in ${i}`, `(${d}) in month of ${i}`, `(${d}) 30 days or less before start of ${i}`, `(${d}) within 3 months of end of ${i}`);
  }
  for (const i of kPools.DateInterval) {
    if (!i.includes('null')) found.push(`expand { ${i} } per month`);
    found.push(`start of ${i}`, `end of ${i}`, `days between start of ${i} and end of ${i}`);
    for (const j of kPools.DateInterval) for (const p of ['year', 'month', 'day']) {
      for (const o of ['overlaps', 'included in', 'before', 'starts', 'ends', 'meets', 'includes']) found.push(`${i} ${o} ${p} of ${j}`);
    }
  }
}

function lists(found, pairs, calls) {
  pairs(kPools.IntegerList, ['=', '~', '!=', 'union', 'intersect', 'except', 'includes', 'included in', 'properly includes', 'properly included in']);
  pairs(['1', '5', 'null as Integer'], ['in', 'properly included in'], kPools.IntegerList);
  calls(['exists', 'First', 'Last', 'Count', 'Sum', 'Avg', 'Min', 'Max', 'Median', 'Mode', 'Product', 'Length', 'distinct ', 'singleton from ',
         'StdDev', 'Variance', 'PopulationStdDev', 'PopulationVariance', 'GeometricMean', 'AllTrue', 'flatten '].filter(n => !/AllTrue|flatten/.test(n)),
        kPools.IntegerList.map(l => `${l === '{}' ? 'List<Integer>{}' : l}`));
  for (const l of kPools.IntegerList.slice(1)) {
    found.push(`(${l})[1]`, `IndexOf(${l}, 3)`, `Skip(${l}, 1)`, `Take(${l}, 2)`, `Tail(${l})`, `Slice(${l}, 1, 2)`, `(${l}) X sort desc`.replace(/^\(null as List<Integer>\) X sort desc$/, 'null'),
               `(${l}) X where X > 1 return X * 2`, `(${l}) X return all X mod 2`, `(${l}) X aggregate T starting 0: T + X`);
  }
}

function texts(found, calls) {
  calls(['Length', 'Upper', 'Lower', 'ToInteger', 'ToDecimal', 'ToBoolean', 'ToQuantity', 'ToDate', 'ToDateTime', 'ToTime', 'ToLong', 'ToRatio'],
        ["''", "'1'", "'-1'", "'+1'", "'1.5'", "'.5'", "'1.'", "'1.123456789'", "'2147483648'", "'true'", "'T'", "'yes'", "'0'", "'abc'", "'1 mg'", '\'1 \\\'mg\\\'\'',
         "'2026-05'", "'2026-05-10'", "'2026-05-10T10:30'", "'2026-05-10T10:30:00.000Z'", "'2026-13-01'", "'T10:30'", "'10:30:15.5'", "'1:2'", "' 1'", 'null as String']);
  for (const s of ["''", "'abcab'", '(null as String)']) {
    found.push(`PositionOf('ab', ${s})`, `LastPositionOf('ab', ${s})`, `StartsWith(${s}, 'ab')`, `EndsWith(${s}, 'ab')`, `Split(${s}, 'b')`, `Matches(${s}, 'a.c')`,
               `Matches(${s}, 'bc')`, `ReplaceMatches(${s}, 'a(b)', '$1-')`, `Substring(${s}, 0)`, `Substring(${s}, 2)`, `Substring(${s}, 2, 10)`, `Substring(${s}, 5)`, `Substring(${s}, -1)`,
               `${s} + 'x'`, `${s} & 'x'`, `Combine({ ${s}, 'x', null })`, `Combine({ ${s}, 'x' }, '-')`, `(${s})[1]`, `IndexOf({ 'a', ${s} }, ${s})`);
  }
}
