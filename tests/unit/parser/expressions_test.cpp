// SPDX-License-Identifier: Apache-2.0
// Every form of expression, as s-expression.
#include <doctest/doctest.h>

#include "unit/parser/parsed.h"

using vigil::test::expression;

TEST_CASE("Operators bind as CQL's table of precedence says") {
  CHECK(expression(R"(1 + 2 * 3)") == R"((+ 1 (* 2 3)))");
  CHECK(expression(R"(-2 ^ 2)") == R"((^ (- 2) 2))");
  CHECK(expression(R"(2 ^ 3 ^ 2)") == R"((^ (^ 2 3) 2))");
  CHECK(expression(R"(a - b - c)") == R"((- (- a b) c))");
  CHECK(expression(R"(x mod 2 div 3)") == R"((div (mod x 2) 3))");
  CHECK(expression(R"(a & b & 'c')") == R"((& a b 'c'))");
  CHECK(expression(R"(not a = b)") == R"((= (not a) b))");
  CHECK(expression(R"(not exists x is null)") == R"((not (exists (is null x))))");
  CHECK(expression(R"(exists a and b)") == R"((and (exists a) b))");
  CHECK(expression(R"(a or b and c xor d implies e)") == R"((implies (xor (or a (and b c)) d) e))");
  CHECK(expression(R"(a implies b implies c)") == R"((implies (implies a b) c))");
  CHECK(expression(R"(a = b and c != d)") == R"((and (= a b) (!= c d)))");
  CHECK(expression(R"(a < b = c > d)") == R"((= (< a b) (> c d)))");
  CHECK(expression(R"(a in b union c)") == R"((union (in a b) c))");
  CHECK(expression(R"(1 + not b = c)") == R"((= (+ 1 (not b)) c))");
  CHECK(expression(R"(-x.y)") == R"((- (. x y)))");
  CHECK(expression(R"(start of x.y + 3 days)") == R"((+ (start of (. x y)) (quantity 3 'days')))");
  CHECK(expression(R"(a | b except c)") == R"((except (union a b) c))");
  CHECK(expression(R"(a !~ b and c ~ d)") == R"((and (!~ a b) (~ c d)))");
  CHECK(expression(R"((a + b) + c)") == R"((+ (+ a b) c))");
  CHECK(expression(R"((a and b) and c)") == R"((and (and a b) c))");
}

TEST_CASE("Chains of and, or, +, & and union are one node") {
  CHECK(expression(R"(a and b and c and d)") == R"((and a b c d))");
  CHECK(expression(R"(a or b or c)") == R"((or a b c))");
  CHECK(expression(R"(1 + 2 + 3)") == R"((+ 1 2 3))");
  CHECK(expression(R"(a union b union c)") == R"((union a b c))");
  CHECK(expression(R"(a - b + c + d)") == R"((+ (- a b) c d))");
}

TEST_CASE("Words that take all that follows") {
  CHECK(expression(R"(1 + if a then b else c + d)") == R"((+ 1 (if a b (+ c d))))");
  CHECK(expression(R"(distinct a union b)") == R"((distinct (union a b)))");
  CHECK(expression(R"(flatten x and y)") == R"((flatten (and x y)))");
  CHECK(expression(R"(if a then b else if c then d else e)") == R"((if a b (if c d e)))");
  CHECK(expression(R"(expand x per day)") == R"((expand x (per (quantity 1 'day'))))");
  CHECK(expression(R"(expand x per 2 days)") == R"((expand x (per (quantity 2 'days'))))");
  CHECK(expression(R"(collapse { a, b } per 1 + 2)") == R"((collapse (list a b) (per (+ 1 2))))");
  CHECK(expression(R"(expand x per day = y)") == R"((= (expand x (per (quantity 1 'day'))) y))");
  CHECK(expression(R"(expand distinct x per day)") == R"((expand (distinct x) (per (quantity 1 'day'))))");
  CHECK(expression(R"(expand x)") == R"((expand x))");
}

