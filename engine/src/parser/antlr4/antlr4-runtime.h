// SPDX-License-Identifier: Apache-2.0
// Stands before the runtime's own antlr4-runtime.h, which ANTLR's generated files include: only the headers they and
// the parser need. The own one holds misc/InterpreterDataReader.h, which clang refuses, and so clang-tidy and libFuzzer
// too.
#pragma once

#include <antlr4-common.h>

#include <CommonToken.h>
#include <DefaultErrorStrategy.h>
#include <FailedPredicateException.h>
#include <Lexer.h>
#include <NoViableAltException.h>
#include <Parser.h>
#include <ParserRuleContext.h>
#include <TokenStream.h>
#include <Vocabulary.h>
#include <atn/ATNDeserializer.h>
#include <atn/LexerATNSimulator.h>
#include <atn/ParserATNSimulator.h>
#include <atn/PredictionMode.h>
#include <dfa/DFA.h>
#include <misc/IntervalSet.h>
#include <support/Any.h>
#include <tree/TerminalNode.h>
