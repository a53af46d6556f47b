// SPDX-License-Identifier: Apache-2.0
// How the words of VigilLexer make sentences: HL7 CQL 1.5 with `rule`, `test` and `table`.
//
// Written for speed of ANTLR's prediction and for good messages:
//  - The parser reads one declaration at a time; a mistake in one does not reach the next.
//  - An expression is a flat row of operands and operators. Which operator binds how is the table in
//    engine/src/parser/operator_binding.h, so that a chain of thousands is one loop and a parenthesis costs three rules.
//  - Words are already told apart (word_roles.cpp): an IDENTIFIER is a name, a keyword token is a keyword.
//  - An open end (a query, `if`, `distinct`) takes all that follows, as CQL says.
parser grammar VigilParser;
options { tokenVocab = VigilLexer; }

// The whole text, for tools; the engine enters at the rules below, a declaration, clause or hole of a text at a time.
library : declaration* EOF ;

oneDeclaration : declaration EOF ;
oneRuleClause : ruleClause EOF ;
oneTestPart : testPart EOF ;
oneExpression : expression EOF ;

// --- declarations ------------------------------------------------------------------------------------------------

declaration
  : libraryName
  | usingModel
  | includeLibrary
  | access? (codeSystem | valueSet | codeDefinition | conceptDefinition | parameterDefinition)
  | contextName
  | definition
  | rule_
  | test
  | table
  ;

libraryName : LIBRARY qualifiedName version? ;
usingModel : USING qualifiedName version? called? ;
includeLibrary : INCLUDE qualifiedName version? called? ;
called : CALLED IDENTIFIER ;
version : VERSION STRING ;
access : PUBLIC | PRIVATE ;

codeSystem : CODESYSTEM IDENTIFIER COLON STRING version? ;
valueSet : VALUESET IDENTIFIER COLON STRING version? (CODESYSTEMS LBRACE qualifiedName (COMMA qualifiedName)* RBRACE)? ;
codeDefinition : CODE IDENTIFIER COLON STRING FROM qualifiedName display? ;
conceptDefinition : CONCEPT IDENTIFIER COLON LBRACE qualifiedName (COMMA qualifiedName)* RBRACE display? ;
display : DISPLAY STRING ;
parameterDefinition : PARAMETER IDENTIFIER typeSpecifier? (DEFAULT expression)? ;
contextName : CONTEXT qualifiedName ;

definition : DEFINE access? (namedExpression | functionDefinition) ;
namedExpression : IDENTIFIER COLON expression ;
functionDefinition
  : FLUENT? FUNCTION IDENTIFIER LPAREN (typedName (COMMA typedName)*)? RPAREN (RETURNS typeSpecifier)?
    COLON (EXTERNAL | expression)
  ;

qualifiedName : IDENTIFIER (DOT IDENTIFIER)* ;

// --- types -------------------------------------------------------------------------------------------------------

typeSpecifier
  : qualifiedName
  | (LIST | INTERVAL) LT typeSpecifier GT
  | CHOICE LT typeSpecifier (COMMA typeSpecifier)* GT
  | TUPLE LBRACE typedName (COMMA typedName)* RBRACE
  ;

typedName : IDENTIFIER typeSpecifier ;

// --- expressions -------------------------------------------------------------------------------------------------

// A row of operands and operators, then perhaps a query over its last operand. A query, like `if` and `distinct`, takes all
// that follows: so its clauses stand at the row's end, and no operator can follow an expression.
expression : operand tail* querySuffix? ;

// What arithmetic makes, where `and` belongs to the phrase around it: `between 1 and 2`.
term : operand (op=(PLUS | MINUS | STAR | SLASH | CARET | AMPERSAND | DIV | MOD) operand)* ;

operand : prefix* (primary selector* | phrase) ;

prefix
  : NOT | EXISTS | DISTINCT | FLATTEN | EXPAND | COLLAPSE | FROM | PLUS | MINUS
  | (START | END | WIDTH | SUCCESSOR | PREDECESSOR) OF
  | (SINGLETON | POINT | COMPONENT | PRECISION) FROM
  | (DURATION | DIFFERENCE) IN PRECISIONS (OF | BETWEEN term AND)
  | PRECISIONS BETWEEN term AND
  | IF expression THEN expression ELSE
  ;

