// SPDX-License-Identifier: Apache-2.0
// What evaluating a rulebook for one patient and trigger gives: an outcome for each rule, with its reasons.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <vigil/diagnostic.h>

namespace vigil {

/// Five outcomes. kUnknown: data that is missing, incomplete or not recognised could change the result.
enum class RuleOutcome : uint8_t { kNotMet, kFired, kSuppressed, kUnknown, kError };
std::string_view name(RuleOutcome outcome);

/// How an alert meets its reader, from least to most.
enum class Tier : uint8_t { kSilent, kPassive, kInterruptive, kHardStop };
std::string_view name(Tier tier);

/// Why a clause has its value: a tree along the rule's text.
struct Explanation {
  std::string text;   ///< the source text of the expression, or of a definition's name
  std::string value;  ///< its value in CQL notation, shortened
  bool undetermined = false;
  Span span;
  std::vector<std::string> facts;  ///< "MedicationRequest/123" and the like behind a retrieve
  std::vector<Explanation> children;
};

/// A datum that would decide: "MedicationRequest/7: status is missing", "Observation "eGFR": none in the record".
struct MissingDatum {
  std::string what;
  std::string reference;  ///< "MedicationRequest/7", or empty where nothing was found at all
  Span span;              ///< the expression that asked for it
};

/// How many data are named of one rule at the most: a list as long as that may leave out others.
inline constexpr size_t kMaxMissingData = 20;

/// What is done to one resource.
struct SuggestedAction {
  enum class Kind : uint8_t { kCreate, kUpdate, kDelete };
  Kind kind = Kind::kDelete;
  std::string resource;       ///< "MedicationRequest/7" to delete or update
  std::string resource_json;  ///< for create: the resource; for update: the changed elements, as FHIR JSON
};

/// A suggestion of an alert; its actions are carried out together.
struct Suggestion {
  /// kPerformed: to be done without asking, where the client has agreed to that; elsewhere it is one to choose.
  enum class Kind : uint8_t { kOffered, kRecommended, kPerformed };
  Kind kind = Kind::kOffered;
  std::string label;
  std::vector<SuggestedAction> actions;
};

/// A reason a reader may give for going on in spite of an alert.
struct OverrideReason {
  std::string text;
  std::string system;  ///< empty: no code
  std::string code;
};

/// A page or an app that an alert leads to.
struct LinkOut {
  std::string label;
  std::string url;
  bool launches_app = false;  ///< a SMART app, rather than a page
  bool is_automatic = false;  ///< the app may be started without asking
  std::string app_context;    ///< what the app gets; may be empty
};

/// A text for an audience (patient, clinician) or language; the first has neither.
struct TextVariant {
  std::string text;
  std::string audience;
  std::string language;
  /// Of an alert's text over 139 code points: the same with the names of its data cut short ("Ibuprofen 400 mg ..."),
  /// as far as that makes it fit; so what was found is still said where there is one line. Else empty.
  std::string brief = {};
};

/// One row of a rule that is true: one clinical problem.
struct Finding {
  Tier tier = Tier::kInterruptive;
  std::string tier_reason;         ///< `because` of the tier that applied
  bool tier_undetermined = false;  ///< a tier's condition was unknown; the higher one was kept
  std::string severity;
  bool suppressed = false;
  std::string suppression_reason;      ///< `because` of the `unless` that was true
  std::vector<TextVariant> summaries;  ///< the first is the default
  std::vector<TextVariant> details;
  std::vector<Suggestion> suggestions;
  std::vector<OverrideReason> overrides;
  std::vector<LinkOut> links;
  std::vector<std::string> cites;
  std::vector<std::string> orders;       ///< "MedicationRequest/7": the orders under review in this row
  std::vector<std::string> facts;        ///< all resources of the row
  std::string key;                       ///< findings with one key are one clinical problem
  std::vector<Explanation> explanation;  ///< a clause each, when asked for
};

/// How near a rule that is not met came: the one comparison of numbers or quantities that, had it been true, would have
/// met it. Of several rows, the nearest by its share of the limit.
struct NearestMiss {
  std::string comparison;  ///< its source text
  double distance = 0;     ///< between its sides, in `unit`; 0 where the limit itself is not enough
  double of_limit = 0;     ///< the same as a share of the limit
  std::string unit;        ///< of the limit; empty: plain numbers
  std::string row;         ///< "MedicationRequest/7": the first resource of the row; empty: it has none
};

/// What became of one rule.
struct RuleResult {
  uint32_t rule = 0;  ///< index in Rulebook::rules()
  RuleOutcome outcome = RuleOutcome::kNotMet;
  std::vector<Finding> findings;         ///< fired and suppressed ones
  uint32_t left_out = 0;                 ///< further findings beyond the limit of a rule, of no higher tier than those
  std::vector<MissingDatum> missing;     ///< of kUnknown, and of undetermined rows beside a fired one; kMaxMissingData
  std::string unknown_text;              ///< what `if unknown note` or `alert` says
  uint8_t unknown_action = 0;            ///< 0 log, 1 note, 2 alert
  std::optional<Diagnostic> error;       ///< of kError
  std::vector<Explanation> explanation;  ///< of rules without findings, when asked for
  std::optional<NearestMiss> miss;       ///< of kNotMet, when explanations are asked for and one comparison decided
};

/// All rules the trigger concerned, in rulebook order, and what could not be checked because of the data's source.
struct Outcome {
  std::vector<RuleResult> results;
  std::vector<std::string> not_checked;  ///< "AllergyIntolerance: not obtained", one a resource type; findings left out
};

/// What one finding says of a problem that several tell of.
struct AlertSource {
  uint32_t rule = 0;  ///< index in Rulebook::rules()
  Tier tier = Tier::kInterruptive;
  std::string severity;
  std::vector<std::string> cites;  ///< of the finding, else of its rule
};

/// Which of a text's variants is wanted; empty: the default.
struct TextChoice {
  std::string audience;  ///< "patient"
  std::string language;  ///< BCP 47: "de-AT" takes a text in "de-AT", else in "de"
};
/// The variant that fits best: of those that are for this audience or for none, and in this language or in none, one
/// for the audience first, then one in the language. Where none fits, the first; empty without any.
std::string choose_text(const std::vector<TextVariant>& texts, const TextChoice& choice);

/// One alert, ready to show. Ranked: the first matters most.
struct Alert {
  Tier tier = Tier::kInterruptive;
  std::string severity;
  std::string category;
  std::vector<uint32_t> rules;       ///< every rule that found this problem
  std::vector<AlertSource> sources;  ///< one a finding, the same once; the one that speaks is first
  std::string key;
  std::string summary;
  std::string detail;
  std::vector<TextVariant> summaries;
  std::vector<TextVariant> details;
  std::string tier_reason;
  std::vector<Suggestion> suggestions;
  std::vector<OverrideReason> overrides;
  std::vector<LinkOut> links;
  std::vector<std::string> cites;  ///< the finding's own, then those of its rule's evidence
  std::vector<std::string> orders;
  std::vector<std::string> facts;
  bool is_note = false;  ///< says what could not be checked; not a finding
  std::vector<Explanation> explanation;
};

/// A finding that is not shown, and why.
struct SilencedFinding {
  uint32_t rule = 0;
  std::string summary;
  std::string reason;
  std::vector<std::string> orders;
  bool is_repeat = false;  ///< by repeat control alone: it is true, and the user knows it
};

/// Whether the sources of an alert give it different tiers or severities.
bool sources_differ(const Alert& alert);

/// What raise() makes of an outcome.
struct Alerts {
  std::vector<Alert> alerts;
  std::vector<SilencedFinding> silenced;
};

}  // namespace vigil