TEST_CASE("Tests of types and null") {
  CHECK(expression(R"(x is not null)") == R"((is not null x))");
  CHECK(expression(R"(x is null)") == R"((is null x))");
  CHECK(expression(R"(x is true and y is not false)") == R"((and (is true x) (is not false y)))");
  CHECK(expression(R"(x is not true)") == R"((is not true x))");
  CHECK(expression(R"(x is false)") == R"((is false x))");
  CHECK(expression(R"(x is FHIR.Quantity)") == R"((is x FHIR.Quantity))");
  CHECK(expression(R"(x as List<Interval<Integer>>)") == R"((as x List<Interval<Integer>>))");
  CHECK(expression(R"(x as Choice<Integer, String>)") == R"((as x Choice<Integer, String>))");
  CHECK(expression(R"(x is Tuple { a Integer, b List<String> })") == R"((is x Tuple{a Integer, b List<String>}))");
  CHECK(expression(R"(cast x as T is null)") == R"((is null (cast x T)))");
  CHECK(expression(R"(convert '5' to Integer)") == R"((convert '5' Integer))");
  CHECK(expression(R"(convert x to 'mg')") == R"((convert x (unit 'mg')))");
  CHECK(expression(R"(convert x to days)") == R"((convert x (unit 'days')))");
  CHECK(expression(R"(minimum Integer)") == R"((minimum Integer))");
  CHECK(expression(R"(maximum System.Integer)") == R"((maximum System.Integer))");
}

TEST_CASE("between and durations") {
  CHECK(expression(R"(a between 1 and 2 + 3 and b)") == R"((and (between a 1 (+ 2 3)) b))");
  CHECK(expression(R"(a properly between b and c or d)") == R"((or (between properly a b c) d))");
  CHECK(expression(R"(days between a and b + 1 > 5)") == R"((> (duration day a (+ b 1)) 5))");
  CHECK(expression(R"(duration in hours between a and b)") == R"((duration hour a b))");
  CHECK(expression(R"(difference in months between Today() and x)") == R"((difference month (call Today) x))");
  CHECK(expression(R"(duration in days of x.period)") == R"((duration day of (. x period)))");
  CHECK(expression(R"(difference in weeks of x)") == R"((difference week of x))");
  CHECK(expression(R"(weeks between a and b)") == R"((duration week a b))");
}

TEST_CASE("Timing phrases") {
  CHECK(expression(R"(a starts 3 days or more before start b)") ==
        R"((before left-start right-start or-more (by (quantity 3 'days')) a b))");
  CHECK(expression(R"(a ends 3 days or less after end b)") ==
        R"((after left-end right-end or-less (by (quantity 3 'days')) a b))");
  CHECK(expression(R"(a starts within 3 days of start b)") ==
        R"((within left-start right-start (by (quantity 3 'days')) a b))");
  CHECK(expression(R"(a properly within 3 days of b)") == R"((within properly (by (quantity 3 'days')) a b))");
  CHECK(expression(R"(a starts less than 5 days after end of b)") ==
        R"((after left-start less-than (by (quantity 5 'days')) a (end of b)))");
  CHECK(expression(R"(a more than 3 days before b)") == R"((before more-than (by (quantity 3 'days')) a b))");
  CHECK(expression(R"(a same day or after b)") == R"((same-or-after day a b))");
  CHECK(expression(R"(a same day as start b)") == R"((same-as right-start day a b))");
  CHECK(expression(R"(a same as b)") == R"((same-as a b))");
  CHECK(expression(R"(a starts same hour or before end b)") == R"((same-or-before left-start right-end hour a b))");
  CHECK(expression(R"(a included in day of b)") == R"((included-in day a b))");
  CHECK(expression(R"(a properly included in b)") == R"((included-in properly a b))");
  CHECK(expression(R"(a ends included in b)") == R"((included-in left-end a b))");
  CHECK(expression(R"(a during b)") == R"((during a b))");
  CHECK(expression(R"(a starts properly during day of b)") == R"((during left-start properly day a b))");
  CHECK(expression(R"(a starts during b)") == R"((during left-start a b))");
  CHECK(expression(R"(a occurs during b)") == R"((during left-occurs a b))");
  CHECK(expression(R"(a includes b)") == R"((includes a b))");
  CHECK(expression(R"(a properly includes day of start b)") == R"((includes right-start properly day a b))");
  CHECK(expression(R"(a includes end b)") == R"((includes right-end a b))");
  CHECK(expression(R"(a meets before b)") == R"((meets-before a b))");
  CHECK(expression(R"(a meets b)") == R"((meets a b))");
  CHECK(expression(R"(a overlaps after day of b)") == R"((overlaps-after day a b))");
  CHECK(expression(R"(a overlaps b)") == R"((overlaps a b))");
  CHECK(expression(R"(a starts b)") == R"((starts a b))");
  CHECK(expression(R"(a ends day of b)") == R"((ends day a b))");
  CHECK(expression(R"(a before b)") == R"((before a b))");
  CHECK(expression(R"(a after month of b)") == R"((after month a b))");
  CHECK(expression(R"(a before or on month of b)") == R"((before on month a b))");
  CHECK(expression(R"(a after or on b)") == R"((after on a b))");
  CHECK(expression(R"(a on or before day of b)") == R"((before on day a b))");
  CHECK(expression(R"(a starts on or after end b)") == R"((after left-start right-end on a b))");
  CHECK(expression(R"(a 3 days or less after b)") == R"((after or-less (by (quantity 3 'days')) a b))");
  CHECK(expression(R"(a occurs 3 days before b)") == R"((before left-occurs exactly (by (quantity 3 'days')) a b))");
  CHECK(expression(R"(a 3 'mg' before b)") == R"((before exactly (by (quantity 3 'mg')) a b))");
  CHECK(expression(R"(a starts 1 year or less on or before day of b)") ==
        R"((before left-start on day or-less (by (quantity 1 'year')) a b))");
  CHECK(expression(R"(a before start b)") == R"((before right-start a b))");
  CHECK(expression(R"(a before start of b)") == R"((before a (start of b)))");
  CHECK(expression(R"(a before end of start of b)") == R"((before a (end of (start of b))))");
}