// An alias before the operator makes the operand before it a query without clauses: `[A] X union [B] Y`.
tail
  : alias=IDENTIFIER? op=(PLUS | MINUS | STAR | SLASH | CARET | AMPERSAND | DIV | MOD | EQ | NE | EQUIVALENT | NOT_EQUIVALENT
    | LT | LE | GT | GE | AND | OR | XOR | IMPLIES | UNION | PIPE | INTERSECT | EXCEPT) right=operand
  | alias=IDENTIFIER? op=(IN | CONTAINS) (precision=PRECISION OF)? right=operand
  | alias=IDENTIFIER? time=timing right=operand
  | PROPERLY? op=BETWEEN low=term AND right=operand
  | op=IS (NOT? value=(NIL | TRUE | FALSE) | type=typeSpecifier)
  | op=AS type=typeSpecifier
  | op=PER (step=(PRECISION | PRECISIONS) | right=operand)
  ;

// `starts 3 days or more before start`, `same day or after`, `properly during`, `overlaps after month of`.
timing
  : left=(STARTS | ENDS | OCCURS)? SAME PRECISION? (AS | OR relation=(BEFORE | AFTER)) right=(START | END)?
  | PROPERLY? INCLUDES (PRECISION OF)? right=(START | END)?
  | left=(STARTS | ENDS | OCCURS)? PROPERLY? (DURING | INCLUDED IN) (PRECISION OF)?
  | left=(STARTS | ENDS | OCCURS)? offset? (ON OR relation=(BEFORE | AFTER) | relation=(BEFORE | AFTER) (OR ON)?)
    (PRECISION OF)? right=(START | END)?
  | left=(STARTS | ENDS | OCCURS)? PROPERLY? WITHIN quantity OF right=(START | END)?
  | (MEETS | OVERLAPS) relation=(BEFORE | AFTER)? (PRECISION OF)?
  | (STARTS | ENDS) (PRECISION OF)?
  ;
offset : (MORE | LESS) THAN quantity | quantity (OR (MORE | LESS))? ;

primary
  : reference
  | literal
  | LPAREN expression RPAREN
  | retrieve
  | listOrTuple
  | intervalSelector
  | codeSelector
  | conceptSelector
  | caseOf
  | ITERATION
  | EXTERNAL_CONSTANT
  ;

// What takes no selector after it: it ends in a type.
phrase
  : CAST term AS typeSpecifier
  | CONVERT expression TO (typeSpecifier | unit)
  | (MINIMUM | MAXIMUM) qualifiedName
  ;

selector
  : DOT reference
  | LBRACKET expression RBRACKET
  ;

// A name; a call; `RxNorm '855332'`, a code; `MedicationRequest { status: 'active' }`, an instance.
reference : name=IDENTIFIER (call=arguments | code=STRING | instance=fields)? ;
arguments : LPAREN (expression (COMMA expression)*)? RPAREN ;
fields : LBRACE (COLON | namedValue (COMMA namedValue)*) RBRACE ;
namedValue : IDENTIFIER COLON expression ;

literal
  : NIL | TRUE | FALSE | STRING | LONG | DATE | DATETIME | TIME
  | quantity (COLON quantity)?
  ;
quantity : NUMBER unit? ;
unit : STRING | PRECISION | PRECISIONS ;

listOrTuple
  : LBRACE RBRACE
  | LBRACE expression (COMMA expression)* RBRACE
  | TUPLE? fields
  | LIST (LT typeSpecifier GT)? LBRACE (expression (COMMA expression)*)? RBRACE
  ;
intervalSelector : INTERVAL (LBRACKET | LPAREN) expression COMMA expression (RBRACKET | RPAREN) ;
codeSelector : CODE_SELECTOR STRING FROM qualifiedName display? ;
conceptSelector : CONCEPT_SELECTOR LBRACE codeSelector (COMMA codeSelector)* RBRACE display? ;

caseOf : CASE comparand=expression? caseItem+ ELSE otherwise=expression END ;
caseItem : WHEN expression THEN expression ;

// --- retrieves and queries ---------------------------------------------------------------------------------------

