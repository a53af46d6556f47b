// SPDX-License-Identifier: Apache-2.0
// Random conditions: trees of text, each node named by the feature of the language it tries, so that they can be shrunk
// and features excluded.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "differential/patients.h"
#include "differential/random_source.h"

namespace vigil::test {

/// `text` holds %0 … %9 for the parts. A condition with a name becomes a definition of that name.
struct Cond {
  std::string feature;
  std::string text;
  std::vector<Cond> parts;
  std::string define;
};

using Defines = std::vector<std::pair<std::string, std::string>>;

inline std::string render(const Cond& cond, Defines& defines) {
  std::string out;
  for (size_t i = 0; i < cond.text.size(); ++i) {
    if (cond.text[i] != '%') {
      out += cond.text[i];
      continue;
    }
    out += render(cond.parts[static_cast<size_t>(cond.text[++i] - '0')], defines);
  }
  if (cond.define.empty()) return out;
  defines.emplace_back(cond.define, out);
  return "\"" + cond.define + "\"";
}

inline void add_features(const Cond& cond, std::set<std::string>& features) {
  features.insert(cond.feature);
  if (!cond.define.empty()) features.insert("define");
  for (const auto& part : cond.parts) add_features(part, features);
}

/// Smaller conditions than this one: a part in its place, `true`, `false`, or with one part smaller.
inline std::vector<Cond> smaller(const Cond& cond) {
  std::vector<Cond> all;
  if (cond.feature != "literal") {
    all.push_back({"literal", "true", {}, {}});
    all.push_back({"literal", "false", {}, {}});
  }
  if (!cond.define.empty()) {
    all.push_back(cond);
    all.back().define.clear();
  }
  for (const auto& part : cond.parts) all.push_back(part);
  for (size_t i = 0; i < cond.parts.size(); ++i)
    for (auto& part : smaller(cond.parts[i])) {
      all.push_back(cond);
      all.back().parts[i] = std::move(part);
    }
  return all;
}

/// A name in scope with its resource type.
struct Alias {
  std::string name;
  std::string type;
};

class ConditionMaker {
 public:
  ConditionMaker(RandomSource& random, const std::set<std::string>& excluded) : random_(random), excluded_(excluded) {}

  /// A condition in a scope of aliases; `depth` bounds its size.
  Cond condition(const std::vector<Alias>& scope, uint32_t depth);
  /// One about exactly this row (both rows, where there are two).
  Cond about(const Alias& x);
  Cond about(const Alias& x, const Alias& y);
  /// A list of resources: a retrieve, perhaps filtered, perhaps a set operation.
  Cond list(const std::string& type, const std::vector<Alias>& scope, uint32_t depth, bool plain = false);
  bool allows(const std::string& feature) const { return !excluded_.contains(feature); }

 private:
  struct Shape {
    const char* feature;
    const char* text;
  };
  Cond pick(const std::vector<Shape>& shapes, const std::string& x, const std::string& y = {});
  Cond leaf(const std::vector<Alias>& scope, uint32_t depth);
  Cond quantified(const std::vector<Alias>& scope, uint32_t depth);
  Cond observed(const std::vector<Alias>& scope, uint32_t depth);
  Cond joined(const std::vector<Alias>& scope, uint32_t depth);
  std::string fresh() { return "X" + std::to_string(++number_); }
  std::string type() { return random_.pick(clinical_types()); }
  Cond or_literal(Cond cond) {
    return allows(cond.feature) ? cond : Cond{"literal", random_.chance(50) ? "true" : "false", {}, {}};
  }

  RandomSource& random_;
  const std::set<std::string>& excluded_;
  uint32_t number_ = 0;
};

/// `@` stands for x, `#` for y.

}  // namespace vigil::test
