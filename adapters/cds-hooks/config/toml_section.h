// SPDX-License-Identifier: Apache-2.0
// Reads the keys of one table of a TOML file, and knows afterwards which nobody asked for. Of this folder alone.
#pragma once

#include <toml++/toml.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "cds-hooks/config/settings.h"

namespace vigil::hooks {

/// What all sections of a file share.
struct TomlFile {
  std::string name;
  std::filesystem::path folder;
  const Suggester& suggest;
  DiagnosticSink& sink;

  std::string place_of(const toml::source_region& where) const {
    return name + ":" + std::to_string(where.begin.line) + ":" + std::to_string(where.begin.column);
  }
  void report(const toml::source_region& where, const std::string& message, std::string hint = {}) {
    sink.add(data_diagnostic("VGL1201", place_of(where), {message}).with_hint(std::move(hint)));
  }
  std::string path_of(const std::string& text) const {
    return text.empty() || std::filesystem::path(text).is_absolute() ? text : (folder / text).string();
  }
};

/// One table. Every take() names a key; finish() reports those that were not named.
class TomlSection {
 public:
  TomlSection(TomlFile& file, const toml::table* table, std::string name)
      : file_(file), table_(table), name_(std::move(name)) {}

  void take(const std::string& key, std::string& value) {
    if (const auto* node = find(key)) {
      if (const auto text = node->value_exact<std::string>())
        value = *text;
      else
        wrong_type(*node, key, "a text in quotes");
    }
  }
  void take(const std::string& key, bool& value) {
    if (const auto* node = find(key)) {
      if (const auto flag = node->value_exact<bool>())
        value = *flag;
      else
        wrong_type(*node, key, "true or false");
    }
  }
  void take(const std::string& key, std::optional<bool>& value) {
    bool flag = value.value_or(false);
    if (find(key) == nullptr) return;
    take(key, flag);
    value = flag;
  }
  /// A whole number from `least` to `most`.
  template <class Number>
  void take(const std::string& key, Number& value, int64_t least, int64_t most) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto number = node->value_exact<int64_t>();
    if (!number) return wrong_type(*node, key, "a whole number");
    if (*number < least || *number > most)
      return file_.report(node->source(), "`" + path(key) + "` is " + std::to_string(*number),
                          "give a number from " + std::to_string(least) + " to " + std::to_string(most));
    value = Number(*number);
  }
  void take(const std::string& key, std::vector<std::string>& values) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto* array = node->as_array();
    if (array == nullptr) return wrong_type(*node, key, "a list of texts");
    values.clear();
    for (const auto& one : *array) {
      const auto text = one.value_exact<std::string>();
      if (!text) return wrong_type(one, key, "a list of texts");
      values.push_back(*text);
    }
  }
  void take_path(const std::string& key, std::string& value) {
    if (find(key) == nullptr) return;
    take(key, value);
    value = file_.path_of(value);
  }
  void take_paths(const std::string& key, std::vector<std::string>& values) {
    if (find(key) == nullptr) return;
    take(key, values);
    for (auto& value : values) value = file_.path_of(value);
  }
  void take_address(const std::string& key, std::string& url) {
    take(key, url);
    if (!url.empty() && !parse_url(url))
      file_.report(find(key)->source(), "`" + path(key) + "` is `" + url + "`, which is no address",
                   "write it as https://host/path");
  }
  /// The text of the file that the key names.
  void take_file(const std::string& key, std::string& content) {
    std::string name;
    take_path(key, name);
    if (name.empty()) return;
    std::ifstream stream(name, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    if (!stream) return file_.report(find(key)->source(), "`" + name + "` cannot be read");
    content = text.str();
    if (content.empty()) file_.report(find(key)->source(), "`" + name + "` is empty");
  }
  /// One of a few words; its number in the list, or `number` as it was.
  void take_word(const std::string& key, const std::vector<std::string>& words, size_t& number) {
    const auto* node = find(key);
    if (node == nullptr) return;
    std::string word;
    take(key, word);
    const auto at = std::ranges::find(words, word);
    if (at != words.end()) {
      number = static_cast<size_t>(at - words.begin());
      return;
    }
    std::string all;
    for (const auto& one : words) all += (all.empty() ? "`" : ", `") + one + "`";
    file_.report(node->source(), "`" + path(key) + "` is `" + word + "`", "give one of " + all);
  }
  TomlSection section(const std::string& key) {
    const auto* node = find(key);
    const auto* table = node == nullptr ? nullptr : node->as_table();
    if (node != nullptr && table == nullptr) wrong_type(*node, key, "a table");
    return {file_, table, path(key)};
  }
  /// visit(section) for each table of an array [[key]].
  template <class Visit>
  void each(const std::string& key, Visit visit) {
    const auto* node = find(key);
    if (node == nullptr) return;
    const auto* array = node->as_array();
    if (array == nullptr) return wrong_type(*node, key, "a list of tables, [[" + path(key) + "]]");
    for (const auto& one : *array) {
      const auto* table = one.as_table();
      if (table == nullptr) return wrong_type(one, key, "a list of tables, [[" + path(key) + "]]");
      visit(TomlSection(file_, table, path(key)));
    }
  }
  /// visit(key, text, place) for each key of a table whose keys are free.
  template <class Visit>
  void each_text(Visit visit) {
    if (table_ == nullptr) return;
    for (const auto& [key, node] : *table_) {
      std::string text;
      take(std::string(key.str()), text);
      if (node.is_string()) visit(std::string(key.str()), text, file_.place_of(key.source()));
    }
  }
  /// "vigil.toml:3:1"; empty where the key is not there.
  std::string place_of(const std::string& key) {
    const auto* node = find(key);
    return node == nullptr ? std::string() : file_.place_of(node->source());
  }
  bool exists() const { return table_ != nullptr; }
  bool has(const std::string& key) const { return table_ != nullptr && table_->contains(key); }
  /// Of one key of the table.
  void report_at(const std::string& key, const std::string& message, std::string hint) {
    const auto* node = table_ == nullptr ? nullptr : table_->get(key);
    if (node == nullptr) return report(message, std::move(hint));
    file_.report(node->source(), message, std::move(hint));
  }
  void report(const std::string& message, std::string hint) {
    file_.report(table_ == nullptr ? toml::source_region{} : table_->source(), message, std::move(hint));
  }

  /// Reports those of the keys that are set, where nothing uses them.
  void refuse_unused(const std::vector<std::string>& keys, const std::string& lack, const std::string& remedy) {
    for (const auto& key : keys)
      if (has(key)) report_at(key, "`" + path(key) + "` is never used " + lack, remedy + ", or leave it out");
  }

  void finish() {
    if (table_ == nullptr) return;
    const std::vector<std::string> known(known_.begin(), known_.end());
    for (const auto& [key, node] : *table_) {
      if (known_.contains(std::string(key.str()))) continue;
      auto hint = file_.suggest(std::string(key.str()), known);
      if (hint.empty()) {
        for (const auto& one : known) hint += (hint.empty() ? "it takes " : ", ") + one;
      }
      file_.report(key.source(), "there is no setting `" + path(std::string(key.str())) + "`", std::move(hint));
    }
  }

 private:
  std::string path(const std::string& key) const { return name_.empty() ? key : name_ + "." + key; }
  const toml::node* find(const std::string& key) {
    known_.insert(key);
    return table_ == nullptr ? nullptr : table_->get(key);
  }
  void wrong_type(const toml::node& node, const std::string& key, const std::string& wanted) {
    std::stringstream type;
    type << node.type();
    file_.report(node.source(), "`" + path(key) + "` is of type " + type.str(), "give " + wanted);
  }

  TomlFile& file_;
  const toml::table* table_;
  std::string name_;
  std::set<std::string> known_;
};

}  // namespace vigil::hooks
