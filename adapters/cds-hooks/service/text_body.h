// SPDX-License-Identifier: Apache-2.0
// The body of a request as a std::string, for Boost.Beast. Included by session.h alone.
#pragma once

#include <algorithm>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/message.hpp>
#include <cstdint>
#include <string>

namespace vigil::hooks {

/// As Beast's string_body reads, but what comes is appended: that one fills the room with zeros first. No more than a
/// megabyte is set aside for what a head only announces. Limits are the parser's.
struct TextBody {
  using value_type = std::string;

  class reader {
   public:
    template <bool is_request, class Fields>
    reader(boost::beast::http::header<is_request, Fields>&, std::string& body) : body_(body) {}

    void init(const boost::optional<uint64_t>& length, boost::beast::error_code& error) {
      error = {};
      if (length) body_.reserve(static_cast<size_t>(std::min<uint64_t>(*length, kMostAnnounced)));
    }
    template <class Buffers>
    size_t put(const Buffers& buffers, boost::beast::error_code& error) {
      error = {};
      const size_t before = body_.size();
      for (const auto buffer : boost::beast::buffers_range_ref(buffers))
        body_.append(static_cast<const char*>(buffer.data()), buffer.size());
      return body_.size() - before;
    }
    void finish(boost::beast::error_code& error) { error = {}; }

   private:
    static constexpr uint64_t kMostAnnounced = uint64_t{1} << 20;
    std::string& body_;
  };
};

}  // namespace vigil::hooks
