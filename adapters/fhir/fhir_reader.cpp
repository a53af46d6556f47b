// SPDX-License-Identifier: Apache-2.0
// Reads one text: whole, or line by line, or as far as it can be read.
#include "fhir/fhir_reader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "fhir/document_reader.h"
#include "fhir/json_index.h"
#include "fhir/text_recovery.h"

namespace vigil::fhir {

namespace {

std::string describe_break(const JsonText& json, size_t size) {
  const uint32_t token = json.broken();
  if (token >= json.count()) return "it ends in the middle";
  const size_t offset = json.offset(token);
  return offset >= size ? "it ends in the middle" : "unexpected character at byte " + std::to_string(offset);
}

}  // namespace

struct FhirReader::State {
  State(const ReadPlan& plan, FhirReadOptions given) : options(given), documents(plan, given.max_depth, given.drafts) {}

  void read_text(std::string_view text);
  void read_whole(std::string_view text);
  void read_lines(std::string_view text, size_t begin);
  void read_line(std::string_view line);
  void read_part_before_break(std::string_view text, JsonIndex::Status status);

  FhirReadOptions options;
  JsonIndex index;
  DocumentReader documents;
  std::string recovered;  ///< text read in place of the given one; what is pending views it
  Timeline* timeline = nullptr;
};

/// `text` is followed by a readable byte that begins no JSON token.
void FhirReader::State::read_text(std::string_view text) {
  const auto status = index.index(text.data(), text.size());
  switch (status) {
    case JsonIndex::Status::kOk: return read_whole(text);
    case JsonIndex::Status::kEmpty:
      documents.report().add("VGL1002", {}, {"there is no text"});
      return timeline->degrade_all(Completeness::kDamaged);
    case JsonIndex::Status::kTooLarge: return documents.report_broken(describe(status));
    case JsonIndex::Status::kInvalidUtf8:
    case JsonIndex::Status::kUnclosedString:
    case JsonIndex::Status::kControlCharacter: break;
  }
  if (is_line_delimited(text)) return read_lines(text, 0);
  read_part_before_break(text, status);
}

/// One value, or one after another.
void FhirReader::State::read_whole(std::string_view text) {
  const JsonText json(text.data(), index.tokens(), index.count());
  uint32_t token = 0;
  uint32_t begin = 0;
  documents.report().set_text(text);
  do {
    begin = token;
    documents.report().set_value(json.offset(token));
    token = documents.read(json, token);
  } while (token != JsonText::kBroken && token < json.count());
  if (token != JsonText::kBroken) return;
  // Where each line is a value of its own, only this one is lost: from here on line by line.
  if (is_line_delimited(text)) return read_lines(text, begin == 0 ? 0 : json.offset(begin));
  if (recovered.empty()) documents.report_broken(describe_break(json, text.size()));  // else it is reported
}

void FhirReader::State::read_lines(std::string_view text, size_t begin) {
  if (begin == 0) documents.drop();
  Lines lines(text, begin);
  while (const auto line = lines.next()) {
    documents.report().set_line(line->number);
    read_line(line->text);
  }
  documents.report().set_line(0);
}

void FhirReader::State::read_line(std::string_view line) {
  const auto status = index.index(line.data(), line.size());
  if (status != JsonIndex::Status::kOk) return documents.report_broken(describe(status));
  const JsonText json(line.data(), index.tokens(), index.count());
  const uint32_t next = documents.read(json, 0);
  if (next == JsonText::kBroken)
    documents.report_broken(describe_break(json, line.size()));
  else if (next < json.count())
    documents.report_broken("there is more than one value on the line");
}

void FhirReader::State::read_part_before_break(std::string_view text, JsonIndex::Status status) {
  documents.report_broken(describe(status));
  const bool is_utf8 = status != JsonIndex::Status::kInvalidUtf8;
  recovered = is_utf8 ? std::string(text.substr(0, find_broken_string(text))) : replace_invalid_utf8(text);
  const auto recovered_status = index.index(recovered.data(), recovered.size());
  if (recovered_status == JsonIndex::Status::kInvalidUtf8 && is_utf8)
    return read_part_before_break(recovered, recovered_status);
  if (recovered_status == JsonIndex::Status::kOk) read_whole(recovered);
}

FhirReader::FhirReader(const ReadPlan& plan, FhirReadOptions options)
    : state_(std::make_unique<State>(plan, options)) {}
FhirReader::~FhirReader() = default;
FhirReader::FhirReader(FhirReader&&) noexcept = default;

void FhirReader::read(const std::string& bytes, std::string_view source_name, Timeline& timeline, DiagnosticSink& sink,
                      std::string_view expected_patient) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  state_->timeline = &timeline;
  auto& documents = state_->documents;
  documents.begin(timeline, sink, source_name);
  std::string_view text(bytes);
  if (text.size() > state_->options.max_bytes) {
    documents.report().add("VGL1007", {}, {std::to_string(text.size()), std::to_string(state_->options.max_bytes)});
    return timeline.degrade_all(Completeness::kDamaged);
  }
  state_->recovered.clear();
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  state_->read_text(text);
  documents.finish(expected_patient);
}

void FhirReader::begin(std::string_view source_name, Timeline& timeline, DiagnosticSink& sink) {
  state_->timeline = &timeline;
  state_->documents.begin(timeline, sink, source_name);
  state_->documents.report().set_text({});
}

bool FhirReader::add(const JsonText& json, uint32_t resource, uint32_t full_url, PassedOver* passed_over) {
  return state_->documents.read_entry_resource(json, resource, full_url, passed_over);
}

void FhirReader::finish(std::string_view expected_patient) { state_->documents.finish(expected_patient); }

std::optional<std::string> read_file(const std::string& path, const FhirReadOptions& options, DiagnosticSink& sink) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || !std::filesystem::exists(status)) {
    sink.add(data_diagnostic("VGL1010", path, {path, "no such file"}));
    return std::nullopt;
  }
  if (std::filesystem::is_directory(status)) {
    sink.add(data_diagnostic("VGL1010", path, {path, "it is a folder"}));
    return std::nullopt;
  }
  const auto size = std::filesystem::is_regular_file(status) ? std::filesystem::file_size(path, error) : 0;
  if (size > options.max_bytes) {
    sink.add(data_diagnostic("VGL1007", path, {std::to_string(size), std::to_string(options.max_bytes)}));
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes(size, '\0');
  if (file && size > 0) file.read(bytes.data(), static_cast<std::streamsize>(size));
  bytes.resize(file ? static_cast<size_t>(std::max<std::streamsize>(file.gcount(), 0)) : 0);
  // The file may have grown, or be no regular file and without a size: read on, to the limit.
  char more[4096];
  while (file && bytes.size() <= options.max_bytes) {
    file.read(more, sizeof more);
    bytes.append(more, static_cast<size_t>(file.gcount()));
  }
  if (!file.eof() || bytes.size() > options.max_bytes) {
    if (bytes.size() > options.max_bytes)
      sink.add(data_diagnostic("VGL1007", path, {std::to_string(bytes.size()), std::to_string(options.max_bytes)}));
    else
      sink.add(data_diagnostic("VGL1010", path, {path, "reading failed"}));
    return std::nullopt;
  }
  return bytes;
}

}  // namespace vigil::fhir
