// SPDX-License-Identifier: Apache-2.0
// What an import reads from: files in units, each read by one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vigil/diagnostic.h>

#include "store/import_log.h"
#include "store/record.h"

namespace vigil::store {

/// A file of a source.
struct InputFile {
  std::string path;
  std::string name;                 ///< relative to the source: for messages
  uint64_t bytes = 0;               ///< of a table in a database, its rows
  int64_t modified = 0;             ///< of the file system; to tell that a file has changed
  bool places_are_offsets = false;  ///< Place::at is the offset of a line in it, not its number
};

/// FHIR R4 JSON: a resource, a Bundle or an array of these.
struct SourceText {
  std::string_view json;
  Place place;
  std::string_view what;    ///< names the text in messages: "line", "file", "row"
  Instant filed = kAlways;  ///< when the source had it, where it says so beside the resource
  bool stays = false;       ///< `json` is there as long as the source: it need not be copied
};

/// Takes what is read of a unit.
class Receiver {
 public:
  virtual ~Receiver() = default;
  virtual void add(const SourceText& text) = 0;
  /// That many bytes of the unit are done; between texts. False where the import is to end.
  virtual bool advance(uint64_t bytes) = 0;
  /// The unit could not be read to its end, but may be in another try: the import ends without a store.
  virtual void abandon() = 0;
  /// Counts what becomes no text.
  virtual ImportLog& log() = 0;
  virtual DiagnosticSink& sink() = 0;
};

/// A source's files, cut into units that are read one by one, by any thread and in any order. The same data makes the
/// same units. Immutable.
class ImportSource {
 public:
  virtual ~ImportSource() = default;
  virtual const std::vector<InputFile>& files() const = 0;
  virtual size_t unit_count() const = 0;
  /// Whether what files and units call bytes are rows.
  virtual bool counts_rows() const { return false; }
  /// What Receiver::advance() adds up to for a unit.
  virtual uint64_t unit_bytes(size_t unit) const = 0;
  /// Returns a checksum of the unit's bytes as they stand in the file, and sets `file` to the one it is of.
  virtual uint64_t read_unit(size_t unit, Receiver& receiver, uint32_t& file) const = 0;
  /// Says that nothing points to a unit's texts any more.
  virtual void release(size_t /*unit*/) const {}
};

/// FHIR R4: the files of a folder and its folders, or a file alone: .ndjson, .jsonl and .json, each also with .gz.
/// Other files are passed over (VGL1316). Null, with VGL1202 or VGL1306, where there is nothing.
std::unique_ptr<ImportSource> open_fhir_source(const std::string& path, DiagnosticSink& sink);

/// OMOP CDM 5.4: a folder of CSV tables, an SQLite database, or the address of a PostgreSQL database, whose `schemas`
/// are divided by commas. A unit is a table. Null, with the diagnostics of omop::OmopTables::open(), where it cannot be
/// read. The source connects to a server as long as it lives: no text of it holds the address.
std::unique_ptr<ImportSource> open_omop_source(const std::string& source, DiagnosticSink& sink,
                                               std::string_view schemas = {});

/// CSV files of a folder (or beside a file) as a mapping file tells: see tables/mapping.h. A unit is a file. Null, with
/// VGL1312 or VGL1202, where that cannot be.
std::unique_ptr<ImportSource> open_mapped_source(const std::string& path, const std::string& mapping,
                                                 DiagnosticSink& sink);

/// The source that a path, or an address, leads to: OMOP tables, else FHIR. Null as above.
std::unique_ptr<ImportSource> open_source(const std::string& path, DiagnosticSink& sink, std::string_view schemas = {});

/// Files below a folder, or the file itself, by name; folders in it too. Empty, with VGL1202, where nothing is there.
std::vector<InputFile> list_files(const std::string& path, DiagnosticSink& sink);

}  // namespace vigil::store
