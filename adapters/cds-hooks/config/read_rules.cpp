// SPDX-License-Identifier: Apache-2.0
// The part of vigil.toml on rules to settings.
#include "cds-hooks/config/read_rules.h"

#include <iterator>

namespace vigil::hooks {
namespace {

bool is_pack_id(std::string_view id) {
  return !id.empty() && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  });
}

void read_packs(TomlSection& root, Settings& settings) {
  std::vector<PackSettings> packs;
  root.each("pack", [&](TomlSection section) {
    PackSettings pack;
    section.take("id", pack.id);
    pack.title = pack.id;
    section.take("title", pack.title);
    section.take("version", pack.version);
    section.take_path("file", pack.file);
    section.take_paths("rules", pack.rules);
    section.take_path("overlay", pack.overlay);
    section.take_paths("knowledge", pack.knowledge);
    section.take_paths("valuesets", pack.value_sets);
    if (!is_pack_id(pack.id))
      section.report("`" + pack.id + "` cannot be the id of a pack",
                     "use a-z, 0-9 and hyphens: it is part of addresses");
    if (std::ranges::any_of(packs, [&](const PackSettings& other) { return other.id == pack.id; }))
      section.report("there are two packs `" + pack.id + "`", "give each an id of its own");
    if (!pack.file.empty() && !(pack.rules.empty() && pack.version.empty()))
      section.report("the pack `" + pack.id + "` is a file and rules", "give `file`, or `rules` with their `version`");
    section.finish();
    packs.push_back(std::move(pack));
  });
  if (!packs.empty()) settings.packs = std::move(packs);
}

void read_trust(TomlSection section, ActivationSettings& activation) {
  std::vector<std::string> files;
  section.take_paths("keys", files);
  for (const auto& file : files) {
    std::ifstream stream(file, std::ios::binary);
    const auto key = read_public_key(std::string(std::istreambuf_iterator<char>(stream), {}));
    if (key)
      activation.trust.keys.push_back(*key);
    else
      section.report("`" + file + "` holds no Ed25519 public key as PEM", "vigil pack keygen makes a pair");
  }
  section.take("unsigned", activation.trust.allows_unsigned);
  section.take("exact_knowledge", activation.wants_exact_knowledge);
  section.finish();
}

void read_activation(TomlSection section, ActivationSettings& activation) {
  section.take_path("folder", activation.folder);
  if (activation.folder.empty())
    section.refuse_unused({"shadow_queue", "shadow_rows"}, "without a folder: no pack can be activated",
                          "give `activation.folder`");
  section.take("shadow_queue", activation.max_queue, 1, 1'000'000);
  section.take("shadow_rows", activation.keep_rows, 1, 1'000'000'000);
  section.finish();
}

void read_hooks(TomlSection section, Settings& settings) {
  section.each_text([&](const std::string& hook, const std::string& rules_hook, const std::string& place) {
    settings.aliases.emplace_back(hook, rules_hook);
    settings.alias_places.push_back(place);
  });
}

/// A pack as a file is nobody's until a key is trusted.
void check_trust(const Settings& settings, TomlSection& root) {
  const auto& trust = settings.activation.trust;
  const bool takes_files = !settings.activation.folder.empty() ||
                           std::ranges::any_of(settings.packs, [](const auto& pack) { return !pack.file.empty(); });
  if (takes_files && trust.keys.empty() && !trust.allows_unsigned)
    root.report("packs are taken as files, and no key is trusted",
                "name public keys in [trust] keys, or state unsigned = true");
}

}  // namespace

void read_rules(TomlSection& root, Settings& settings) {
  read_hooks(root.section("hooks"), settings);
  read_packs(root, settings);
  read_trust(root.section("trust"), settings.activation);
  read_activation(root.section("activation"), settings.activation);
  check_trust(settings, root);
}

}  // namespace vigil::hooks
