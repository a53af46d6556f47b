// SPDX-License-Identifier: Apache-2.0
// The words and signs of Vigil's rule language: HL7 CQL 1.5 with `rule`, `test` and `table`.
//
// Every text is a sequence of these tokens: the last rules catch what is wrong, so that the lexer never fails and each
// mistake is reported at its place. Words stand for themselves here; which of them are names and which are keywords in a
// given place is decided after the lexer by engine/src/parser/word_roles.cpp, so that the parser meets no ambiguous word.
lexer grammar VigilLexer;

// Contextual keywords. The lexer makes each an IDENTIFIER; word_roles gives it its type where its neighbours say so.
tokens {
  // of CQL's phrases: `included in`, `such that`, `on or before`, `3 days or more before`, `less than 3 days before`
  INCLUDED, SUCH, THAT, ON, MORE, LESS, THAN,
  // the comma between the sources of `from`
  SOURCE_COMMA,
  // of rules
  RULE, CATEGORY, ON_HOOK, FOR, ORDERED, CURRENT, RULE_LET, UNLESS, BECAUSE, TIER, SEVERITY, ONCE, ONE, ALERT, DETAIL,
  SUGGEST, RECOMMEND, PERFORM, OVERRIDE, LINK, LAUNCH, CITE, UNKNOWN, EVIDENCE, ACTIVE, SHADOW,
  // of tests
  TEST, GIVEN, PATIENT, OBTAINED, AT, EXPECT, SAYING,
  // of tables
  TABLE, SYMMETRIC
}

// --- declarations
LIBRARY : 'library' ;
USING : 'using' ;
INCLUDE : 'include' ;
CALLED : 'called' ;
VERSION : 'version' ;
PUBLIC : 'public' ;
PRIVATE : 'private' ;
CODESYSTEM : 'codesystem' ;
CODESYSTEMS : 'codesystems' ;
VALUESET : 'valueset' ;
CODE : 'code' ;
CONCEPT : 'concept' ;
DISPLAY : 'display' ;
PARAMETER : 'parameter' ;
DEFAULT : 'default' ;
CONTEXT : 'context' ;
DEFINE : 'define' ;
FUNCTION : 'function' ;
FLUENT : 'fluent' ;
RETURNS : 'returns' ;
EXTERNAL : 'external' ;

// --- queries
FROM : 'from' ;
LET : 'let' ;
WITH : 'with' ;
WITHOUT : 'without' ;
WHERE : 'where' ;
RETURN : 'return' ;
ALL : 'all' ;
DISTINCT : 'distinct' ;
AGGREGATE : 'aggregate' ;
STARTING : 'starting' ;
SORT : 'sort' ;
BY : 'by' ;
ASCENDING : 'asc' | 'ascending' ;
DESCENDING : 'desc' | 'descending' ;

// --- logic, choice, types
AND : 'and' ;
OR : 'or' ;
XOR : 'xor' ;
IMPLIES : 'implies' ;
NOT : 'not' ;
EXISTS : 'exists' ;
IF : 'if' ;
THEN : 'then' ;
ELSE : 'else' ;
CASE : 'case' ;
WHEN : 'when' ;
END : 'end' ;
IS : 'is' ;
AS : 'as' ;
CAST : 'cast' ;
CONVERT : 'convert' ;
TO : 'to' ;
MINIMUM : 'minimum' ;
MAXIMUM : 'maximum' ;
NIL : 'null' ;
TRUE : 'true' ;
FALSE : 'false' ;

// --- types and selectors
INTERVAL : 'Interval' ;
LIST : 'List' ;
TUPLE : 'Tuple' ;
CHOICE : 'Choice' ;
CODE_SELECTOR : 'Code' ;
CONCEPT_SELECTOR : 'Concept' ;

