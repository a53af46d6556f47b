// SPDX-License-Identifier: Apache-2.0
// Packs and signatures: every byte counts, and only keys that are trusted.
#include "packs/pack_file.h"

#include <doctest/doctest.h>

#include "adapters/packs/pack_fixture.h"

using namespace vigil;

namespace {

struct Refused {
  std::string code;
  std::string message;
};

/// What open_pack() and check_signature() say; an empty code where both are content.
Refused opened(const std::string& bytes, const PackTrust& trust) {
  DiagnosticSink sink;
  const auto pack = open_pack(bytes, "x.vigilpack", sink);
  const bool good = pack && check_signature(*pack, trust, sink);
  CHECK(good == sink.all().empty());
  return good ? Refused{} : Refused{std::string(sink.all().front().code), sink.all().front().message};
}

SigningKey new_key() {
  auto key = SigningKey::generate();
  REQUIRE(key);
  return std::move(*key);
}

/// The pack with its members or manifest changed, and nothing else put right.
template <class Change>
std::string changed(PackFile pack, Change change) {
  change(pack);
  return pack.to_bytes();
}

}  // namespace

TEST_CASE("a signed pack opens for who trusts the key, and for no one else") {
  auto pack = small_pack();
  const auto key = new_key();
  const auto other = new_key();
  const PackTrust trust{{other.public_key(), key.public_key()}, false};
  CHECK(opened(pack.to_bytes(), trust).code == "VGL1243");
  CHECK(opened(pack.to_bytes(), trust).message.find("it has no signature") != std::string::npos);
  CHECK(opened(pack.to_bytes(), {{}, true}).code.empty());
  const auto digest = pack.digest();
  REQUIRE(sign_pack(pack, key));
  CHECK(pack.digest() == digest);
  CHECK(opened(pack.to_bytes(), trust).code.empty());
  const auto refused = opened(pack.to_bytes(), {{other.public_key()}, false});
  CHECK(refused.code == "VGL1243");
  CHECK(refused.message.find("signed by " + key.public_key().id()) != std::string::npos);
  REQUIRE(sign_pack(pack, other));
  REQUIRE(sign_pack(pack, other));
  CHECK(pack.signatures.size() == 2);
  CHECK(opened(pack.to_bytes(), {{key.public_key()}, false}).code.empty());
}

TEST_CASE("a tampered byte anywhere is found") {
  auto pack = small_pack();
  const auto key = new_key();
  REQUIRE(sign_pack(pack, key));
  const auto bytes = pack.to_bytes();
  for (size_t at = 0; at < bytes.size(); at += 13) {
    auto tampered = bytes;
    tampered[at] = static_cast<char>(tampered[at] ^ 1);
    CAPTURE(at);
    CHECK_FALSE(opened(tampered, {{key.public_key()}, false}).code.empty());
  }
}

TEST_CASE("VGL1242: files that are missing, too many, or of another content") {
  const PackTrust any{{}, true};
  const auto pack = small_pack();
  CHECK(opened(changed(pack, [](PackFile& p) { p.members[1].bytes[0] = 'x'; }), any).message ==
        "`one.vigil` is not what the pack's manifest says: its digest is another");
  CHECK(opened(changed(pack, [](PackFile& p) { p.members[1].bytes += ' '; }), any).message ==
        "`one.vigil` is not what the pack's manifest says: its size is another");
  CHECK(opened(changed(pack, [](PackFile& p) { p.members.erase(p.members.begin()); }), any).message ==
        "`README.md` is not what the pack's manifest says: it is missing");
  CHECK(opened(changed(pack, [](PackFile& p) { p.members.pop_back(); }), any).message ==
        "`one.vigil` is not what the pack's manifest says: it is missing");
  for (const std::string path : {"a.md", "zz.md"}) {
    const auto refused = opened(changed(pack,
                                        [&](PackFile& p) {
                                          p.members.push_back({path, "x"});
                                          std::ranges::sort(p.members, {}, &PackMember::path);
                                        }),
                                any);
    CHECK(refused.code == "VGL1242");
    CHECK(refused.message.find("`" + path + "`") == 0);
  }
}

