// SPDX-License-Identifier: Apache-2.0
// What the context of each hook holds (the CDS Hooks hook library; CDS Hooks 2.0.1, "HTTP Request").
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace vigil::hooks {

/// How a field of a context is written.
enum class FieldShape : uint8_t {
  kUser,        ///< "Practitioner/1"
  kId,          ///< a bare id; "Patient/1" is taken for one too
  kReference,   ///< "Type/id"
  kReferences,  ///< array of "Type/id"
  kResources,   ///< a resource or a Bundle of them
};

/// What a field is to the evaluation.
enum class FieldRole : uint8_t {
  kName,        ///< says who or where
  kOrders,      ///< resources under review, taken as drafts
  kSelections,  ///< which of the orders are under review
  kDispatched,  ///< orders of the record that are under review
  kRecord,      ///< resources that join the record
};

struct ContextField {
  std::string_view name;
  FieldShape shape;
  FieldRole role;
  bool required;
  /// Whether a prefetch template may name it: root-level primitives marked so by the hook's definition.
  bool is_token;
  std::string_view alias = {};  ///< another name it goes by in earlier definitions and in published examples
};

struct HookContext {
  std::string_view hook;
  std::span<const ContextField> fields;
  std::string_view version;  ///< of its definition, as published; empty where there is none
};

/// The context of a hook of the library; that of any other hook has patientId, userId and encounterId, all optional
/// but the first, and its Bundles and resources join the record.
const HookContext& hook_context(std::string_view hook);
/// The version of the hook's published definition; empty for hooks of one's own.
std::string_view published_version(std::string_view hook);
/// Whether the orders under review are resources of the context.
bool brings_orders(const HookContext& context);
/// Whether the library defines the hook.
bool is_known_hook(std::string_view hook);
/// The row of the field of this name or alias; null where the context has none.
const ContextField* find_field(const HookContext& context, std::string_view name);

}  // namespace vigil::hooks