TEST_CASE("Membership with precision") {
  CHECK(expression(R"(x contains day of y)") == R"((contains day x y))");
  CHECK(expression(R"(x in month of y)") == R"((in month x y))");
  CHECK(expression(R"(x in year from y)") == R"((in x (from year y)))");
  CHECK(expression(R"(x in { 1, 2 })") == R"((in x (list 1 2)))");
  CHECK(expression(R"(x contains y)") == R"((contains x y))");
}

TEST_CASE("Extractors") {
  CHECK(expression(R"(date from x)") == R"((date from x))");
  CHECK(expression(R"(time from x)") == R"((time from x))");
  CHECK(expression(R"(timezoneoffset from x)") == R"((timezoneoffset from x))");
  CHECK(expression(R"(timezone from x)") == R"((timezone from x))");
  CHECK(expression(R"(year from x.y)") == R"((from year (. x y)))");
  CHECK(expression(R"(millisecond from x)") == R"((from millisecond x))");
  CHECK(expression(R"(singleton from (x))") == R"((singleton from x))");
  CHECK(expression(R"(point from x)") == R"((point from x))");
  CHECK(expression(R"(width of x)") == R"((width of x))");
  CHECK(expression(R"(predecessor of successor of 5)") == R"((predecessor of (successor of 5)))");
  CHECK(expression(R"(end of x)") == R"((end of x))");
}

TEST_CASE("Selectors and calls") {
  CHECK(expression(R"(x.y.z)") == R"((. (. x y) z))");
  CHECK(expression(R"(f())") == R"((call f))");
  CHECK(expression(R"(f(a, b))") == R"((call f a b))");
  CHECK(expression(R"(x.f(a).g)") == R"((. (call (on x) f a) g))");
  CHECK(expression(R"(Lib."My function"(1))") == R"((call (on Lib) "My function" 1))");
  CHECK(expression(R"(y[0].z[1])") == R"((index (. (index y 0) z) 1))");
  CHECK(expression(R"((a).b)") == R"((. a b))");
  CHECK(expression(R"(x.where(y > 1).select($this))") == R"((call (on (call (on x) where (> y 1))) select $this))");
  CHECK(expression(R"($index + $total)") == R"((+ $index $total))");
  CHECK(expression(R"(%context)") == R"(%context)");
  CHECK(expression(R"(iif(a, b, c))") == R"((call iif a b c))");
  CHECK(expression(R"('a'.length())") == R"((call (on 'a') length))");
}

