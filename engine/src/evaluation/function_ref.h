// SPDX-License-Identifier: Apache-2.0
// A reference to something callable, for parameters: two words, nothing owned, nothing allocated.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace vigil {

template <class Signature>
class FunctionRef;

/// Valid as long as what it refers to:
///
///   void each(FunctionRef<void(int)> visit);
///   each([&](int i) { sum += i; });
template <class Result, class... Arguments>
class FunctionRef<Result(Arguments...)> {
 public:
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, FunctionRef>)
      // Made where a lambda is passed; a copy is no callable of another type: clang-tidy 14 sees no constraints.
      FunctionRef(Callable&& callable)  // NOLINT(google-explicit-constructor, bugprone-forwarding-reference-overload)
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
        call_([](void* object, Arguments... arguments) -> Result {
          return (*static_cast<std::remove_reference_t<Callable>*>(object))(std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const { return call_(object_, std::forward<Arguments>(arguments)...); }

 private:
  void* object_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace vigil
