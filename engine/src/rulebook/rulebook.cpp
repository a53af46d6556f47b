// SPDX-License-Identifier: Apache-2.0
// What a rulebook tells of itself.
#include <algorithm>
#include <set>

#include <vigil/fnv1a.h>

#include "diagnostics/catalogue.h"
#include "evaluation/run.h"
#include "evaluation/show.h"
#include "rulebook/rulebook_content.h"
#include "semantic/typed_walk.h"

namespace vigil {

Rulebook::Rulebook(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Rulebook::~Rulebook() = default;
Rulebook::Rulebook(Rulebook&&) noexcept = default;
const ReadPlan& Rulebook::read_plan() const { return content_->program->read_plan; }
const KnowledgeBase& Rulebook::knowledge() const { return *content_->program->knowledge; }
std::shared_ptr<const KnowledgeBase> Rulebook::shared_knowledge() const { return content_->program->knowledge; }
std::span<const RuleInfo> Rulebook::rules() const { return content_->rules; }
std::span<const DefinitionInfo> Rulebook::definitions() const { return content_->definitions; }
size_t Rulebook::test_count() const { return content_->program->tests.size(); }
uint64_t Rulebook::digest() const { return content_->digest; }
const Program& Rulebook::program() const { return *content_->program; }
const SourceSet& Rulebook::sources() const { return *content_->sources; }

std::string Rulebook::graph(std::string_view format) const {
  return format == "json" ? content_->program->graph.to_json() : content_->program->graph.to_dot();
}

std::optional<std::vector<std::string>> Rulebook::impact(std::string_view name) const {
  const auto& graph = content_->program->graph;
  const auto nodes = graph.find(name);
  if (nodes.empty()) return std::nullopt;
  std::vector<std::string> names;
  for (const auto node : graph.impact(nodes)) {
    const auto& one = graph.nodes()[node];
    names.push_back(std::string(vigil::name(one.kind)) + " \"" + one.name + "\"");
  }
  return names;
}

namespace {

Requirement requirement_of(const Program& program, const typed::Retrieve& retrieve) {
  Requirement requirement;
  requirement.resource_type = std::string(model::type(retrieve.type).name);
  requirement.code_path = retrieve.code_path;
  requirement.only_ordered = retrieve.scope == ast::RetrieveScope::kOrdered;
  if (!retrieve.terminology) return requirement;
  typed::for_each_below(program.module, retrieve.terminology, [&](typed::ExprId id) {
    const auto& expr = program.module[id];
    if (expr.op != Op::kConstant) return;
    const auto& constant = program.module.constants[expr.a];
    if (constant.type == model::kValueSet) requirement.value_sets.push_back(constant.code);
    if (constant.type == model::kCode) requirement.codes.push_back(constant.system + "|" + constant.code);
    for (const auto& code : constant.codes) requirement.codes.push_back(code.system + "|" + code.code);
  });
  return requirement;
}

/// What the bodies of `nodes` read: each retrieve once, with the paths read of its type. What one reads of the orders
/// alone and another of the record is read of the record.
std::vector<Requirement> requirements_of_nodes(const Program& program, const std::vector<uint32_t>& nodes) {
  graph::ElementAccess access(program.module);
  std::vector<Requirement> found;
  bool patient = false;
  for (const auto node : nodes)
    for (const auto body : bodies_of(program.module, program.graph.nodes()[node])) {
      access.add_expression(body);
      typed::for_each_below(program.module, body, [&](typed::ExprId id) {
        const auto& expr = program.module[id];
        if (expr.op == Op::kRetrieve) found.push_back(requirement_of(program, program.module.retrieves[expr.a]));
        patient = patient || expr.op == Op::kPatient;
      });
    }
  if (patient) {
    found.emplace_back();
    found.back().resource_type = "Patient";
  }
  for (auto& requirement : found) requirement.paths = access.paths_of(model::find_type(requirement.resource_type));
  const auto key = [](const Requirement& r) { return std::tie(r.resource_type, r.code_path, r.value_sets, r.codes); };
  std::sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
    return key(a) < key(b) || (key(a) == key(b) && a.only_ordered < b.only_ordered);
  });
  found.erase(std::unique(found.begin(), found.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
              found.end());
  return found;
}

}  // namespace

std::vector<Requirement> Rulebook::requirements() const {
  std::vector<uint32_t> all(content_->program->graph.nodes().size());
  for (uint32_t i = 0; i < all.size(); ++i) all[i] = i;
  return requirements_of_nodes(*content_->program, all);
}

std::optional<std::vector<Requirement>> Rulebook::requirements_of(std::string_view name) const {
  const auto& graph = content_->program->graph;
  const auto nodes = graph.find(name);
  if (nodes.empty()) return std::nullopt;
  std::vector<uint32_t> reached;
  for (const auto node : nodes)
    for (const auto one : graph.reachable(node)) reached.push_back(one);
  return requirements_of_nodes(*content_->program, reached);
}

std::vector<std::string> Rulebook::node_names() const {
  std::vector<std::string> names;
  for (const auto& node : content_->program->graph.nodes()) names.push_back(node.name);
  return names;
}

std::optional<CodeDescription> describe_code(std::string_view code) {
  const auto known = find_code(code);
  if (!known) return std::nullopt;
  const auto& row = info(*known);
  return CodeDescription{row.name, row.severity, row.message};
}

std::vector<std::string_view> all_codes() {
  std::vector<std::string_view> codes;
  for (const auto& row : kCatalogue) codes.push_back(row.name);
  return codes;
}

namespace {

/// With the end of the text marked.
uint64_t hash(uint64_t before, std::string_view text) { return fnv1a(text, before) * 31 + 7; }

/// Evidence and citations that do not depend on a patient are texts already at compile time.
void add_evidence(const Program& program, std::vector<RuleInfo>& rules) {
  const Timeline nobody(program.read_plan, *program.knowledge);
  DiagnosticSink unused;
  const auto snapshot = nobody.at(kAlways, unused);
  Run run(program, {});
  run.begin(snapshot, Temporal{2000, 1, 1, 0, 0, 0, Precision::kMillisecond, 0, 0}, nullptr);
  const auto text = [&](InstructionId id) -> std::string {
    try {
      const Run::Frame frame(run, 64);
      for (uint32_t i = 0; i < 64; ++i) run.local(i) = Value();
      const auto value = run.evaluate(id);
      std::string out;
      if (!value.is_null()) append_plain(out, program, snapshot, value);
      return out;
    } catch (const EvaluationError&) {
      return {};
    }
  };
  for (size_t i = 0; i < rules.size(); ++i) {
    if (program.rules[i].failed) continue;
    for (const auto& [attribute, id] : program.rules[i].evidence) {
      if (attribute == "cite")
        rules[i].cites.push_back(text(id));
      else
        rules[i].evidence.push_back({attribute, text(id)});
    }
  }
}

}  // namespace

std::unique_ptr<Rulebook> RulebookMaker::make(std::unique_ptr<Program> program,
                                              std::shared_ptr<const SourceSet> sources) {
  auto content = std::make_unique<Rulebook::Content>();
  for (const auto& rule : program->module.rules)
    content->rules.push_back(
        {rule.library, rule.library_version, rule.name, rule.category, rule.hooks, rule.span, rule.shadow, {}, {}});
  for (const auto& d : program->module.definitions)
    content->definitions.push_back({d.library, d.name, program->module.types.name(d.type), d.span, d.is_private});
  add_evidence(*program, content->rules);
  uint64_t digest = kFnv1aBasis;
  for (uint32_t i = 1; i <= sources->size(); ++i) digest = hash(digest, (*sources)[SourceId{i}].text());
  for (const auto& table : program->tables)
    for (const auto& column : table.columns) digest = hash(digest, column);
  content->digest = digest;
  content->program = std::move(program);
  content->sources = std::move(sources);
  return std::unique_ptr<Rulebook>(new Rulebook(std::move(content)));
}

}  // namespace vigil
