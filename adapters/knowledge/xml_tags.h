// SPDX-License-Identifier: Apache-2.0
// The tags of an XML text one after another: enough for flat exports, no parser of documents.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vigil {

/// The characters behind the entities that XML predefines and behind numbers such as &#xE9;. Others stay as they are.
std::string unescape_xml(std::string_view text);

/// Goes from tag to tag; comments, declarations and CDATA are passed over. Views are of the text.
class XmlTags {
 public:
  explicit XmlTags(std::string_view text) : text_(text) {}

  /// False at the end, and where a tag is not closed: then `is_broken`.
  bool next();
  std::string_view name() const { return name_; }  ///< without namespace prefix
  bool is_end() const { return is_end_; }          ///< "</name>"
  /// The value of an attribute, entities resolved; empty without one. Names count without prefix.
  std::string attribute(std::string_view name) const;
  /// What stands behind this tag, up to the next one.
  std::string text_behind() const;
  size_t offset() const { return offset_; }
  bool is_broken() const { return is_broken_; }

 private:
  std::string_view text_;
  size_t at_ = 0;
  size_t offset_ = 0;
  std::string_view name_;
  std::string_view attributes_;
  bool is_end_ = false;
  bool is_broken_ = false;
};

}  // namespace vigil
