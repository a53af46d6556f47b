// SPDX-License-Identifier: Apache-2.0
// Records in memory give back what was put into them, by owner.
#include "store/run_buffer.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "store/block.h"
#include "store/run.h"
#include "store/short_text.h"

using namespace vigil;
using store::Record;

namespace {

/// A record's text, its owner, and its id as a part of the text.
struct Given {
  std::string owner;
  std::string json;
  Record record;
};

std::vector<Given> some_records() {
  std::vector<Given> given;
  std::mt19937 random(3);
  for (size_t i = 0; i < 4000; ++i) {
    auto& each = given.emplace_back();
    const size_t owner = random() % 300;
    each.owner = owner == 7 ? std::string(1, store::kSharedOwner) + "Medication/1"
                            : "p" + std::string(owner % 60, 'x') + std::to_string(owner);
    each.json = R"({"resourceType":"Type)" + std::to_string(i % 300) + R"(","id":"a)" + std::to_string(i) + "\"}";
  }
  for (size_t i = 0; i < given.size(); ++i) {  // the texts stay where they are from here on
    auto& record = given[i].record;
    record.owner = given[i].owner;
    record.json = given[i].json;
    const size_t type = given[i].json.find("Type");
    record.type = record.json.substr(type, record.json.find('"', type) - type);
    record.id = record.json.substr(record.json.find("\"a") + 1, std::to_string(i).size() + 1);
    record.known_from = static_cast<Instant>(i);
    record.place = {i, 3};
    record.json_stays = i % 3 == 0;
    if (i % 5 == 0) record.full_url = "urn:uuid:1";
    if (i % 7 == 0) record.version_number = uint64_t{1} << 40;
    if (i % 11 == 0) record.id = "elsewhere";
    if (i % 13 == 0) record.id = {};
    if (i % 17 == 0) record.kind = store::RecordKind::kDeletion;
    if (i % 19 == 0) record.place.entry = 5;
    if (i % 23 == 0) record.is_of_history = true;
  }
  return given;
}

bool are_equal(const Record& a, const Record& b) {
  return a.owner == b.owner && a.type == b.type && a.id == b.id && a.full_url == b.full_url && a.json == b.json &&
         a.clinical_from == b.clinical_from && a.known_from == b.known_from && a.updated == b.updated &&
         a.version_number == b.version_number && a.place == b.place && a.known_source == b.known_source &&
         a.kind == b.kind && a.is_of_history == b.is_of_history;
}

}  // namespace

TEST_CASE("a buffer gives back every record whole, by owner and in the order added, also when it is used again") {
  const auto given = some_records();
  std::map<std::string, std::vector<const Record*>> by_owner;
  for (const auto& each : given) by_owner[each.owner].push_back(&each.record);
  store::RunBuffer buffer;
  for (int round = 0; round < 2; ++round) {
    buffer.clear();
    CHECK(buffer.empty());
    CHECK(buffer.bytes() == 0);
    for (const auto& each : given) buffer.add(each.record);
    size_t owners = 0;
    for (uint32_t bucket = 0; bucket < store::kBuckets; ++bucket) {
      std::string last;
      std::vector<Record> records;
      for (store::RunMerge merge({store::RunCursor(buffer, bucket)}); merge.next(records); ++owners) {
        const std::string owner(records.front().owner);
        CHECK(owner > last);
        last = owner;
        CHECK((owner.front() == store::kSharedOwner) == (bucket == store::kSharedBucket));
        const auto& expected = by_owner.at(owner);
        REQUIRE(records.size() == expected.size());
        for (size_t i = 0; i < records.size(); ++i) {
          CHECK(are_equal(records[i], *expected[i]));
          CHECK(records[i].identity == store::identity_of(records[i].type, records[i].id));
        }
      }
    }
    CHECK(owners == by_owner.size());
  }
}

TEST_CASE("short texts are equal where all of their bytes are") {
  const std::string text = "0123456789abcdefghijklmnopq";
  for (size_t size = 0; size <= text.size(); ++size) {
    const auto part = std::string_view(text).substr(0, size);
    CHECK(store::same_text(part, std::string(part)));
    CHECK_FALSE(store::same_text(part, text + "r"));
    for (size_t i = 0; i < size; ++i) {
      std::string other(part);
      other[i] = '#';
      CHECK_FALSE(store::same_text(part, other));
    }
  }
}

TEST_CASE("a block holds an id once where its JSON begins with it, and each JSON is followed by white space") {
  std::vector<store::StoredVersion> versions(4);
  versions[0].resource_type = versions[1].resource_type = versions[2].resource_type = "Observation";
  versions[0].json = R"({"resourceType":"Observation","id":"a-long-id-1"})";
  versions[1].json = R"({"id":"a-long-id-2","resourceType":"Observation"})";
  versions[2].json = R"({"status":"final","id":"a-long-id-3"})";
  versions[3].resource_type = "Patient";
  versions[3].json = R"({"resourceType":"Patient"})";
  versions[0].id = "a-long-id-1";
  versions[1].id = "a-long-id-2";
  versions[2].id = "a-long-id-3";
  versions[2].full_url = "urn:uuid:2";
  const std::vector<store::Degraded> degraded = {{"Condition", -5}, {"Observation", kAlways}};
  store::BlockMaker maker;
  for (int round = 0; round < 2; ++round) {
    std::string bytes(maker.lay_out(versions, degraded), '#');
    maker.write(bytes.data());
    std::vector<store::StoredVersion> read;
    std::vector<store::Degraded> read_degraded;
    REQUIRE(store::read_block(bytes, read, read_degraded).empty());
    REQUIRE(read.size() == versions.size());
    for (size_t i = 0; i < read.size(); ++i) {
      CHECK(read[i].json == versions[i].json);
      CHECK(read[i].id == versions[i].id);
      CHECK(read[i].resource_type == versions[i].resource_type);
      CHECK(read[i].full_url == versions[i].full_url);
      CHECK(read[i].json.data()[read[i].json.size()] == '\n');
    }
    CHECK(read_degraded == degraded);
    for (const auto& [id, times] :
         {std::pair("a-long-id-1", 1), std::pair("a-long-id-2", 1), std::pair("a-long-id-3", 2)}) {
      int found = 0;
      for (size_t at = bytes.find(id); at != std::string::npos; at = bytes.find(id, at + 1)) ++found;
      CHECK(found == times);
    }
  }
}