// --- lists, intervals, time
IN : 'in' ;
CONTAINS : 'contains' ;
BETWEEN : 'between' ;
PROPERLY : 'properly' ;
INCLUDES : 'includes' ;
DURING : 'during' ;
WITHIN : 'within' ;
SAME : 'same' ;
BEFORE : 'before' ;
AFTER : 'after' ;
MEETS : 'meets' ;
OVERLAPS : 'overlaps' ;
STARTS : 'starts' ;
ENDS : 'ends' ;
OCCURS : 'occurs' ;
START : 'start' ;
WIDTH : 'width' ;
SUCCESSOR : 'successor' ;
PREDECESSOR : 'predecessor' ;
OF : 'of' ;
SINGLETON : 'singleton' ;
POINT : 'point' ;
DURATION : 'duration' ;
DIFFERENCE : 'difference' ;
UNION : 'union' ;
INTERSECT : 'intersect' ;
EXCEPT : 'except' ;
FLATTEN : 'flatten' ;
EXPAND : 'expand' ;
COLLAPSE : 'collapse' ;
PER : 'per' ;
DIV : 'div' ;
MOD : 'mod' ;
PRECISION : 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second' | 'millisecond' ;
PRECISIONS : 'years' | 'months' | 'weeks' | 'days' | 'hours' | 'minutes' | 'seconds' | 'milliseconds' ;
COMPONENT : 'date' | 'time' | 'timezone' | 'timezoneoffset' ;

// --- signs
LPAREN : '(' ;
RPAREN : ')' ;
LBRACKET : '[' ;
RBRACKET : ']' ;
LBRACE : '{' ;
RBRACE : '}' ;
COMMA : ',' ;
COLON : ':' ;
DOT : '.' ;
ARROW : '->' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
CARET : '^' ;
AMPERSAND : '&' ;
PIPE : '|' ;
EQ : '=' ;
NE : '!=' ;
EQUIVALENT : '~' ;
NOT_EQUIVALENT : '!~' ;
LT : '<' ;
LE : '<=' ;
GT : '>' ;
GE : '>=' ;

// --- names
ITERATION : '$this' | '$index' | '$total' ;
EXTERNAL_CONSTANT : '%' (PLAIN | DOUBLE_QUOTED | BACK_QUOTED | SINGLE_QUOTED) ;
// Plain, "quoted" or `quoted`: the first character tells.
IDENTIFIER : PLAIN | DOUBLE_QUOTED | BACK_QUOTED ;

// --- literals
STRING : SINGLE_QUOTED ;
NUMBER : DIGIT+ ('.' DIGIT+)? ;
LONG : DIGIT+ 'L' ;
DATE : '@' CALENDAR ;
DATETIME : '@' CALENDAR 'T' (CLOCK ZONE?)? ;
TIME : '@T' CLOCK ;

// --- not seen by the parser
WHITESPACE : [ \t\r\n\u00A0\uFEFF]+ -> skip ;
COMMENT : '/*' ( ~'*' | '*'+ ~[*/] )* '*'+ '/' -> channel(HIDDEN) ;
LINE_COMMENT : '//' ~[\r\n]* -> channel(HIDDEN) ;

// --- mistakes
UNCLOSED_STRING : '\'' (ESCAPED | ~['\\])* '\\'? ;
UNCLOSED_IDENTIFIER : ('"' (ESCAPED | ~["\\])* | '`' (ESCAPED | ~[`\\])*) '\\'? ;
UNCLOSED_COMMENT : '/*' ( ~'*' | '*'+ ~[*/] )* '*'* ;
UNKNOWN_CHARACTER : . ;

fragment PLAIN : [A-Za-z_] [A-Za-z0-9_]* ;
fragment SINGLE_QUOTED : '\'' (ESCAPED | ~['\\])* '\'' ;
fragment DOUBLE_QUOTED : '"' (ESCAPED | ~["\\])* '"' ;
fragment BACK_QUOTED : '`' (ESCAPED | ~[`\\])* '`' ;
fragment ESCAPED : '\\' . ;
fragment DIGIT : [0-9] ;
fragment CALENDAR : DIGIT DIGIT DIGIT DIGIT ('-' DIGIT DIGIT ('-' DIGIT DIGIT)?)? ;
fragment CLOCK : DIGIT DIGIT (':' DIGIT DIGIT (':' DIGIT DIGIT ('.' DIGIT+)?)?)? ;
fragment ZONE : 'Z' | [+-] DIGIT DIGIT ':' DIGIT DIGIT ;
