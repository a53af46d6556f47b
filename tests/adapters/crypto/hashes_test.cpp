// SPDX-License-Identifier: Apache-2.0
// Digests by their published values, and hexadecimal digits.
#include "crypto/hashes.h"

#include <doctest/doctest.h>

using namespace vigil;

TEST_CASE("SHA-256 gives the published values (FIPS 180-4)") {
  CHECK(crypto::to_hex(crypto::sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(crypto::to_hex(crypto::sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("HMAC gives the published values (RFC 4231, test cases 2 and 6)") {
  CHECK(crypto::to_hex(crypto::hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(crypto::to_hex(
            crypto::hmac_sha256(std::string(131, '\xAA'), "Test Using Larger Than Block-Size Key - Hash Key First")) ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("each HMAC is of its own key, also of none") {
  const auto of_none = crypto::hmac_sha256({}, "text");
  CHECK(of_none != crypto::hmac_sha256("key", "text"));
  CHECK(of_none == crypto::hmac_sha256({}, "text"));
  CHECK(of_none == crypto::hmac_sha256("", "text"));
  CHECK(crypto::hmac_sha256("key", "") != crypto::hmac_sha256("key", "text"));
}

TEST_CASE("hexadecimal digits there and back") {
  const std::string bytes("\0\x7F\xFF", 3);
  CHECK(crypto::to_hex(bytes) == "007fff");
  CHECK(crypto::from_hex("007FfF") == bytes);
  CHECK(crypto::from_hex("").value() == "");
  for (const auto* const wrong : {"0", "0g", "-1", " 1", "0x"}) CHECK_FALSE(crypto::from_hex(wrong));
}

TEST_CASE("a hash is 32 bytes") {
  const auto hash = crypto::sha256("abc");
  CHECK(crypto::to_hash(crypto::bytes_of(hash)) == hash);
  CHECK_FALSE(crypto::to_hash(crypto::bytes_of(hash).substr(1)));
  CHECK_FALSE(crypto::to_hash({}));
}

TEST_CASE("a number has all its digits") {
  CHECK(crypto::to_hex(uint64_t{0}) == "0000000000000000");
  CHECK(crypto::to_hex(uint64_t{0x01ab}) == "00000000000001ab");
  CHECK(crypto::to_hex(uint64_t{0xFEDCBA9876543210}) == "fedcba9876543210");
}
