// OpenSSL keeps a register of algorithms by name, beside its providers, with everything it has in
// it: each is then linked, ciphers that nobody has used for twenty years too. This takes the place
// of the functions that fill it. What TLS offers comes from the provider and stays as it is; names
// are looked up here only to verify signatures of certificates and to open keys that a passphrase
// protects.

#include <openssl/evp.h>

extern "C" {

void openssl_add_all_ciphers_int();
void openssl_add_all_digests_int();

void openssl_add_all_ciphers_int() {
  for (auto const* each :
       {EVP_aes_128_cbc(), EVP_aes_192_cbc(), EVP_aes_256_cbc(), EVP_des_ede3_cbc()}) {
    EVP_add_cipher(each);
  }
}

void openssl_add_all_digests_int() {
  for (auto const* each : {EVP_md5(), EVP_md5_sha1(), EVP_sha1(), EVP_sha224(), EVP_sha256(),
                           EVP_sha384(), EVP_sha512(), EVP_sha512_224(), EVP_sha512_256(),
                           EVP_sha3_224(), EVP_sha3_256(), EVP_sha3_384(), EVP_sha3_512()}) {
    EVP_add_digest(each);
  }
}

// The dispatch table of an algorithm that is not there.
extern void* const corunner_nothing_offered[2];
void* const corunner_nothing_offered[2] = {};

}
