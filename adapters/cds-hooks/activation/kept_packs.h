// SPDX-License-Identifier: Apache-2.0
// The folder where activated packs are kept, and which of them was in force when: what a restart begins with.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cds-hooks/protocol/stages.h"

namespace vigil::hooks {

struct KeptCandidate {
  std::string digest;
  TrialTerms terms;

  bool operator==(const KeptCandidate&) const = default;
};

/// What was in force at one place: a pack of the folder, or what the settings name.
struct KeptPlace {
  std::string id;          ///< of the settings
  std::string configured;  ///< digest of the file that the settings named then; empty: folders
  std::string active;      ///< digest; empty: what the settings name
  std::optional<KeptCandidate> candidate;

  bool operator==(const KeptPlace&) const = default;
};

struct KeptState {
  std::vector<KeptPlace> current;
  std::vector<KeptPlace> previous;  ///< in force before what is; of candidates nothing. Empty: nothing to go back to
  std::string tried;                ///< the place whose candidate was the last change; empty: something else was
};

/// Not thread-safe.
class KeptPacks {
 public:
  explicit KeptPacks(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool exists() const { return !folder_.empty(); }
  /// Nothing where nothing was kept; `problem` where what was kept cannot be read.
  std::optional<KeptState> read(std::string& problem) const;
  /// The bytes of a pack; none where it is not there.
  std::optional<std::string> pack(const std::string& digest) const;
  /// Keeps a pack, so that it is there after a loss of power. Why not, else empty.
  std::string keep(const std::string& digest, std::string_view bytes) const;
  /// Replaces the state at once, and removes packs that it does not name. Why not, else empty.
  std::string write(const KeptState& state) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace vigil::hooks
