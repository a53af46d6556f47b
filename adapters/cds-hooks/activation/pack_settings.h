// SPDX-License-Identifier: Apache-2.0
// Where packs come from, and what is asked of them before they are in force.
#pragma once

#include <string>
#include <vector>

#include "packs/pack_file.h"

namespace vigil::hooks {

/// Rules and knowledge of a pack; paths are absolute or relative to the working folder.
struct PackSettings {
  std::string id = "vigil";
  std::string title = "Vigil";
  std::string version;                 ///< of rules of folders; a file says its own
  std::string file;                    ///< a pack as a file, in place of `rules`
  std::vector<std::string> rules;      ///< empty: the shipped ones
  std::vector<std::string> knowledge;  ///< empty: the shipped one
  std::vector<std::string> value_sets;
  std::string overlay;  ///< what the site changes in what the rules raise; empty: nothing
};

/// How packs are taken and kept.
struct ActivationSettings {
  PackTrust trust;
  bool wants_exact_knowledge = false;
  std::string folder;              ///< where activated packs are kept; empty: none can be activated
  size_t max_queue = 1000;         ///< calls that wait for a shadow; more are counted and left out
  uint64_t keep_rows = 1'000'000;  ///< of the shadow's record
};

}  // namespace vigil::hooks
