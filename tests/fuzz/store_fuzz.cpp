// SPDX-License-Identifier: Apache-2.0
// Any bytes as what an import and a store read: no crash; counts add up; what is packed comes back. The first byte says
// what the rest is: 'f' FHIR, 'b' a block, 'c' a CSV table, 'z' gzip.
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>

#include "omop/concepts.h"
#include "store/block.h"
#include "store/inflate.h"
#include "store/intake.h"
#include "store/resolve_versions.h"
#include "tables/table_reader.h"

namespace {

using namespace vigil;
using namespace vigil::store;

void demand(bool holds) {
  if (!holds) std::abort();
}

void check_pack(const ResolvedPatient& patient) {
  BlockMaker block;
  std::string bytes(block.lay_out(patient.versions, patient.degraded), '\0');
  demand(!bytes.empty());
  block.write(bytes.data());
  std::vector<StoredVersion> versions;
  std::vector<Degraded> degraded;
  demand(read_block(bytes, versions, degraded).empty());
  demand(versions.size() == patient.versions.size() && degraded.size() == patient.degraded.size());
  for (size_t i = 0; i < versions.size(); ++i)
    demand(versions[i].json == patient.versions[i].json && versions[i].id == patient.versions[i].id);
}

void read_fhir(const std::string& text) {
  RunBuffer records;
  ImportLog log;
  Intake intake(log);
  intake.add(records, {text, {1, 0}, "file"});
  VersionResolver resolver;
  ResolvedPatient patient;
  for (uint32_t bucket = 0; bucket < kBuckets; ++bucket) {
    RunMerge merge({RunCursor(records, bucket)});
    std::vector<Record> of_owner;
    while (merge.next(of_owner)) {
      resolver.resolve(of_owner, patient, log);
      check_pack(patient);
    }
  }
  for (const auto& [type, totals] : log.totals()) demand(totals.reconcile());
}

void read_table(const std::string& text) {
  const auto table = tables::read_csv_table(std::make_unique<std::istringstream>(text));
  if (table == nullptr) return;
  while (table->next())
    for (size_t column = 0; column < 8; ++column) demand(table->value(column).size() <= text.size());
  DiagnosticSink sink;
  omop::Concepts concepts;
  const auto again = tables::read_csv_table(std::make_unique<std::istringstream>(text));
  if (concepts.read(*again, sink)) concepts.find("1");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'f': read_fhir(text); break;
    case 'b': {
      std::vector<StoredVersion> versions;
      std::vector<Degraded> degraded;
      read_block(text, versions, degraded);
      break;
    }
    case 'c': read_table(text); break;
    case 'z': {
      Inflater inflater(text);
      std::string out;
      while (out.size() < (size_t{1} << 20) && inflater.read(out, 4096)) continue;
      break;
    }
    default: break;
  }
  return 0;
}