TEST_CASE("a signature of a trusted key that does not hold is never passed over") {
  auto pack = small_pack();
  const auto key = new_key();
  const auto other = new_key();
  REQUIRE(sign_pack(pack, key));
  REQUIRE(sign_pack(pack, other));
  for (auto& signature : pack.signatures)
    if (signature.key == key.public_key().id()) signature.bytes[5] = static_cast<char>(signature.bytes[5] ^ 1);
  const auto refused = opened(pack.to_bytes(), {{key.public_key(), other.public_key()}, true});
  CHECK(refused.code == "VGL1243");
  CHECK(refused.message.find("does not hold") != std::string::npos);
}

TEST_CASE("VGL1247: neither an older version nor other content of the same") {
  const auto pack = small_pack("1.10.0");
  const auto goes = [&](const PackInForce& in_force) {
    DiagnosticSink sink;
    const bool may = check_upgrade(pack, in_force, sink);
    CHECK(may == !sink.has_errors());
    if (!may) CHECK(sink.all()[0].code == "VGL1247");
    return may;
  };
  CHECK(goes({"1.9.0", "x"}));
  CHECK(goes({"", ""}));
  CHECK(goes({"1.10.0", pack.digest()}));
  CHECK(goes({"1.10.0-rc1", "x"}));
  CHECK_FALSE(goes({"1.10.0", "x"}));
  CHECK_FALSE(goes({"1.10.1", "x"}));
  CHECK_FALSE(goes({"2.0.0", ""}));
}

TEST_CASE("VGL1241: manifests that are none") {
  const PackTrust any{{}, true};
  const auto refuse = [&](const std::string& manifest) {
    return opened(changed(small_pack(), [&](PackFile& p) { p.manifest_text = manifest; }), any);
  };
  CHECK(refuse("[]").message == "`x.vigilpack` is no rule pack: its manifest is no JSON object");
  CHECK(refuse("{\"format\":\"vigil-pack-2\"}").message.find("not of the format vigil-pack-1") != std::string::npos);
  CHECK(refuse(R"({"format":"vigil-pack-1","name":"a b"})").message.find("lacks a `name`") != std::string::npos);
  CHECK(refuse(std::string(200, '[') + std::string(200, ']')).code == "VGL1241");
  CHECK(opened(write_archive({{"other.json", "{}"}}), any).message.find("does not begin with its manifest") !=
        std::string::npos);
  CHECK(opened(write_archive({{"manifest.json", "{}"}, {"signatures.json", "[]"}}), any).message.find("signatures") !=
        std::string::npos);
}

TEST_CASE("keys as PEM come back; other texts and other kinds of keys do not") {
  const auto key = new_key();
  const auto again = SigningKey::read(key.to_pem());
  REQUIRE(again);
  CHECK(again->public_key() == key.public_key());
  CHECK(read_public_key(key.public_key().to_pem()) == key.public_key());
  CHECK(verify_signature(key.public_key(), "text", again->sign("text")));
  CHECK_FALSE(verify_signature(key.public_key(), "texts", again->sign("text")));
  CHECK_FALSE(verify_signature(key.public_key(), "text", "short"));
  CHECK_FALSE(read_public_key("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"));
  CHECK_FALSE(read_public_key(key.to_pem()));
  CHECK_FALSE(SigningKey::read(key.public_key().to_pem()));
  // P-256: openssl ecparam -name prime256v1 -genkey -noout | openssl ec -pubout
  CHECK_FALSE(
      read_public_key("-----BEGIN PUBLIC KEY-----\n"
                      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEKtjGqcmUDvAnCHG2bMZ7dmJcNlj5\n"
                      "2ALy3w1kjVdb6ZJ1Chh0VqX5Z7Tg7F1c5JpLkGkqN0s1Q2zqv8YwYb7uYQ==\n"
                      "-----END PUBLIC KEY-----\n"));
}

TEST_CASE("RFC 8032, 7.1, test 2: the signature is Ed25519's") {
  // The seed 4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb in PKCS #8; the message is one byte.
  const auto key = SigningKey::read(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n-----END PRIVATE "
      "KEY-----\n");
  REQUIRE(key);
  const auto signature = key->sign("\x72");
  std::string hex;
  for (const char c : signature.substr(0, 8)) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(c) >> 4];
    hex += kDigits[static_cast<unsigned char>(c) & 15];
  }
  CHECK(hex == "92a009a9f0d4cab8");
}
