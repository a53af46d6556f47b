// SPDX-License-Identifier: Apache-2.0
// What is written piece by piece is what a JSON library reads back.
#include "json/json_writer.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

using vigil::json::JsonWriter;

TEST_CASE("every byte at every place of a string, short and long") {
  for (const size_t size : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 9u, 15u, 16u, 17u, 40u})
    for (size_t at = 0; at < size; ++at)
      for (int byte = 0; byte < 0x80; ++byte) {
        std::string text(size, 'a');
        text[at] = static_cast<char>(byte);
        std::string out;
        JsonWriter(out).string(text);
        INFO(out);
        REQUIRE(nlohmann::json::parse(out) == nlohmann::json(text));
      }
}

TEST_CASE("text beyond ASCII stays as it is") {
  for (const std::string text :
       {"é", "Ñandú", "日本語の薬", "naïve — 5 µg/m²", "\xF0\x9F\x92\x8A x \xF0\x9F\x92\x8A"}) {
    std::string out;
    JsonWriter(out).string(text);
    CHECK(out == '"' + text + '"');
  }
}

TEST_CASE("commas, names of the program's and of others, numbers") {
  std::string out = "before";
  JsonWriter json(out);
  const std::string odd = "a \"name\"";
  json.open('{')
      .key("one")
      .number(-1)
      .key(odd)
      .boolean(true)
      .text("empty", "")
      .text("two", "x\ny")
      .text(odd + "2", "z")
      .raw("none", "")
      .raw("three", "3.0");
  json.key("list").open('[').string("").open('{').close('}').open('[').close(']').raw("null").close(']').close('}');
  CHECK(out ==
        R"(before{"one":-1,"a \"name\"":true,"two":"x\ny","a \"name\"2":"z","three":3.0,"list":["",{},[],null]})");
}
