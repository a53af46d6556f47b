// SPDX-License-Identifier: Apache-2.0
// Expanding value sets as FHIR R4 defines compose: includes are united, what one include names is intersected, excludes
// are taken away.
#include "knowledge/expand_value_sets.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "knowledge/code_system_index.h"
#include "knowledge/text_file.h"

namespace vigil {

namespace {

using Members = std::vector<ConceptId>;  // sorted, each once

constexpr size_t kReferenceDepth = 100;  // value sets within value sets; bounds the recursion

Members sorted(Members members) {
  std::ranges::sort(members);
  members.erase(std::unique(members.begin(), members.end()), members.end());
  return members;
}

Members intersect(const Members& a, const Members& b) {
  Members both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

std::string ticked(std::string_view text) { return "`" + excerpt(text) + "`"; }

class Expander {
 public:
  Expander(const TerminologySources& sources, KnowledgeBaseBuilder& builder, DiagnosticSink& sink)
      : sources_(sources), builder_(builder), sink_(sink), code_systems_(sources.code_systems) {
    for (const auto& source : sources.value_sets) entries_.push_back({&source, State::kNew, {}, {}});
    for (Entry& entry : entries_) by_url_[entry.source->url].push_back(&entry);
  }

  void run() {
    code_systems_.add_parents(builder_);
    for (Entry& entry : entries_) {
      expand(entry);
      if (entry.state == State::kFailed) {
        sink_.add(data_diagnostic("VGL1102", entry.source->place, {entry.source->url, entry.problem}));
      } else {
        add(entry);
      }
    }
  }

 private:
  enum class State { kNew, kOpen, kDone, kFailed };
  struct Entry {
    const ValueSetSource* source;
    State state;
    Members members;
    std::string problem;
  };
  /// Members, or none and `why_` set.
  using Result = std::optional<Members>;

  void add(const Entry& entry) {
    DiagnosticSink own;  // the builder knows of no files
    builder_.add_value_set(entry.source->url, entry.source->version, entry.source->name, entry.members, own);
    for (Diagnostic& problem : own.take()) {
      problem.place = entry.source->place;
      sink_.add(std::move(problem));
    }
  }

  void expand(Entry& entry);
  Result clauses(const std::vector<ValueSetClause>& clauses);
  Result clause(const ValueSetClause& clause);
  Result system_part(const ValueSetClause& clause);
  Result filtered(const CodeSystemSource& code_system, const ValueSetFilter& filter);
  Result reference(std::string_view canonical);
  Entry* find(std::string_view canonical);
  Result fail(std::string why) {
    why_ = std::move(why);
    return std::nullopt;
  }

  const TerminologySources& sources_;
  KnowledgeBaseBuilder& builder_;
  DiagnosticSink& sink_;
  CodeSystemIndex code_systems_;
  std::vector<Entry> entries_;  ///< does not grow after construction
  std::unordered_map<std::string_view, std::vector<Entry*>> by_url_;
  std::vector<const Entry*> open_;  ///< from the one asked for to the one that is being expanded
  std::string why_;
};

void Expander::expand(Entry& entry) {
  if (entry.state != State::kNew) return;
  entry.state = State::kOpen;
  open_.push_back(&entry);
  const ValueSetSource& source = *entry.source;
  Result members;
  if (!source.problem.empty()) {
    members = fail(source.problem);
  } else if (source.expanded) {
    members = sorted(source.members);
  } else if (members = clauses(source.include); members) {
    if (const Result excluded = clauses(source.exclude)) {
      Members left;
      std::ranges::set_difference(*members, *excluded, std::back_inserter(left));
      members = std::move(left);
    } else {
      members.reset();
    }
  }
  open_.pop_back();
  entry.state = members ? State::kDone : State::kFailed;
  if (members) {
    entry.members = std::move(*members);
  } else {
    entry.problem = why_;
  }
}

Expander::Result Expander::clauses(const std::vector<ValueSetClause>& clauses) {
  Members all;
  for (const ValueSetClause& each : clauses) {
    const Result members = clause(each);
    if (!members) return std::nullopt;
    all.insert(all.end(), members->begin(), members->end());
  }
  return sorted(std::move(all));
}

Expander::Result Expander::clause(const ValueSetClause& clause) {
  Result result;
  if (!clause.system.empty()) {
    result = system_part(clause);
    if (!result) return result;
  }
  for (const std::string& canonical : clause.value_sets) {
    Result members = reference(canonical);
    if (!members) return members;
    result = result ? intersect(*result, *members) : std::move(*members);
  }
  return result;
}

Expander::Result Expander::system_part(const ValueSetClause& clause) {
  if (clause.lists_concepts) {
    if (!clause.filters.empty()) return fail("it lists concepts and filters them");
    return sorted(clause.concepts);
  }
  const CodeSystemSource* code_system = code_systems_.find(clause.system, clause.version);
  if (!code_system) {
    const std::string version = clause.version.empty() ? "" : " version " + ticked(clause.version);
    return fail("code system " + ticked(clause.system) + version + " is not loaded");
  }
  if (!code_system->complete) return fail("code system " + ticked(clause.system) + " is not loaded with all its codes");
  Members members = code_system->codes;
  for (const ValueSetFilter& filter : clause.filters) {
    Result chosen = filtered(*code_system, filter);
    if (!chosen) return chosen;
    members = intersect(members, *chosen);
  }
  return members;
}

Expander::Result Expander::filtered(const CodeSystemSource& code_system, const ValueSetFilter& filter) {
  const std::string shown = ticked(filter.property + " " + filter.op + " " + filter.value);
  const auto held = [&](ConceptId id) { return std::ranges::binary_search(code_system.codes, id); };
  const auto unknown = [&](std::string_view code) {
    return fail("filter " + shown + ": " + ticked(code) + " is no code of " + ticked(code_system.url));
  };
  const bool on_code = filter.property == "concept" || filter.property == "code";
  if (on_code && (filter.op == "=" || filter.op == "in")) {
    Members chosen;
    for (size_t begin = 0; begin <= filter.value.size();) {
      const size_t end =
          filter.op == "=" ? filter.value.size() : std::min(filter.value.find(',', begin), filter.value.size());
      const std::string code = filter.value.substr(begin, end - begin);
      const ConceptId id = builder_.intern(code_system.url, code);
      if (!held(id)) return unknown(code);
      chosen.push_back(id);
      begin = end + 1;
    }
    return sorted(std::move(chosen));
  }
  const bool is_a = filter.op == "is-a";
  if (!on_code || (!is_a && filter.op != "descendent-of")) return fail("filter " + shown + " is not supported");
  if (!code_system.subsumes) return fail("the hierarchy of " + ticked(code_system.url) + " is no is-a hierarchy");
  const ConceptId top = builder_.intern(code_system.url, filter.value);
  if (!held(top)) return unknown(filter.value);
  Members chosen = code_systems_.descendants(code_system, top);
  if (is_a) chosen.push_back(top);
  return sorted(std::move(chosen));
}

Expander::Result Expander::reference(std::string_view canonical) {
  Entry* entry = find(canonical);
  if (!entry) return fail("it refers to " + ticked(canonical) + ", which is not loaded");
  if (entry->state == State::kOpen) {
    std::string path;
    for (auto at = std::ranges::find(open_, entry); at != open_.end(); ++at)
      path += excerpt((*at)->source->url) + " -> ";
    return fail("it contains itself: " + path + excerpt(entry->source->url));
  }
  if (open_.size() >= kReferenceDepth)
    return fail("it refers to others more than " + std::to_string(kReferenceDepth) + " deep");
  expand(*entry);
  if (entry->state == State::kFailed) return fail("it refers to " + ticked(canonical) + ", which cannot be expanded");
  return entry->members;
}

Expander::Entry* Expander::find(std::string_view canonical) {
  const size_t bar = std::min(canonical.rfind('|'), canonical.size());
  const std::string_view url = canonical.substr(0, bar);
  const std::string_view version = canonical.substr(std::min(bar + 1, canonical.size()));
  const auto held = by_url_.find(url);
  if (held == by_url_.end()) return nullptr;
  Entry* best = nullptr;
  for (Entry* entry : held->second) {
    if (!version.empty() && entry->source->version != version) continue;
    if (!best || compare_versions(entry->source->version, best->source->version) > 0) best = entry;
  }
  return best;
}

}  // namespace

void expand_value_sets(const TerminologySources& sources, KnowledgeBaseBuilder& builder, DiagnosticSink& sink) {
  Expander(sources, builder, sink).run();
}

}  // namespace vigil
