// SPDX-License-Identifier: Apache-2.0
// Opens a store and reads patients from it.
#include "store/store.h"

#include <array>
#include <filesystem>

#include "store/block.h"
#include "store/indexed_blocks.h"
#include "store/manifest.h"
#include "store/store_format.h"

namespace vigil::store {

std::string_view name(KnownSource source) {
  constexpr std::array<std::string_view, 7> kNames = {"history", "issued",    "recorded", "authored",
                                                      "filed",   "effective", "none"};
  return kNames[static_cast<size_t>(source)];
}

struct PatientVersions::Content {
  std::string_view patient_id;
  std::vector<StoredVersion> versions;
  std::vector<Degraded> degraded;
  IndexedBlocks::Touched touched;
};

PatientVersions::PatientVersions() : content_(std::make_unique<Content>()) {}
PatientVersions::~PatientVersions() = default;
PatientVersions::PatientVersions(PatientVersions&&) noexcept = default;
PatientVersions& PatientVersions::operator=(PatientVersions&&) noexcept = default;
std::string_view PatientVersions::patient_id() const { return content_->patient_id; }
std::span<const StoredVersion> PatientVersions::versions() const { return content_->versions; }
std::span<const Degraded> PatientVersions::degraded() const { return content_->degraded; }

struct Store::Content {
  Manifest manifest;
  IndexedBlocks patients;
  IndexedBlocks shared;
  std::vector<Degraded> degraded;  ///< views of the manifest
};

Store::Store(std::unique_ptr<Content> content) : content_(std::move(content)) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

std::optional<Store> Store::open(const std::string& folder, DiagnosticSink& sink) {
  auto manifest = read_manifest(folder, sink);
  if (!manifest) return std::nullopt;
  auto patients = IndexedBlocks::open(folder, manifest->patient_files, sink);
  auto shared = IndexedBlocks::open(folder, manifest->shared_files, sink);
  if (!patients || !shared) return std::nullopt;
  auto content = std::make_unique<Content>(Content{std::move(*manifest), std::move(*patients), std::move(*shared), {}});
  for (const auto& [type, from] : content->manifest.degraded) content->degraded.push_back({type, from});
  return Store(std::move(content));
}

size_t Store::patient_count() const { return content_->patients.size(); }
std::string_view Store::patient_id(size_t index) const { return content_->patients.key(index); }
std::optional<size_t> Store::find(std::string_view patient_id) const { return content_->patients.find(patient_id); }
const std::string& Store::digest() const { return content_->manifest.digest; }
std::span<const Degraded> Store::degraded() const { return content_->degraded; }

bool Store::read(size_t index, PatientVersions& patient, DiagnosticSink& sink) const {
  auto& content = *patient.content_;
  content_->patients.touch(index, content.touched);
  content.patient_id = content_->patients.key(index);
  const auto reason = read_block(content_->patients.block(index), content.versions, content.degraded);
  if (reason.empty()) return true;
  content.versions.clear();
  sink.add(data_diagnostic("VGL1305", "Patient/" + std::string(content.patient_id), {reason})
               .with_hint("import the data again; if it happens again, check the disk"));
  return false;
}

void Store::read_shared(std::string_view reference, std::vector<StoredVersion>& versions) const {
  const auto read = [&](std::string_view key) {
    versions.clear();
    std::vector<Degraded> degraded;
    if (const auto index = content_->shared.find(key))
      if (!read_block(content_->shared.block(*index), versions, degraded).empty()) versions.clear();
  };
  read(reference);
  if (versions.empty() || !reference.starts_with("urn:") || versions.front().id.empty()) return;
  read(std::string(versions.front().resource_type).append("/").append(versions.front().id));
}

}  // namespace vigil::store
