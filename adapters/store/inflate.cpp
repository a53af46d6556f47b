// SPDX-License-Identifier: Apache-2.0
// The only file that knows zlib.
#include "store/inflate.h"

#include <zlib.h>

#include <algorithm>

namespace vigil::store {

struct Inflater::Stream {
  z_stream z{};
};

namespace {

constexpr int kGzip = 16 + MAX_WBITS;
constexpr size_t kPiece = size_t{1} << 30;  // zlib counts in 32 bits

}  // namespace

Inflater::Inflater(std::string_view compressed) : compressed_(compressed), stream_(std::make_unique<Stream>()) {
  if (inflateInit2(&stream_->z, kGzip) != Z_OK) problem_ = "no memory";
}

Inflater::~Inflater() { inflateEnd(&stream_->z); }

size_t Inflater::used() const { return given_ - stream_->z.avail_in; }

bool Inflater::refill() {
  z_stream& z = stream_->z;
  if (z.avail_in > 0) return true;
  const size_t piece = std::min(kPiece, compressed_.size() - given_);
  if (piece == 0) return false;
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed_.data() + given_));
  z.avail_in = static_cast<uInt>(piece);
  given_ += piece;
  return true;
}

bool Inflater::read(std::string& text, size_t size) {
  z_stream& z = stream_->z;
  if (is_at_end_ || !problem_.empty()) return false;
  const size_t begin = text.size();
  text.resize(begin + size);
  z.next_out = reinterpret_cast<Bytef*>(text.data() + begin);
  z.avail_out = static_cast<uInt>(size);
  while (z.avail_out > 0 && problem_.empty()) {
    if (!refill()) {
      problem_ = "it is cut off";
      break;
    }
    const int status = inflate(&z, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      is_at_end_ = !refill();
      if (is_at_end_) break;
      inflateReset(&z);  // another member follows
    } else if (status != Z_OK) {
      problem_ = z.msg != nullptr ? z.msg : "it is no gzip";
    }
  }
  text.resize(begin + size - z.avail_out);
  return problem_.empty();
}

}  // namespace vigil::store