TEST_CASE("Choice") {
  CHECK(expression(R"(if a then b else c)") == R"((if a b c))");
  CHECK(expression(R"(case when a then b when c then d else e end)") == R"((case (when a b) (when c d) (else e)))");
  CHECK(expression(R"(case x when 1 then 2 else 3 end + 1)") == R"((+ (case x (when 1 2) (else 3)) 1))");
  CHECK(expression(R"(case when a then case when b then 1 else 2 end else end of x end)") ==
        R"((case (when a (case (when b 1) (else 2))) (else (end of x))))");
}

TEST_CASE("Intervals, lists, tuples, instances") {
  CHECK(expression(R"(Interval[1, 2))") == R"((interval [ 1 2 )))");
  CHECK(expression(R"(Interval(start of x, null])") == R"((interval ( (start of x) null ]))");
  CHECK(expression(R"({ })") == R"((list))");
  CHECK(expression(R"({ 1, 'a', null })") == R"((list 1 'a' null))");
  CHECK(expression(R"(List { 1 })") == R"((list 1))");
  CHECK(expression(R"(List<Integer> { 1, 2 })") == R"((list <Integer> 1 2))");
  CHECK(expression(R"({:})") == R"((tuple))");
  CHECK(expression(R"(Tuple { a: 1, "b c": 2 })") == R"((tuple (a: 1) ("b c": 2)))");
  CHECK(expression(R"({ a: 1 })") == R"((tuple (a: 1)))");
  CHECK(expression(R"({ start: 1, end: @2012 })") == R"((tuple (start: 1) (end: @2012)))");
  CHECK(expression(R"({ code: 1, display: 2, version: 3 })") == R"((tuple (code: 1) (display: 2) (version: 3)))");
  CHECK(expression(R"(FHIR.Quantity { value: 1.0, unit: 'mg' })") ==
        R"((instance FHIR.Quantity (value: 1.0) (unit: 'mg')))");
  CHECK(expression(R"(Quantity { value: 1.0 }.value)") == R"((. (instance Quantity (value: 1.0)) value))");
  CHECK(expression(R"(Code { code: '1' })") == R"((instance Code (code: '1')))");
  CHECK(expression(R"(Concept { codes: x })") == R"((instance Concept (codes: x)))");
}

TEST_CASE("Codes and concepts") {
  CHECK(expression(R"(Code '123' from "LOINC" display 'x')") == R"((code '123' "LOINC" (display 'x')))");
  CHECK(expression(R"(Code '1' from Common.LOINC)") == R"((code '1' Common.LOINC))");
  CHECK(expression(R"(Concept { Code '1' from a, Code '2' from b.c } display 'y')") ==
        R"((concept (code '1' a) (code '2' b.c) (display 'y')))");
  CHECK(expression(R"(RxNorm '855332')") == R"((code sugar '855332' RxNorm))");
  CHECK(expression(R"(Common."RxNorm" '855332')") == R"((code sugar '855332' Common."RxNorm"))");
  CHECK(expression(R"(x ~ RxNorm '1')") == R"((~ x (code sugar '1' RxNorm)))");
}

TEST_CASE("Retrieves") {
  CHECK(expression(R"([Condition])") == R"((retrieve Condition))");
  CHECK(expression(R"([FHIR.Condition])") == R"((retrieve FHIR.Condition))");
  CHECK(expression(R"([Observation: "X"])") == R"((retrieve Observation "X"))");
  CHECK(expression(R"([Observation: code in "X"])") == R"((retrieve Observation code in "X"))");
  CHECK(expression(R"(["Observation": category ~ C."x"])") == R"((retrieve "Observation" category ~ (. C "x")))");
  CHECK(expression(R"([Observation: a.b = { c, d }])") == R"((retrieve Observation a.b = (list c d)))");
  CHECK(expression(R"([Observation: X.y])") == R"((retrieve Observation (. X y)))");
  CHECK(expression(R"([Patient -> Observation: code in "X"])") ==
        R"((retrieve (context Patient) Observation code in "X"))");
  CHECK(expression(R"([Observation: x[0].y in z])") == R"((retrieve Observation x.[0].y in z))");
}

