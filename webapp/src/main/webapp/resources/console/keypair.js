// SPDX-License-Identifier: Apache-2.0
// Makes a key pair (Curve25519) in the browser. The private key is only handed to who asked.
(() => {
  'use strict';
  const P = 2n ** 255n - 19n;
  const A24 = 121665n;

  const base64 = (octets) => btoa(String.fromCharCode(...octets));
  const fromUrl = (text) => `${text.replaceAll('-', '+').replaceAll('_', '/')}=`;

  function power(base, exponent) {
    let result = 1n;
    for (let e = exponent, b = base; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
    return result;
  }

  // RFC 7748, section 5, with the base point 9.
  function publicKey(secret) {
    let k = 0n;
    for (let i = 31; i >= 0; i--) k = (k << 8n) | BigInt(secret[i]);
    const mod = (value) => ((value % P) + P) % P;
    let [x2, z2, x3, z3, swap] = [1n, 0n, 9n, 1n, 0n];
    for (let t = 254n; t >= 0n; t--) {
      const bit = (k >> t) & 1n;
      if (swap !== bit) [x2, z2, x3, z3] = [x3, z3, x2, z2];
      swap = bit;
      const a = mod(x2 + z2);
      const b = mod(x2 - z2);
      const aa = mod(a * a);
      const bb = mod(b * b);
      const e = mod(aa - bb);
      const da = mod(mod(x3 - z3) * a);
      const cb = mod(mod(x3 + z3) * b);
      x3 = mod((da + cb) ** 2n);
      z3 = mod(9n * mod((da - cb) ** 2n));
      x2 = mod(aa * bb);
      z2 = mod(e * (aa + A24 * e));
    }
    if (swap) [x2, z2] = [x3, z3];
    let u = mod(x2 * power(z2, P - 2n));
    return Uint8Array.from({ length: 32 }, () => {
      const octet = Number(u & 255n);
      u >>= 8n;
      return octet;
    });
  }

  // For browsers without X25519 in WebCrypto.
  function byHand() {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    secret[0] &= 248;
    secret[31] = (secret[31] & 127) | 64;
    return { secret: base64(secret), public: base64(publicKey(secret)) };
  }

  window.gatehouse.keyPair = async () => {
    try {
      const pair = await crypto.subtle.generateKey({ name: 'X25519' }, true, ['deriveBits']);
      const key = await crypto.subtle.exportKey('jwk', pair.privateKey);
      return { secret: fromUrl(key.d), public: fromUrl(key.x) };
    } catch {
      return byHand();
    }
  };
  window.gatehouse.keyPairByHand = byHand;
})();
