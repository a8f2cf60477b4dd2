// SPDX-License-Identifier: Apache-2.0
// Makes a key pair (Curve25519) in the browser, and agrees on a secret with whoever has another. The
// private key is only handed to who asked.
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

  const BASE = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 9 : 0));

  const number = (octets) => octets.reduceRight((sum, octet) => (sum << 8n) | BigInt(octet), 0n);

  // RFC 7748, section 5.
  function multiply(secret, point) {
    const k = number(secret);
    const x1 = number(point) & (2n ** 255n - 1n);
    const mod = (value) => ((value % P) + P) % P;
    let [x2, z2, x3, z3, swap] = [1n, 0n, x1, 1n, 0n];
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
      z3 = mod(x1 * mod((da - cb) ** 2n));
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

  function fresh() {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    secret[0] &= 248;
    secret[31] = (secret[31] & 127) | 64;
    return secret;
  }

  // For browsers without X25519 in WebCrypto.
  function byHand() {
    const secret = fresh();
    return { secret: base64(secret), public: base64(multiply(secret, BASE)) };
  }

  function agreeByHand(theirs) {
    const secret = fresh();
    return { public: multiply(secret, BASE), common: multiply(secret, theirs) };
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

  // With the public key of somebody else, 32 octets: the public key of a pair that was made for this,
  // and what both pairs have in common.
  window.gatehouse.agree = async (theirs) => {
    try {
      const pair = await crypto.subtle.generateKey({ name: 'X25519' }, false, ['deriveBits']);
      const other = await crypto.subtle.importKey('raw', theirs, { name: 'X25519' }, false, []);
      const common = await crypto.subtle.deriveBits({ name: 'X25519', public: other }, pair.privateKey, 256);
      return { public: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)), common: new Uint8Array(common) };
    } catch {
      return agreeByHand(theirs);
    }
  };
  window.gatehouse.agreeByHand = agreeByHand;
})();
