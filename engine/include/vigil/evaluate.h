// SPDX-License-Identifier: Apache-2.0
// Evaluates a rulebook for one patient: a pure function of its arguments, without clock, locale or global state.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <vigil/outcome.h>
#include <vigil/primitives.h>
#include <vigil/rulebook.h>

namespace vigil {

/// Names one resource of the snapshot.
struct ResourceReference {
  std::string type;
  std::string id;
};

/// What happened in the EHR.
struct Trigger {
  std::string hook;  ///< "order-sign"
  /// The orders under review, where they are not all drafts: the selections at order-select, or orders of the record
  /// taken as if placed anew. Empty: all drafts.
  std::vector<ResourceReference> orders;
  std::string user;       ///< who acts, named as in the history; empty: not known, then nothing rests
  std::string encounter;  ///< empty: not known; then nothing counts as of the same encounter
};

/// One alert shown before, with what the user did.
struct PastAlert {
  std::string rule;       ///< RuleInfo::name
  std::string key;        ///< Finding::key
  std::string user;       ///< as Trigger::user was
  std::string encounter;  ///< as Trigger::encounter was
  Instant shown = 0;
  bool acknowledged = false;
};

/// What repeat control knows. `readable` is false where the history could not be read: then nothing is silenced.
struct AlertHistory {
  std::vector<PastAlert> alerts;
  bool readable = true;
};

/// What an evaluation tells besides outcomes, and how much it may take.
struct EvaluateOptions {
  bool explain = false;  ///< fill in explanations of every result
  /// Say on which facts a result rests beside those its rule binds, what is missing, and what could not be checked.
  /// What only counts outcomes (a replay that writes no rows) does without: naming takes longer than deciding.
  bool name_facts = true;
  /// Of one rule or definition, VGL0904 and VGL0905; of all together four times as much. A rule of 20 nodes over 100
  /// facts takes some 10,000 steps.
  uint64_t max_steps = 50'000'000;
  size_t max_bytes = size_t{1} << 28;
  /// Whether the caller has no more time: then what is being evaluated, and all behind it, ends with VGL0915. Asked
  /// before each rule or definition and every some thousand steps, by the evaluating thread; the engine has no clock.
  std::function<bool()> stop;
};

/// A definition's value as text, or its error.
struct DefinitionResult {
  uint32_t definition = 0;  ///< index in Rulebook::definitions()
  std::string value;        ///< CQL notation
  std::string json;         ///< JSON
  bool is_true = false;
  bool undetermined = false;
  std::optional<Diagnostic> error;
};

/// Evaluates many snapshots one after another, reusing its memory: in steady state nothing is allocated but what the
/// outcome itself holds. One a thread; the rulebook must outlive it. A snapshot must be of a timeline with the
/// rulebook's read plan, else std::invalid_argument is thrown, and with its knowledge base, which is not checked. A
/// rule or definition that fails says so in its result; thrown besides is only what the standard library throws.
class Evaluator {
 public:
  explicit Evaluator(const Rulebook& rulebook, const EvaluateOptions& options = {});
  ~Evaluator();
  Evaluator(Evaluator&&) noexcept;

  /// The rules of the trigger's hook, whatever was shown before: the history counts where alerts are raised.
  Outcome evaluate(const Snapshot& snapshot, const Trigger& trigger, const AlertHistory& history, const Temporal& now);
  /// The same into an outcome made before, reusing its memory.
  void evaluate(const Snapshot& snapshot, const Trigger& trigger, const AlertHistory& history, const Temporal& now,
                Outcome& outcome);
  /// Says that all snapshots from here on, until the next call, are of one timeline to which nothing is added: then a
  /// definition is evaluated again only where facts it reads changed (of a retrieve by known codes, those that pass
  /// them), or where its time horizon passed (the day, if it asks for Today(); every instant, if it asks for Now() or
  /// for the orders under review). The results are the same, sooner. Call it for each patient of a replay; without it
  /// each evaluation starts anew.
  void follow_timeline();
  /// The definitions with these indexes; all of them where `which` is empty.
  std::vector<DefinitionResult> evaluate_definitions(const Snapshot& snapshot, const Temporal& now,
                                                     std::span<const uint32_t> which);
  /// Which of these Boolean definitions are true; the fastest way (benchmarks, measures). No text is made;
  /// one that fails is not true.
  void evaluate_booleans(const Snapshot& snapshot, const Temporal& now, std::span<const uint32_t> which,
                         std::vector<bool>& result);

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

/// The same in one call.
Outcome evaluate(const Rulebook& rulebook, const Snapshot& snapshot, const Trigger& trigger,
                 const AlertHistory& history, const Temporal& now, const EvaluateOptions& options = {});

/// Findings to alerts: suppressed ones set aside with their reason, one alert a clinical problem, repeats silenced as
/// the history allows, ranked by tier, category and order of rules. `texts` says which variants of texts speak.
Alerts raise(const Rulebook& rulebook, const Outcome& outcome, const Trigger& trigger, const AlertHistory& history,
             const Temporal& now, const TextChoice& texts = {});

/// The result of one `test` block.
struct TestResult {
  std::string library;
  std::string name;
  Span span;
  bool passed = false;
  std::vector<std::string> failures;     ///< "expected `X` to be interruptive, got not-met"
  std::vector<Explanation> explanation;  ///< of the rules that were expected
};
/// Runs the tests of the rulebook, in source order. `only`: those whose name contains it.
std::vector<TestResult> run_tests(const Rulebook& rulebook, const std::string& only = {});

}  // namespace vigil
