// SPDX-License-Identifier: Apache-2.0
// Where the program writes, and how: results to one stream, everything said about them to the other.
#pragma once

#include <chrono>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include <vigil/diagnostic.h>

namespace vigil::cli {

/// What the program returns; the help names them.
enum ExitCode : int {
  kClean = 0,     ///< done; alerts are no finding
  kFindings = 1,  ///< a test failed
  kWrongUse = 2,  ///< the rules, the knowledge or the command line are wrong
  kFailure = 3,   ///< a rule failed while it was evaluated, or data could not be read
};

/// The streams of one run. Tests make one of string streams.
struct Console {
  std::ostream& out;  ///< results
  std::ostream& err;  ///< diagnostics, warnings, progress
  bool colour_out = false;
  bool colour_err = false;
  bool shows_progress = false;  ///< `err` is a terminal
};

/// Standard output and error, with colour where they are terminals, NO_COLOR is not set and TERM is not `dumb`.
Console standard_console();

/// Colours of text; kPlain leaves it as it is.
enum class Paint : uint8_t { kPlain, kBold, kDim, kRed, kYellow, kGreen, kCyan };
std::string paint(std::string_view text, Paint colour, bool on);

/// "1 rule", "2 rules"; `many` where an `s` does not make the plural.
std::string counted(size_t count, std::string_view one, std::string_view many = {});

/// Diagnostics to `err`, as text.
void report(const Console& console, std::span<const Diagnostic> diagnostics, const SourceSet& sources = {});
/// Those of a sink, and how many more there were.
void report(const Console& console, const DiagnosticSink& sink);

/// VGL1201, for what has no code of its own: a mistake on the command line or of the machine.
Diagnostic plain_error(const std::string& message, std::string hint = {});
/// Reports it and returns kWrongUse.
int wrong_use(const Console& console, const Diagnostic& error);
int wrong_use(const Console& console, const std::string& message, std::string hint = {});

/// A line "12/615 patients" on a terminal's `err`, for work of several steps; nothing elsewhere. Not thread-safe.
class Progress {
 public:
  Progress(const Console& console, size_t total, std::string_view what);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One more step begins.
  void step();
  /// Takes the line away, before anything else is written.
  void clear();

 private:
  const Console& console_;
  size_t total_;
  std::string what_;
  size_t done_ = 0;
  bool shown_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace vigil::cli