TEST_CASE("Queries") {
  CHECK(expression(R"([A] a)") == R"((query (a (retrieve A))))");
  CHECK(expression(R"([A] a where a.x)") == R"((query (a (retrieve A)) (where (. a x))))");
  CHECK(expression(R"((x) y return y.z)") == R"((query (y x) (return (. y z))))");
  CHECK(expression(R"(x y return all y)") == R"((query (y x) (return all y)))");
  CHECK(expression(R"(x y return distinct y.z)") == R"((query (y x) (return distinct (. y z))))");
  CHECK(expression(R"(x l sort desc)") == R"((query (l x) (sort desc)))");
  CHECK(expression(R"(x l sort ascending)") == R"((query (l x) (sort)))");
  CHECK(expression(R"(x l sort by a desc, b.c asc, d)") == R"((query (l x) (sort desc a) (sort (. b c)) (sort d)))");
  CHECK(expression(R"(x l sort by $this)") == R"((query (l x) (sort $this)))");
  CHECK(expression(R"(x l sort by start of y)") == R"((query (l x) (sort (start of y))))");
  CHECK(expression(R"(x l let a: 1, b: 2 where a = b return l)") ==
        R"((query (l x) (let a 1) (let b 2) (where (= a b)) (return l)))");
  CHECK(
      expression(R"([A] a with [B] b such that a.x = b.y without [C] c such that c.z where a.w)") ==
      R"((query (a (retrieve A)) (with (b (retrieve B)) (= (. a x) (. b y))) (without (c (retrieve C)) (. c z)) (where (. a w))))");
  CHECK(expression(R"(from [A] a, [B] b where a.x = b.y return Tuple { x: a, y: b })") ==
        R"((from (a (retrieve A)) (b (retrieve B)) (where (= (. a x) (. b y))) (return (tuple (x: a) (y: b)))))");
  CHECK(expression(R"(from (x) y, f(z)[0] w return y)") == R"((from (y x) (w (index (call f z) 0)) (return y)))");
  CHECK(expression(R"({ from A a, B b, c })") == R"((list (from (a A) (b B)) c))");
  CHECK(expression(R"([A] a union [B] b)") == R"((union (query (a (retrieve A))) (query (b (retrieve B)))))");
  CHECK(expression(R"(exists [A] a where a.x = 1 and exists [B] b)") ==
        R"((exists (query (a (retrieve A)) (where (and (= (. a x) 1) (exists (query (b (retrieve B)))))))))");
  CHECK(expression(R"(exists ([A] a where a.x = 1) and b)") ==
        R"((and (exists (query (a (retrieve A)) (where (= (. a x) 1)))) b))");
  CHECK(expression(R"((x) l aggregate R starting 1: R * l)") == R"((query (l x) (aggregate R (starting 1) (* R l))))");
  CHECK(expression(R"(x l aggregate all R starting (1 + 2): R + l)") ==
        R"((query (l x) (aggregate all R (starting (+ 1 2)) (+ R l))))");
  CHECK(expression(R"(from A a, B b aggregate distinct R: R + a + b)") ==
        R"((from (a A) (b B) (aggregate distinct R (+ R a b))))");
  CHECK(expression(R"(x l aggregate R starting -1: R)") == R"((query (l x) (aggregate R (starting (- 1)) R)))");
  CHECK(expression(R"(First([A] a sort by x, y))") == R"((call First (query (a (retrieve A)) (sort x) (sort y))))");
  CHECK(expression(R"(x y where y in (z a return a.b))") ==
        R"((query (y x) (where (in y (query (a z) (return (. a b)))))))");
}

TEST_CASE("Names that are keywords elsewhere") {
  CHECK(expression(R"(code = 'x' and display = 'y')") == R"((and (= code 'x') (= display 'y')))");
  CHECK(expression(R"(x.end.start)") == R"((. (. x end) start))");
  CHECK(expression(R"(x.code.where)") == R"((. (. x code) where))");
  CHECK(expression(R"(context)") == R"(context)");
  CHECK(expression(R"(version + default)") == R"((+ version default))");
  CHECK(expression(R"(date(x))") == R"((call date x))");
  CHECK(expression(R"(library.name)") == R"((. library name))");
  CHECK(expression(R"({ end: 1 }.end)") == R"((. (tuple (end: 1)) end))");
}
