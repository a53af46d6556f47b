// SPDX-License-Identifier: Apache-2.0
// Texts of options to values.
#include "cli/options.h"

#include <doctest/doctest.h>

#include <vigil/primitives.h>

using namespace vigil;

TEST_CASE("an assignment is split at its first equals sign") {
  CHECK(cli::split_assignment("Limit=21") == std::pair<std::string, std::string>("Limit", "21"));
  CHECK(cli::split_assignment("A=b=c") == std::pair<std::string, std::string>("A", "b=c"));
  CHECK(cli::split_assignment("A=") == std::pair<std::string, std::string>("A", ""));
  CHECK_FALSE(cli::split_assignment("Limit"));
  CHECK_FALSE(cli::split_assignment("=1"));
}

TEST_CASE("globs") {
  CHECK(cli::matches_glob("R*", "R01"));
  CHECK(cli::matches_glob("R[0-9]?", "R01"));
  CHECK(cli::matches_glob("Is adult", "Is adult"));
  CHECK_FALSE(cli::matches_glob("R*", "Has R"));
}

TEST_CASE("an instant is read, or the clock with its offset") {
  DiagnosticSink sink;
  const auto given = cli::resolve_now("2026-11-22T09:30:00Z", sink);
  REQUIRE(given);
  CHECK(given->hour == 9);
  const auto clock = cli::resolve_now("", sink);
  REQUIRE(clock);
  CHECK(clock->precision == Precision::kMillisecond);
  CHECK(to_instant(*clock) > to_instant(*cli::resolve_now("2020-01-01T00:00:00Z", sink)));
  CHECK(sink.all().empty());
}

TEST_CASE("VGL1203: what is no instant") {
  DiagnosticSink sink;
  CHECK_FALSE(cli::resolve_now("yesterday", sink));
  REQUIRE(sink.all().size() == 1);
  CHECK(sink.all()[0].code == "VGL1203");
  CHECK_FALSE(sink.all()[0].hint.empty());
}