retrieve
  : LBRACKET (context=qualifiedName ARROW)? type=qualifiedName
    (COLON (codePath (IN | EQ | EQUIVALENT))? expression)? RBRACKET
  ;
codePath : IDENTIFIER (DOT IDENTIFIER | LBRACKET (NUMBER | STRING) RBRACKET)* ;

aliasedSource : source IDENTIFIER ;
source : primary selector* ;

// Behind the last operand, its source. Further sources follow only `from`; word_roles tells their commas apart.
querySuffix
  : IDENTIFIER (SOURCE_COMMA aliasedSource)* (LET letItem (COMMA letItem)*)? inclusion* (WHERE expression)?
    (aggregateClause | returnClause)? sortClause?
  ;
letItem : IDENTIFIER COLON expression ;
inclusion : (WITH | WITHOUT) aliasedSource SUCH THAT expression ;
returnClause : RETURN (ALL | DISTINCT)? expression ;
aggregateClause : AGGREGATE (ALL | DISTINCT)? IDENTIFIER (STARTING startingValue)? COLON expression ;
startingValue : (PLUS | MINUS)? (NIL | TRUE | FALSE | STRING | LONG | DATE | DATETIME | TIME | quantity) | LPAREN expression RPAREN ;
sortClause : SORT ((ASCENDING | DESCENDING) | BY sortItem (COMMA sortItem)*) ;
sortItem : term (ASCENDING | DESCENDING)? ;

// --- rules -------------------------------------------------------------------------------------------------------

rule_ : RULE IDENTIFIER ruleClause* ;

// In any order. A STRING in `alert`, `detail`, `because`, `note`, before a colon and behind `with` is a text with {holes}.
ruleClause
  : CATEGORY STRING
  | ON_HOOK STRING (COMMA STRING)*
  | FOR ruleSource (COMMA ruleSource)*
  | RULE_LET letItem (COMMA letItem)*
  | WHEN expression
  | UNLESS expression because?
  | TIER expression (WHEN expression)? because?
  | SEVERITY expression
  | ONCE PER expression
  | ONE ALERT PER LPAREN expression (COMMA expression)* RPAREN
  | (ALERT | DETAIL) textVariant
  | suggestion
  | OVERRIDE expression (COMMA expression)*
  | LINK STRING COLON STRING
  | LAUNCH IDENTIFIER? STRING COLON STRING (WITH STRING)?
  | CITE expression
  | ifUnknown
  | EVIDENCE evidenceItem*
  | activePeriod
  | SHADOW
  ;
ruleSource : (ORDERED | CURRENT)? aliasedSource ;
because : BECAUSE STRING ;
textVariant : STRING (FOR audience=STRING)? (IN language=STRING)? ;
suggestion : (SUGGEST | RECOMMEND | PERFORM) STRING COLON suggestedAction (COMMA suggestedAction)* ;
suggestedAction : IDENTIFIER operand (WITH fields)? ;
ifUnknown : IF UNKNOWN IDENTIFIER STRING? ;
evidenceItem : (IDENTIFIER | CITE | VERSION) evidenceValue ;
evidenceValue : STRING | DATE | DATETIME | LBRACE STRING (COMMA STRING)* RBRACE ;
activePeriod : ACTIVE (FROM term)? (TO term)? ;

// --- tests -------------------------------------------------------------------------------------------------------

test : TEST IDENTIFIER testPart* ;
testPart
  : GIVEN given (AND given)*
  | AT term
  | WHEN STRING (WITH operand (AND operand)*)?
  | EXPECT expectation
  ;
given
  : PATIENT (patientFact (COMMA patientFact)*)?
  | qualifiedName NOT OBTAINED
  | operand
  ;
patientFact : IDENTIFIER term ;
expectation
  : DEFINE IDENTIFIER EQ expression
  | IDENTIFIER outcome? because? (SAYING STRING)?
  ;
outcome : IDENTIFIER (MINUS IDENTIFIER)? | NOT MINUS IDENTIFIER ;

// --- tables ------------------------------------------------------------------------------------------------------

table : TABLE IDENTIFIER LBRACE typedName (COMMA typedName)* RBRACE
        (SYMMETRIC LPAREN IDENTIFIER (COMMA IDENTIFIER)* RPAREN)? ;
