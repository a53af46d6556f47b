// SPDX-License-Identifier: Apache-2.0
// Streams, colour and progress; the only file that asks what kind of terminal there is.
#include "cli/console.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

namespace vigil::cli {
namespace {

bool is_capable_terminal(int descriptor) {
  const char* term = std::getenv("TERM");
  return isatty(descriptor) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  return (no_colour == nullptr || *no_colour == '\0') && is_capable_terminal(descriptor);
}

std::string_view escape_of(Paint colour) {
  switch (colour) {
    case Paint::kPlain: return "";
    case Paint::kBold: return "\x1b[1m";
    case Paint::kDim: return "\x1b[2m";
    case Paint::kRed: return "\x1b[1;31m";
    case Paint::kYellow: return "\x1b[1;33m";
    case Paint::kGreen: return "\x1b[1;32m";
    case Paint::kCyan: return "\x1b[1;36m";
  }
  return "";
}

constexpr auto kProgressInterval = std::chrono::milliseconds(100);

}  // namespace

Console standard_console() {
  return {std::cout, std::cerr, wants_colour(STDOUT_FILENO), wants_colour(STDERR_FILENO),
          is_capable_terminal(STDERR_FILENO)};
}

std::string paint(std::string_view text, Paint colour, bool on) {
  if (!on || colour == Paint::kPlain) return std::string(text);
  return std::string(escape_of(colour)).append(text).append("\x1b[0m");
}

std::string counted(size_t count, std::string_view one, std::string_view many) {
  std::string text = std::to_string(count) + ' ';
  if (count == 1) return text.append(one);
  return many.empty() ? text.append(one) + 's' : text.append(many);
}

void report(const Console& console, std::span<const Diagnostic> diagnostics, const SourceSet& sources) {
  if (!diagnostics.empty()) console.err << render_text(diagnostics, sources, console.colour_err);
}

void report(const Console& console, const DiagnosticSink& sink) {
  report(console, sink.all());
  if (sink.dropped() > 0) console.err << "... and " << counted(sink.dropped(), "more diagnostic") << '\n';
}

Diagnostic plain_error(const std::string& message, std::string hint) {
  return data_diagnostic("VGL1201", {}, {message}).with_hint(std::move(hint));
}

int wrong_use(const Console& console, const Diagnostic& error) {
  report(console, {&error, 1});
  return kWrongUse;
}

int wrong_use(const Console& console, const std::string& message, std::string hint) {
  return wrong_use(console, plain_error(message, std::move(hint)));
}

Progress::Progress(const Console& console, size_t total, std::string_view what)
    : console_(console), total_(total), what_(what) {}

void Progress::step() {
  ++done_;
  if (!console_.shows_progress || total_ < 2) return;
  const auto now = std::chrono::steady_clock::now();
  if (shown_ && now - last_ < kProgressInterval) return;
  console_.err << '\r' << done_ << '/' << total_ << ' ' << what_ << "\x1b[K" << std::flush;
  shown_ = true;
  last_ = now;
}

void Progress::clear() {
  if (!shown_) return;
  console_.err << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace vigil::cli
